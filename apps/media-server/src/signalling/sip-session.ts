import type { Clock, Log, Timer } from '@legato/kernel';
import type { HeaderList, InviteUsage, SdpBody, SipRequest, UsageEvent } from '@legato/sip';
import type { SessionAnswer, SessionPort } from '../media-process/media-side';
import { MSML_CONTENT_TYPES } from '../sessions/msml-content';
import { auditedDialog } from './audited-dialog';
import { EventQueue } from './event-queue';
import { invitePartsOf } from './invite-parts';

const EVENT_TOKEN = 'event';
const PROBE_TOKEN = 'probe';
/** How long a BYE waits for events whose controller does not take them. */
const DISCONNECT_MS = 5000;
const RETRY_AFTER: HeaderList = [['Retry-After', '5']];
const MEDIA_LOST = 'SIP;cause=503;text="Media lost"';

export interface SipSessionOptions {
  readonly usage: InviteUsage;
  readonly invite: SipRequest;
  readonly clock: Clock;
  readonly log: Log;
  readonly media: SessionPort;
  /** The address that the peer reaches our media at. */
  readonly host: string;
  readonly onEnded: () => void;
}

/** A SIP dialog of the media server: asks the media what it is asked, and sends what they tell. */
export class SipSession {
  readonly usage: InviteUsage;
  /** `conn:` and our tag (RFC 5707 §6.2). */
  readonly id: string;
  private readonly events: EventQueue;
  /** What the media know of the dialog, for audits. */
  private told = '';
  /** When BYE goes out although events wait. */
  private leaving: Timer | undefined;
  private isWithoutMedia = false;
  private over = false;

  constructor(private readonly options: SipSessionOptions) {
    const { usage, clock, log } = options;
    this.usage = usage;
    this.id = `conn:${usage.state.dialog?.localTag ?? ''}`;
    this.events = new EventQueue({ clock, log, sendInfo: (body) => this.sendInfo(body) });
  }

  /** Answers the INVITE. */
  begin(): void {
    const { usage, invite, media, host } = this.options;
    const dialog = auditedDialog(usage.state.dialog);
    this.told = this.dialogMark();
    const request = {
      id: this.id,
      host,
      requestUri: invite.requestUri,
      body: bodyOf(invite),
      parts: invitePartsOf(invite),
      dialog,
    };
    media.open(request, ({ status, reason, body }) => {
      if (this.over) return;
      if (status === 200) usage.accept(body);
      else usage.refuse(status, reason, headersOf(status));
    });
  }

  /** What its usage told, in order. */
  receive(event: UsageEvent): void {
    switch (event.type) {
      case 're-INVITE':
        this.askForAnswer(event.request, event.transactionKey);
        break;
      case 'request':
        this.receiveRequest(event.request, event.transactionKey);
        break;
      case 'acknowledged':
        this.options.media.acknowledge(this.id, event.body);
        break;
      case 'no ack':
        this.usage.bye();
        break;
      case 'answered':
        this.receiveAnswer(event.token, event.status);
        break;
      case 'ended':
        this.end();
        break;
      default:
        break;
    }
  }

  /** The media have something to tell the controller. */
  sendEvent(body: SdpBody): void {
    this.events.push(body);
  }

  /** Whether the peer is still there; the outcome goes to the media. */
  probe(): void {
    this.usage.request('OPTIONS', PROBE_TOKEN);
    this.noteDialog();
  }

  /** Sends the events that wait, then BYE. */
  disconnect(reason?: string): void {
    this.leaving ??= this.options.clock.schedule(DISCONNECT_MS, () => this.usage.bye(reason));
    this.events.onEmpty(() => this.usage.bye(reason));
  }

  /** There is nothing behind this dialog any more. */
  loseMedia(): void {
    this.isWithoutMedia = true;
    this.disconnect(MEDIA_LOST);
  }

  private receiveRequest(request: SipRequest, transactionKey: string): void {
    if (request.method === 'INFO') this.receiveInfo(request, transactionKey);
    else if (request.method === 'UPDATE' && request.body.length > 0)
      this.askForAnswer(request, transactionKey);
    else if (request.method === 'UPDATE' || request.method === 'OPTIONS')
      this.usage.respond(transactionKey, 200);
    else this.usage.respond(transactionKey, 405);
  }

  /** RFC 3261 §14.2, RFC 3311 §5.2. */
  private askForAnswer(request: SipRequest, transactionKey: string): void {
    if (this.isWithoutMedia) this.answer(transactionKey, { status: 503 });
    else this.options.media.offer(this.id, bodyOf(request), (answer) => this.answer(transactionKey, answer));
  }

  /** RFC 2976 §2.2: without a body there is nothing to do; an unknown one is refused. */
  private receiveInfo(request: SipRequest, transactionKey: string): void {
    const body = bodyOf(request);
    if (!body) this.usage.respond(transactionKey, 200);
    else if (!MSML_CONTENT_TYPES.includes(body.contentType))
      this.usage.respond(transactionKey, 415, undefined, [['Accept', MSML_CONTENT_TYPES.join(', ')]]);
    else if (this.isWithoutMedia) this.answer(transactionKey, { status: 503 });
    else {
      this.noteDialog();
      this.options.media.execute(this.id, body, (answer) => this.answer(transactionKey, answer));
    }
  }

  private answer(transactionKey: string, { status, body }: SessionAnswer): void {
    if (!this.over) this.usage.respond(transactionKey, status, body, headersOf(status));
  }

  private receiveAnswer(token: string, status: number): void {
    if (token === EVENT_TOKEN) this.events.receiveAnswer(status);
    else if (token === PROBE_TOKEN) this.options.media.noteProbe(this.id, status);
  }

  private sendInfo(body: SdpBody): void {
    this.usage.request('INFO', EVENT_TOKEN, body);
    this.noteDialog();
  }

  private noteDialog(): void {
    const mark = this.dialogMark();
    if (mark === this.told) return;
    this.told = mark;
    this.options.media.noteDialog(this.id, auditedDialog(this.usage.state.dialog));
  }

  /** Changes with what changes in a dialog. */
  private dialogMark(): string {
    const { dialog } = this.usage.state;
    return `${dialog?.localCSeq} ${dialog?.remoteCSeq} ${dialog?.remoteTarget}`;
  }

  private end(): void {
    this.over = true;
    this.leaving?.cancel();
    this.events.close();
    this.options.media.end(this.id);
    this.options.onEnded();
  }
}

/** Who is told that nothing was done may come again. */
const headersOf = (status: number): HeaderList | undefined => (status === 503 ? RETRY_AFTER : undefined);

/** The body of a request, or undefined. */
function bodyOf(request: SipRequest): SdpBody | undefined {
  if (request.body.length === 0) return undefined;
  return { contentType: request.contentType ?? '', bytes: request.body };
}
