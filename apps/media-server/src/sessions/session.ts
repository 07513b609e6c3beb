import type { Timer } from '@legato/kernel';
import type { AuditedSipDialog, MsmlEvent } from '@legato/msml';
import { MSML_CONTENT_TYPE } from '@legato/msml';
import type { HeaderList, InviteUsage, SdpBody, SipRequest, UsageEvent } from '@legato/sip';
import type { Interpreter } from '../msml/interpreter';
import type { ConnectionPeer } from '../objects/connection';
import { Connection } from '../objects/connection';
import type { ControlContext } from '../objects/control-context';
import type { EventSink } from '../objects/event-sink';
import { deleteDeserted, deleteUncontrolled } from '../conferences/delete-conference';
import { removeConnection } from '../objects/remove-connection';
import { auditedDialog } from './audited-dialog';
import { EventQueue } from './event-queue';
import { invitePartsOf } from './invite-parts';
import { Liveness } from './liveness';
import { LocalDescription } from './local-description';
import type { Speech } from './msml-content';
import { MSML_CONTENT_TYPES, eventBody, resultBody, speechOf } from './msml-content';
import { Negotiation } from './negotiation';
import { serviceOf } from './service-indicator';
import type { SessionService } from './session-service';

const EVENT_TOKEN = 'event';
const PROBE_TOKEN = 'probe';
const SESSION_ID_BYTES = 6;
/** How long a BYE waits for events whose controller does not take them. */
const DISCONNECT_MS = 5000;
const RETRY_AFTER: HeaderList = [['Retry-After', '5']];

export interface SessionOptions {
  readonly usage: InviteUsage;
  readonly invite: SipRequest;
  readonly context: ControlContext;
  readonly interpreter: Interpreter;
  /** The address that the peer reaches our media at. */
  readonly host: string;
  /** Encodings that are negotiated, the first preferred. */
  readonly codecs: readonly string[];
  readonly onEnded: (session: Session) => void;
}

/** A SIP dialog of the media server: with media it is a connection, and it carries MSML in both directions. */
export class Session implements ConnectionPeer {
  readonly usage: InviteUsage;
  /** `conn:` and our tag (RFC 5707 §6.2). */
  readonly connectionId: string;
  readonly events: EventQueue;
  private readonly negotiation: Negotiation;
  private readonly liveness: Liveness;
  private connection: Connection | undefined;
  /** Named by the Request-URI, beside what MSML asks for. */
  private service: SessionService | undefined;
  /** When BYE goes out although events wait. */
  private leaving: Timer | undefined;
  private over = false;

  constructor(private readonly options: SessionOptions) {
    const { usage, context } = options;
    const { clock, log, ids } = context;
    this.usage = usage;
    this.connectionId = `conn:${usage.state.dialog?.localTag ?? ''}`;
    this.events = new EventQueue({
      clock,
      log,
      sendInfo: (body) => usage.request('INFO', EVENT_TOKEN, body),
    });
    const sessionId = String(Number.parseInt(ids.token(SESSION_ID_BYTES), 16) || 1);
    this.negotiation = new Negotiation({
      description: new LocalDescription(sessionId, options.codecs),
      host: options.host,
      open: () => this.openConnection(),
      log,
    });
    this.liveness = new Liveness({
      clock,
      packetsReceived: () => this.connection?.media.stats.packetsReceived ?? 0,
      probe: () => usage.request('OPTIONS', PROBE_TOKEN),
      onDead: () => this.giveUp(),
    });
  }

  /** Answers the INVITE. */
  begin(): void {
    const { usage, invite, context } = this.options;
    const parts = invitePartsOf(invite);
    const service = serviceOf(invite, {
      context,
      scripts: parts?.scripts ?? new Map<string, Uint8Array>(),
      sink: this.sinkFor(speechOf(MSML_CONTENT_TYPE)),
      hangUp: () => this.hangUp(),
    });
    if (!service.ok) {
      usage.refuse(service.error.status, service.error.reason);
      return;
    }
    this.service = service.value;
    // Without a service nobody asked for a script: such a body is refused.
    const body = service.value && parts ? parts.description : bodyOf(invite);
    void this.negotiation.respond(body).then((response) => {
      if (this.over) return;
      const status = response.status === 200 ? this.admit() : response.status;
      if (status === 200) usage.accept(response.body);
      else usage.refuse(status, undefined, status === 503 ? RETRY_AFTER : undefined);
    });
  }

  /** A service needs media; what MSML does may do without. */
  private admit(): 200 | 488 | 503 {
    if (!this.service) return 200;
    return this.connection ? this.service.admit(this.connection) : 488;
  }

  /** What its usage told, in order. */
  receive(event: UsageEvent): void {
    switch (event.type) {
      case 're-INVITE':
        this.answerOffer(event.request, event.transactionKey);
        break;
      case 'request':
        this.receiveRequest(event.request, event.transactionKey);
        break;
      case 'acknowledged':
        this.receiveAck(event.body);
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

  private receiveAck(body: SdpBody | undefined): void {
    if (!this.negotiation.complete(body)) this.usage.bye();
    else if (this.connection) this.service?.begin(this.connection);
  }

  private hangUp(): void {
    if (!this.over) this.usage.bye();
  }

  /** Sends the events that wait, then BYE. */
  disconnect(): void {
    this.leaving ??= this.options.context.clock.schedule(DISCONNECT_MS, () => this.usage.bye());
    this.events.onEmpty(() => this.usage.bye());
  }

  describe(): { sipdialog: AuditedSipDialog; localsdp?: string; remotesdp?: string } {
    const { localsdp, remotesdp } = this.negotiation;
    return {
      sipdialog: auditedDialog(this.usage.state.dialog),
      ...(localsdp === undefined ? {} : { localsdp }),
      ...(remotesdp === undefined ? {} : { remotesdp }),
    };
  }

  private answerOffer(request: SipRequest, transactionKey: string): void {
    void this.negotiation.respond(bodyOf(request)).then(({ status, body }) => {
      if (!this.over) this.usage.answerReinvite(transactionKey, status, body);
    });
  }

  private receiveRequest(request: SipRequest, transactionKey: string): void {
    if (request.method === 'INFO') this.receiveInfo(request, transactionKey);
    else if (request.method === 'UPDATE' && request.body.length > 0)
      this.answerUpdate(request, transactionKey);
    else if (request.method === 'UPDATE' || request.method === 'OPTIONS')
      this.usage.respond(transactionKey, 200);
    else this.usage.respond(transactionKey, 405);
  }

  /** RFC 3311 §5.2. */
  private answerUpdate(request: SipRequest, transactionKey: string): void {
    void this.negotiation.respond(bodyOf(request)).then(({ status, body }) => {
      if (!this.over) this.usage.respond(transactionKey, status, body);
    });
  }

  /** RFC 2976 §2.2: without a body there is nothing to do; an unknown one is refused. */
  private receiveInfo(request: SipRequest, transactionKey: string): void {
    const contentType = request.contentType ?? '';
    if (request.body.length === 0) this.usage.respond(transactionKey, 200);
    else if (MSML_CONTENT_TYPES.includes(contentType)) {
      this.events.holdDuring(() => {
        const body = this.executeMsml(request.body, speechOf(contentType));
        this.usage.respond(transactionKey, 200, body);
      });
    } else this.usage.respond(transactionKey, 415, undefined, [['Accept', MSML_CONTENT_TYPES.join(', ')]]);
  }

  /** The result, in the words of whoever asked. */
  private executeMsml(bytes: Uint8Array, speech: Speech): SdpBody {
    const result = this.options.interpreter.execute(bytes, {
      origin: this.sinkFor(speech),
      mode: speech.mode,
    });
    if (result.response !== '200') {
      const { response, description } = result;
      this.options.context.log.info('MSML refused', { connection: this.connectionId, response, description });
    }
    return resultBody(result, speech);
  }

  private sinkFor(speech: Speech): EventSink {
    return {
      controller: this.connectionId,
      exitResults: speech.exitResults,
      send: (event: MsmlEvent) => this.events.push(eventBody(event, speech)),
    };
  }

  private receiveAnswer(token: string, status: number): void {
    if (token === EVENT_TOKEN) this.events.receiveAnswer(status);
    else if (token === PROBE_TOKEN) this.liveness.receiveAnswer(status);
  }

  private async openConnection(): Promise<Connection> {
    if (this.connection) return this.connection;
    const { context } = this.options;
    const media = await context.media.openConnection(this.connectionId);
    const connection = new Connection(this.connectionId, media, this);
    this.connection = connection;
    if (this.over) await media.close();
    else context.connections.set(connection.id, connection);
    return connection;
  }

  private giveUp(): void {
    this.options.context.log.warn('SIP dialog given up: its peer does not answer', {
      connection: this.connectionId,
    });
    this.usage.bye();
  }

  private release(connection: Connection): void {
    const { context } = this.options;
    removeConnection(context, connection).catch((error: unknown) =>
      context.log.error('connection not closed', { connection: connection.id, error }),
    );
  }

  private end(): void {
    const { context, onEnded } = this.options;
    this.over = true;
    this.liveness.stop();
    this.leaving?.cancel();
    this.events.close();
    if (this.connection) this.release(this.connection);
    deleteUncontrolled(context, this.connectionId);
    deleteDeserted(context);
    onEnded(this);
  }
}

/** The body of a request, or undefined. */
function bodyOf(request: SipRequest): SdpBody | undefined {
  if (request.body.length === 0) return undefined;
  return { contentType: request.contentType ?? '', bytes: request.body };
}
