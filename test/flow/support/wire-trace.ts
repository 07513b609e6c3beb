import type { Address, SipMessage } from '@legato/sip';
import { isFlow, serialize } from '@legato/sip';
import type { FlowWorld } from './flow-world';

const LEGATO_NAME = 'Legato';
const MSML_ELEMENT = /<(?!\?|\/|msml\b)([a-z]+)/;

interface Step {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Undefined for a note. */
  readonly text?: string;
}

/** Names of random values by what stands before them. */
const KINDS: Readonly<Record<string, string>> = { z9hG4bK: 'branch', ';tag=': 'tag', 'Call-ID: ': 'call-id' };

/** Gives each random value of a trace a name that is the same in every run, in the order of appearance. */
class StableNames {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  replaceIn(text: string): string {
    return text
      .replace(
        /(z9hG4bK|;tag=|Call-ID: |\b)([0-9a-f]{24,40})\b/g,
        (_all, before: string, value: string) => before + this.nameOf(value, KINDS[before] ?? 'token'),
      )
      .replace(/\b(call|rec)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id, kind: string) =>
        this.nameOf(id, kind),
      );
  }

  private nameOf(value: string, kind: string): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const name = `${kind}-${count}`;
    this.names.set(value, name);
    return name;
  }
}

function bodyLabel({ contentType, body }: SipMessage): string {
  if (body.length === 0) return '';
  if (contentType === 'application/sdp') return ' (SDP)';
  const text = Buffer.from(body).toString('utf8');
  const element = MSML_ELEMENT.exec(text)?.[1] ?? contentType ?? '';
  const detail = /<event name="([^"]+)"/.exec(text)?.[1] ?? /<result response="(\d+)"/.exec(text)?.[1] ?? '';
  return ` (MSML ${element}${detail === '' ? '' : ` ${detail}`})`;
}

function labelOf(message: SipMessage): string {
  const line =
    message.kind === 'request'
      ? message.method
      : `${message.status} ${message.reason} to ${message.cseq.method}`;
  return line + bodyLabel(message);
}

/** Everything that passes the wire of a {@link FlowWorld}, in order, for a page of docs/flows. */
export class WireTrace {
  private readonly steps: Step[] = [];
  private readonly startMs: number;

  /** `participants`: `host:port` to name, in the order of the ladder. */
  constructor(
    private readonly world: FlowWorld,
    private readonly participants: Readonly<Record<string, string>>,
  ) {
    this.startMs = world.clock.now();
    const { transport } = world;
    const inject = transport.inject.bind(transport);
    transport.inject = (input, source) => {
      if (typeof input !== 'string' && !Buffer.isBuffer(input) && source)
        this.record(this.nameOf(source), LEGATO_NAME, input);
      inject(input, source);
    };
    const deliver = transport.onSend;
    transport.onSend = (sent) => {
      this.record(LEGATO_NAME, this.nameOf(isFlow(sent.to) ? sent.to.remote : sent.to), sent.message);
      deliver?.(sent);
    };
  }

  /** What an application does by REST. */
  note(text: string): void {
    this.steps.push({ atMs: this.elapsedMs, from: LEGATO_NAME, to: LEGATO_NAME, label: text });
  }

  /** The page: a ladder, then each message. */
  toMarkdown(title: string, about: string): string {
    const names = new StableNames();
    const numbered = this.steps.map((step) => ({
      ...step,
      label: names.replaceIn(step.label),
      ...(step.text !== undefined && { text: names.replaceIn(step.text) }),
    }));
    let number = 0;
    const messages: string[] = [];
    const ladder = numbered.map(({ from, to, label, text, atMs }) => {
      if (text === undefined) return `  Note over ${to}: ${label}`;
      number += 1;
      messages.push(
        `### F${number} ${label}: ${from} to ${to}, ${atMs} ms`,
        '',
        '```text',
        text.replaceAll('\r\n', '\n').trimEnd(),
        '```',
        '',
      );
      return `  ${from}${label.startsWith('INVITE') || !/^\d/.test(label) ? '->>' : '-->>'}${to}: F${number} ${label}`;
    });
    return [
      `# ${title}`,
      '',
      about,
      '',
      'Made by `test/flow/wire-traces.spec.ts` from what passes the wire; random values have names here.',
      '',
      '```mermaid',
      'sequenceDiagram',
      ...this.order().map((name) => `  participant ${name}`),
      ...ladder,
      '```',
      '',
      ...messages,
    ]
      .join('\n')
      .trimEnd()
      .concat('\n');
  }

  private order(): string[] {
    const [first, ...others] = Object.values(this.participants);
    return [first ?? '', LEGATO_NAME, ...others];
  }

  private get elapsedMs(): number {
    return this.world.clock.now() - this.startMs;
  }

  private nameOf({ host, port }: Address): string {
    return this.participants[`${host}:${port}`] ?? `${host}:${port}`;
  }

  private record(from: string, to: string, message: SipMessage): void {
    const text = serialize(message).toString('utf8');
    this.steps.push({ atMs: this.elapsedMs, from, to, label: labelOf(message), text });
  }
}
