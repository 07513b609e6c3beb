/** What the benches say to the REST interface, and hear from it. */
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { until } from './bench-processes.mjs';

const EVENT_PAGE = 1000;
const JSON_TYPE = { 'content-type': 'application/json' };

/** Several requests under way at a time, each item once. */
export async function inParallel(concurrency, items, work) {
  const results = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return results;
}

/** The median of some times in milliseconds, and what one in a hundred exceeds. */
export function percentiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(1));
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** REST, and the events. */
export class Api {
  constructor(base) {
    this.base = base;
  }

  async send(method, path, body) {
    const content = body === undefined ? {} : { headers: JSON_TYPE, body: JSON.stringify(body) };
    const response = await fetch(`${this.base}${path}`, { method, ...content });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** The cursor of the newest event. */
  async now() {
    let cursor = '';
    for (let more = true; more;) {
      const page = await this.send(
        'GET',
        `/v1/events?limit=${EVENT_PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      cursor = page.next_cursor ?? cursor;
      more = page.has_more;
    }
    return cursor;
  }

  /** Server-sent events from now on: `take` gets the name and the document of each. */
  async stream(take) {
    const response = await this.openStream();
    let name = '';
    const lines = createInterface({ input: response });
    lines
      .on('error', () => undefined)
      .on('line', (line) => {
        if (line.startsWith('event: ')) name = line.slice('event: '.length);
        else if (line.startsWith('data: ')) take(name, line.slice('data: '.length));
      });
    return () => response.destroy();
  }

  /** Counts the events of a type from now on, and reads nothing else of them: a hundred of these cost little. */
  async count(type, counted) {
    const response = await this.openStream();
    const mark = Buffer.from(`event: ${type}\n`);
    let rest = Buffer.alloc(0);
    response.on('data', (chunk) => {
      const bytes = Buffer.concat([rest, chunk]);
      for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) counted();
      rest = bytes.subarray(Math.max(0, bytes.length - mark.length + 1));
    });
    return () => response.destroy();
  }

  async openStream() {
    const path = `/v1/events/stream?cursor=${encodeURIComponent(await this.now())}`;
    const response = await new Promise((resolve, reject) =>
      get(`${this.base}${path}`, { agent: false }, resolve).once('error', reject),
    );
    if (response.statusCode !== 200) throw new Error(`stream: ${response.statusCode}`);
    return response.on('error', () => undefined);
  }
}

/** When which event was heard first: by its type and the id of what it is about. */
export class Heard {
  at = new Map();
  counts = new Map();

  take(type, text) {
    const { data } = JSON.parse(text);
    const about = data.recording_id ?? data.participant_id ?? data.call_id;
    const key = `${type} ${about}`;
    if (!this.at.has(key)) this.at.set(key, performance.now());
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
  }

  count(type) {
    return this.counts.get(type) ?? 0;
  }

  all(type, ids) {
    return until(`${type} of ${ids.length}`, () => ids.every((id) => this.at.has(`${type} ${id}`)));
  }
}
