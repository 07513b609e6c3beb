import type { SipMessage } from '@legato/sip';
import { serialize } from '@legato/sip';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../../docs/flows');
/** `LEGATO_WRITE_FLOWS=1 npx jest <spec>` writes its pages anew. */
const IS_WRITING = process.env['LEGATO_WRITE_FLOWS'] === '1';
const MSML_ELEMENT = /<(?!\?|\/|msml\b)([a-z]+)/;

export interface FlowPageOptions {
  /** `host:port` to name, in the order of the ladder. */
  readonly participants: Readonly<Record<string, string>>;
  /** The spec that makes the page. */
  readonly madeBy: string;
}

interface Step {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Undefined for a note. */
  readonly text?: string;
}

/** Names of random values by what stands before them. */
const KINDS: Readonly<Record<string, string>> = {
  z9hG4bK: 'branch',
  ';tag=': 'tag',
  'Call-ID: ': 'call-id',
  'nonce="': 'nonce',
  'response="': 'digest',
};

/** Gives each random value of a trace a name that is the same in every run, in the order of appearance. */
export class StableNames {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  replaceIn(text: string): string {
    return text
      .replace(
        /(z9hG4bK|;tag=|Call-ID: |nonce="|response="|\b)([0-9a-f]{24,68})(?=p*\b)/g,
        (_all, before: string, value: string) => before + this.nameOf(value, KINDS[before] ?? 'token'),
      )
      .replace(
        /\b(call|rec|collect|conf|part)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
        (id, kind: string) => this.nameOf(id, kind),
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

/** A page of docs/flows: a ladder, then each message that passed the wire. */
export class FlowPage {
  private readonly steps: Step[] = [];

  constructor(private readonly options: FlowPageOptions) {}

  /** A message from one `host:port` to another, `atMs` after the beginning. */
  record(from: string, to: string, message: SipMessage, atMs: number): void {
    const text = serialize(message).toString('utf8');
    this.steps.push({ atMs, from: this.nameOf(from), to: this.nameOf(to), label: labelOf(message), text });
  }

  /** What somebody does beside SIP: an application by REST, for example. */
  note(over: string, text: string, atMs: number): void {
    this.steps.push({ atMs, from: over, to: over, label: text });
  }

  /** Compares the page docs/flows/`name`.md with what passed the wire, or writes it. Throws when they differ. */
  check(name: string, title: string, about: string): void {
    const path = join(FOLDER, `${name}.md`);
    const page = this.toMarkdown(title, about);
    if (IS_WRITING) writeFileSync(path, page);
    expect(readFileSync(path, 'utf8')).toBe(page);
  }

  private toMarkdown(title: string, about: string): string {
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
      `Made by \`${this.options.madeBy}\` from what passes the wire; random values have names here.`,
      '',
      '```mermaid',
      'sequenceDiagram',
      ...Object.values(this.options.participants).map((name) => `  participant ${name}`),
      ...ladder,
      '```',
      '',
      ...messages,
    ]
      .join('\n')
      .trimEnd()
      .concat('\n');
  }

  private nameOf(hostPort: string): string {
    return this.options.participants[hostPort] ?? hostPort;
  }
}
