import type { MsmlDialect, MsmlEvent, MsmlOutcome } from '@legato/msml';
import { DIALECTS, decodeMsml, encodeMsml, isMsmlContentType, readOutcome } from '@legato/msml';
import type { InviteUsage, SipRequest, UsageEvent } from '@legato/sip';
import { Unmet } from './expectation';
import type { Line } from './line';
import type { Waiting } from './waiting';

/** The final response to a request within the dialog. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly outcome: MsmlOutcome;
}

type Answered = Extract<UsageEvent, { type: 'answered' }>;

/** One SIP dialog with the server under test, and the MSML that goes over it. */
export class ControlledDialog {
  readonly events: MsmlEvent[] = [];
  /** The final status of the INVITE. */
  status: number | undefined;
  /** The server hung up. */
  hungUp = false;
  ended = false;
  private readonly answers = new Map<string, Answered>();
  private readonly reinvites: number[] = [];
  private sent = 0;

  constructor(
    readonly usage: InviteUsage,
    private readonly dialect: MsmlDialect,
    private readonly waiting: Waiting,
    readonly line: Line | undefined,
  ) {}

  /** `conn:<tag>`: the server's tag is the name of the connection (§6.2). */
  get id(): string {
    return `conn:${this.usage.state.dialog?.remoteTag ?? ''}`;
  }

  /** Carries out the operations inside of `<msml>`, written in the server's dialect. */
  async request(operations: string): Promise<MsmlOutcome> {
    const document = decodeMsml(Buffer.from(`<msml version="1.1">${operations}</msml>`), { mode: 'lenient' });
    if (!document.ok) throw new Error(`the check itself is wrong: ${document.error.description}`);
    const bytes = encodeMsml(document.value, this.dialect);
    return (await this.info(bytes, DIALECTS[this.dialect].contentType)).outcome;
  }

  /** The same for text that is sent as it stands. */
  async document(text: string): Promise<MsmlOutcome> {
    return (await this.info(Buffer.from(text), DIALECTS[this.dialect].contentType)).outcome;
  }

  /** An INFO with any body, or none. */
  async info(bytes?: Buffer, contentType = ''): Promise<Answer> {
    const token = `info ${(this.sent += 1)}`;
    this.usage.request('INFO', token, bytes && { contentType, bytes });
    const answered = await this.waiting.until(`an answer to ${token}`, () => this.answers.get(token));
    const { status, response } = answered;
    return {
      status,
      contentType: response?.contentType,
      outcome: readOutcome(token, status, response?.body),
    };
  }

  /** Waits for an event of this name, or whose name begins with it and a dot; of this object when one is named. */
  event(name: string, id?: string, deadlineMs?: number): Promise<MsmlEvent> {
    const find = (): MsmlEvent | undefined =>
      this.events.find(
        (event) =>
          (event.name === name || event.name.startsWith(`${name}.`)) && (id === undefined || event.id === id),
      );
    return this.waiting.until(`event ${name}${id === undefined ? '' : ` of ${id}`}`, find, deadlineMs);
  }

  /** Waits for the end of a dialog; answers all that its events brought, in order. */
  async exit(id: string, deadlineMs?: number): Promise<Record<string, string>> {
    await this.event('msml.dialog.exit', id, deadlineMs);
    const values: Record<string, string> = {};
    for (const event of this.events) {
      if (event.id === id) for (const { name, value } of event.values) values[name] = value;
    }
    return values;
  }

  /** Changes the direction of the audio by re-INVITE. */
  async redirect(direction: 'sendrecv' | 'inactive'): Promise<void> {
    const description = this.line?.offer().toString('latin1').replace('a=sendrecv', `a=${direction}`) ?? '';
    const before = this.reinvites.length;
    this.usage.reinvite({ contentType: 'application/sdp', bytes: Buffer.from(description, 'latin1') });
    const status = await this.waiting.until('an answer to the re-INVITE', () => this.reinvites[before]);
    if (status >= 300) throw new Unmet(`re-INVITE is accepted, not ${status}`);
  }

  receive(events: readonly UsageEvent[]): void {
    for (const event of events) this.take(event);
  }

  private take(event: UsageEvent): void {
    if (event.type === 'accepted') this.accepted(event);
    else if (event.type === 'refused' && event.purpose === 'INVITE') this.status = event.status;
    else if (event.type === 'refused') this.reinvites.push(event.status);
    else if (event.type === 'answered') this.answers.set(event.token, event);
    else if (event.type === 'request') this.serve(event.request, event.transactionKey);
    else if (event.type === 'bye') {
      this.hungUp = true;
      this.read(event.request);
    } else if (event.type === 'ended') this.ended = true;
  }

  private accepted({ response, purpose }: Extract<UsageEvent, { type: 'accepted' }>): void {
    this.usage.acknowledge();
    this.line?.acceptAnswer(response.body);
    if (purpose === 'INVITE') this.status = response.status;
    else this.reinvites.push(response.status);
  }

  private serve(request: SipRequest, transactionKey: string): void {
    this.usage.respond(transactionKey, 200);
    if (request.method === 'INFO') this.read(request);
  }

  /** Events come in INFO, or in the BYE that ends the dialog (§3.1). */
  private read(request: SipRequest): void {
    if (request.contentType === undefined || !isMsmlContentType(request.contentType)) return;
    const decoded = decodeMsml(request.body, { mode: 'lenient' });
    if (decoded.ok && decoded.value.kind === 'event') this.events.push(decoded.value.event);
  }
}
