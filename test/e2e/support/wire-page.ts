import { readFileSync, writeFileSync } from 'node:fs';
import type { SipMessage } from '@legato/sip';
import { serialize } from '@legato/sip';
import type { Cast } from '../../../apps/demo/src/ladder';
import { messagesOf } from '../../../apps/demo/src/ladder';
import { StableNames } from '../../flow/support/flow-page';

/** `LEGATO_WRITE_FLOWS=1 npx jest <spec>` writes the page anew. */
const IS_WRITING = process.env['LEGATO_WRITE_FLOWS'] === '1';
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
/** What the media server has measured differs from run to run. */
const MEASURED = /(<name>[^<]*\.(?:len|duration|amt)<\/name>\s*<value>)[^<]+/g;
const RPORT = /;rport=\d+/g;
const LENGTH = /^Content-Length: \d+\r\n/m;
const SDP = 'application/sdp';

/** A request with its final answer. */
interface Exchange {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly request: SipMessage;
  answer?: SipMessage;
}

/** docs/rest-to-wire.md as it is made: REST as it is sent, and what then passed the wire. */
export class WirePage {
  private readonly lines: string[] = [];
  private readonly names = new StableNames();
  private readonly shown = new Set<string>();

  /** `places`: what stands in the page for addresses and folders of the run. */
  constructor(
    private readonly cast: Cast,
    private readonly places: Readonly<Record<string, string>>,
  ) {}

  /** Text of the page itself. */
  say(...lines: readonly string[]): void {
    this.lines.push(...lines, '');
  }

  rest(method: string, path: string, body: unknown, status: number, answer: unknown): void {
    const json = (value: unknown) => JSON.stringify(value, null, 2);
    const asked = body === undefined ? '' : `\n\n${json(body)}`;
    this.say('```http', this.stable(`${method} ${path} HTTP/1.1${asked}`), '```');
    this.say(`${status}:`, '', '```json', this.stable(json(answer)), '```');
  }

  /**
   * What passed the wire since the last time: the exchanges up to the one that completes `wanted`, each a word in a request.
   * False, and nothing is shown, as long as one of them has no answer yet.
   */
  wire(capture: Buffer, wanted: readonly string[]): boolean {
    const fresh = this.exchangesOf(capture).filter(({ key }) => !this.shown.has(key));
    const isAnswered = ({ request, answer }: Exchange) => answer ?? request.cseq.method === 'ACK';
    const has = (word: string) => fresh.some(({ request }) => serialize(request).includes(word));
    if (!wanted.every(has) || !fresh.every(isAnswered)) return false;
    for (const { key, from, to, request, answer } of fresh) {
      this.shown.add(key);
      this.message(from, to, request);
      if (answer) this.message(to, from, answer);
    }
    return true;
  }

  /** Compares the page with what is there, or writes it. */
  check(path: string): void {
    const page = this.lines.join('\n').trimEnd().concat('\n');
    if (IS_WRITING) writeFileSync(path, page);
    expect(page).toBe(readFileSync(path, 'utf8'));
  }

  private message(from: string, to: string, message: SipMessage): void {
    const title = message.kind === 'request' ? message.method : `${message.status} to ${message.cseq.method}`;
    const isSdp = message.contentType === SDP;
    const text = serialize(message).toString('utf8').replace(LENGTH, '');
    const end = text.indexOf('\r\n\r\n');
    const head = text.slice(0, end + 4);
    const shown = isSdp ? `${head}(session description)` : `${head}${indented(text.slice(end + 4))}`;
    this.say(`${from} to ${to}: ${title}`, '', '```text', this.stable(shown).trimEnd(), '```');
  }

  /** Requests of calls in order, each with its final answer; repetitions, probes and audits are left out. */
  private exchangesOf(capture: Buffer): Exchange[] {
    const found = new Map<string, Exchange>();
    for (const { fromPort, toPort, message } of messagesOf(capture)) {
      const { method, number } = message.cseq;
      const isRequest = message.kind === 'request';
      const [asker, asked] = isRequest ? [fromPort, toPort] : [toPort, fromPort];
      const key = [asker, asked, message.callId, number, method].join(' ');
      const known = found.get(key);
      if (isRequest && !known && !isHousekeeping(message))
        found.set(key, { key, from: this.nameOf(asker), to: this.nameOf(asked), request: message });
      else if (!isRequest && known && message.status >= 200) known.answer ??= message;
    }
    return [...found.values()];
  }

  private nameOf(port: number): string {
    return this.cast.find((each) => each.port === port)?.name ?? String(port);
  }

  private stable(text: string): string {
    let result = text.replaceAll('\r\n', '\n');
    for (const [real, written] of Object.entries(this.places)) result = result.replaceAll(real, written);
    return this.names.replaceIn(
      result.replace(TIME, '…').replace(RPORT, ';rport=…').replace(MEASURED, '$1…'),
    );
  }
}

const isHousekeeping = ({ cseq, body }: SipMessage): boolean =>
  cseq.method === 'OPTIONS' || Buffer.from(body).includes('<audit');

/** XML with an element a line. */
function indented(xml: string): string {
  let depth = 0;
  return xml
    .replaceAll(/>\s*</g, '>\n<')
    .split('\n')
    .map((line) => {
      if (line.startsWith('</')) depth -= 1;
      const indent = '  '.repeat(depth);
      const opens = /^<[^?!/]/.test(line) && !line.endsWith('/>') && !line.includes('</');
      if (opens) depth += 1;
      return indent + line;
    })
    .join('\n');
}
