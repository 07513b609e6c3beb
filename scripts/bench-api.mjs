#!/usr/bin/env node
/**
 * The product through its REST interface: both applications built, as processes of their own, SIPp as the party of each
 * call. Prints tables and writes bench-out/bench-api.json. Nothing here passes or fails on time, but what got lost is an
 * error: compare ratios on one machine. The parties say nothing, so no RTP arrives at the media server.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Api, Heard, inParallel, percentiles } from './bench-client.mjs';
import { cpuMs, killAll, sleep, startApp, startCallee, startRedis, until } from './bench-processes.mjs';

const usage = `Usage: npm run bench:api -- [options]
  --calls 200        live anchored calls of one party each; all of them are recorded, then meet in rooms of ten
  --record 10        seconds that each recording lasts
  --readers 100      readers of /v1/events/stream
  --seconds 10       how long events are made for the readers, and again for the webhook
  --concurrency 8    requests under way at a time
  --store redis      redis or memory
  --out bench-out    where bench-api.json goes`;

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '200' },
    record: { type: 'string', default: '10' },
    readers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    concurrency: { type: 'string', default: '8' },
    store: { type: 'string', default: 'redis' },
    out: { type: 'string', default: 'bench-out' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const ROOM = 10;
const WARM_UP_CALLS = 10;
const [calls, readers, concurrency] = [options.calls, options.readers, options.concurrency].map(Number);
const [recordMs, eventsMs] = [options.record, options.seconds].map((seconds) => Number(seconds) * 1000);
const tell = (line) => process.stderr.write(`${line}\n`);

async function makeCalls({ api, callee }, count) {
  const asked = { from: 'sip:bench@example.com', to: [callee], mode: 'anchored' };
  const made = await inParallel(concurrency, Array.from({ length: count }), () =>
    api.send('POST', '/v1/calls', asked),
  );
  const ids = made.map(({ id }) => id);
  await until('the calls are in progress', async () => {
    const states = await inParallel(concurrency, ids, (id) => api.send('GET', `/v1/calls/${id}`));
    const ended = states.find(({ state }) => state === 'ended');
    if (ended) tell(`a call ended early: ${JSON.stringify(ended.sip)}`);
    return states.every(({ state }) => state === 'in_progress');
  });
  return ids;
}

async function endCalls({ api, heard }, ids) {
  await inParallel(concurrency, ids, (id) => api.send('POST', `/v1/calls/${id}/hangup`));
  await heard.all('call.ended', ids);
}

/** Each call is recorded for a while: how soon it was accepted, how soon the media server recorded. */
async function record({ api, heard, control, media }, ids, forMs) {
  const cpu = () => ({ control: cpuMs(control), media: cpuMs(media) });
  const before = cpu();
  const begun = await inParallel(concurrency, ids, async (call) => {
    const askedAt = performance.now();
    const { id } = await api.send('POST', `/v1/calls/${call}/recordings`, { channels: 'mono' });
    return { id, askedAt, acceptedMs: performance.now() - askedAt };
  });
  const recordings = begun.map(({ id }) => id);
  await heard.all('recording.started', recordings);
  await sleep(forMs);
  await inParallel(concurrency, recordings, (id) => api.send('POST', `/v1/recordings/${id}/stop`));
  await heard.all('recording.completed', recordings);
  const after = cpu();
  const perCall = (of) => Number(((after[of] - before[of]) / ids.length).toFixed(1));
  return {
    calls: ids.length,
    accepted: percentiles(begun.map(({ acceptedMs }) => acceptedMs)),
    started: percentiles(begun.map(({ id, askedAt }) => heard.at.get(`recording.started ${id}`) - askedAt)),
    recordedSeconds: forMs / 1000,
    controlPlaneCpuMsPerCall: perCall('control'),
    mediaServerCpuMsPerCall: perCall('media'),
  };
}

/** The calls meet in rooms of ten. */
async function join10({ api, heard }, ids) {
  const names = Array.from({ length: Math.ceil(ids.length / ROOM) }, (_, index) => `bench-${index}`);
  const rooms = await inParallel(concurrency, names, (name) =>
    api.send('POST', '/v1/conferences', { name, speaker_interval_ms: 0 }),
  );
  const began = performance.now();
  const pairs = ids.map((call, index) => ({ call, room: rooms[index % rooms.length].id }));
  const joined = await inParallel(concurrency, pairs, async ({ call, room }) => {
    const body = { call_id: call };
    const participant = await api.send('POST', `/v1/conferences/${room}/participants`, body);
    return `/v1/conferences/${room}/participants/${participant.id}`;
  });
  await heard.all(
    'participant.joined',
    joined.map((path) => path.slice(path.lastIndexOf('/') + 1)),
  );
  const seconds = (performance.now() - began) / 1000;
  return { joins: ids.length, rooms: rooms.length, joinsPerSecond: Math.round(ids.length / seconds), joined };
}

/** Makes events for so long: everybody is muted and unmuted by turns. How many there were. */
async function makeEvents({ api, heard }, participants, forMs) {
  const before = heard.count('participant.updated');
  const end = performance.now() + forMs;
  let asked = 0;
  for (let muted = true; performance.now() < end; muted = !muted) {
    await inParallel(concurrency, participants, async (path) => {
      if (performance.now() > end) return;
      await api.send('PATCH', path, { muted });
      asked += 1;
    });
    // A change that overtakes another of the same participant makes one event of two.
    await until('the changes are done', () => heard.count('participant.updated') - before >= asked);
  }
  return heard.count('participant.updated') - before;
}

async function toReaders(bench, participants) {
  const counts = new Array(readers).fill(0);
  const closers = [];
  for (let index = 0; index < readers; index += 1) {
    closers.push(await bench.api.count('participant.updated', () => (counts[index] += 1)));
  }
  const began = performance.now();
  const events = await makeEvents(bench, participants, eventsMs);
  await until('every reader has every event', () => counts.every((count) => count >= events));
  const seconds = (performance.now() - began) / 1000;
  for (const close of closers) close();
  const delivered = counts.reduce((sum, count) => sum + count, 0);
  return {
    readers,
    eventsPerSecond: Math.round(events / seconds),
    deliveredPerSecond: Math.round(delivered / seconds),
    lost: readers * events - delivered,
  };
}

async function toWebhook(bench, participants) {
  const received = new Set();
  const server = createServer((request, response) => {
    received.add(request.headers['webhook-id']);
    request.resume().once('end', () => response.writeHead(204).end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const webhook = await bench.api.send('POST', '/v1/webhooks', { url, events: ['participant.updated'] });
  const began = performance.now();
  const events = await makeEvents(bench, participants, eventsMs);
  await until('every event is delivered', () => received.size >= events);
  const seconds = (performance.now() - began) / 1000;
  await fetch(`${bench.api.base}/v1/webhooks/${webhook.id}`, { method: 'DELETE' });
  server.closeAllConnections();
  server.close();
  return { webhooks: events, perSecond: Math.round(events / seconds), lost: events - received.size };
}

async function open(folder) {
  const recordings = join(folder, 'recordings');
  mkdirSync(recordings);
  const store = options.store === 'redis' ? await startRedis(folder) : {};
  const media = await startApp('media-server', {
    LEGATO_MS_SIP_PORT: '0',
    LEGATO_MS_RECORDINGS_DIR: recordings,
  });
  const control = await startApp('control-plane', {
    ...store,
    LEGATO_SIP_PORT: '0',
    LEGATO_HTTP_PORT: '0',
    LEGATO_API_RATE: '0',
    LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
    LEGATO_WEBHOOK_ALLOW: '127.0.0.1',
  });
  const api = new Api(control.http);
  await until('a media server is there', async () => (await fetch(`${control.http}/readyz`)).ok);
  const heard = new Heard();
  const close = await api.stream((type, text) => heard.take(type, text));
  return { api, heard, control, media, close, callee: await startCallee(folder) };
}

async function measure(bench) {
  // A few calls first: the figures are those of compiled code.
  const first = await makeCalls(bench, WARM_UP_CALLS);
  await record(bench, first, 0);
  await endCalls(bench, first);
  const ids = await makeCalls(bench, calls);
  tell(`${calls} calls are up`);
  const recording = await record(bench, ids, recordMs);
  tell(`recorded: ${JSON.stringify(recording)}`);
  const { joined, ...conference } = await join10(bench, ids);
  tell(`joined: ${JSON.stringify(conference)}`);
  const events = await toReaders(bench, joined);
  tell(`events: ${JSON.stringify(events)}`);
  const webhooks = await toWebhook(bench, joined);
  await endCalls(bench, ids);
  return { recording, conference, events, webhooks };
}

const folder = mkdtempSync(join(tmpdir(), 'legato-bench-api-'));
try {
  const bench = await open(folder);
  const measured = await measure(bench);
  bench.close();
  const { accepted, started, ...cpu } = measured.recording;
  console.table({ 'POST answered': accepted, 'recording started': started });
  console.table([cpu]);
  for (const part of [measured.conference, measured.events, measured.webhooks]) console.table([part]);
  const results = { node: process.version, store: options.store, ...measured };
  const out = resolve(root, options.out);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'bench-api.json'), `${JSON.stringify(results, null, 2)}\n`);
} finally {
  killAll();
  await sleep(200);
  rmSync(folder, { recursive: true, force: true });
}
process.exit(process.exitCode ?? 0);
