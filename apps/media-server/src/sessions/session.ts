import type { AuditedSipDialog, MsmlEvent } from '@legato/msml';
import { MSML_CONTENT_TYPE } from '@legato/msml';
import type { SdpBody } from '@legato/sip';
import { SipUri } from '@legato/sip';
import { deleteDeserted, deleteUncontrolled } from '../conferences/delete-conference';
import type {
  AnswerTaker,
  SessionAnswer,
  SessionListener,
  SessionRequest,
} from '../media-process/media-side';
import type { Interpreter } from '../msml/interpreter';
import type { ConnectionPeer } from '../objects/connection';
import { Connection } from '../objects/connection';
import type { ControlContext } from '../objects/control-context';
import type { EventSink } from '../objects/event-sink';
import { removeConnection } from '../objects/remove-connection';
import { Liveness } from './liveness';
import { LocalDescription } from './local-description';
import type { Speech } from './msml-content';
import { eventBody, resultBody, speechOf } from './msml-content';
import { Negotiation } from './negotiation';
import { serviceOf } from './service-indicator';
import type { SessionService } from './session-service';

const SESSION_ID_BYTES = 6;
const NO_SCRIPTS: ReadonlyMap<string, Uint8Array> = new Map();

export interface SessionOptions {
  readonly request: SessionRequest;
  readonly context: ControlContext;
  readonly interpreter: Interpreter;
  /** Encodings that are negotiated, the first preferred. */
  readonly codecs: readonly string[];
  readonly listener: () => SessionListener;
}

/** What the media server does for one SIP dialog: with media it is a connection, and it carries MSML in both directions. */
export class Session implements ConnectionPeer {
  private readonly id: string;
  private readonly negotiation: Negotiation;
  private readonly liveness: Liveness;
  private dialog: AuditedSipDialog;
  private connection: Connection | undefined;
  /** Named by the Request-URI, beside what MSML asks for. */
  private service: SessionService | undefined;
  /** What is to be told once the request that is carried out has its answer. */
  private held: (() => void)[] | undefined;
  private over = false;

  constructor(private readonly options: SessionOptions) {
    const { request, context, codecs } = options;
    const { clock, log, ids } = context;
    this.id = request.id;
    this.dialog = request.dialog;
    const sessionId = String(Number.parseInt(ids.token(SESSION_ID_BYTES), 16) || 1);
    this.negotiation = new Negotiation({
      description: new LocalDescription(sessionId, codecs),
      host: request.host,
      open: () => this.openConnection(),
      log,
    });
    this.liveness = new Liveness({
      clock,
      packetsReceived: () => this.connection?.media.stats.packetsReceived ?? 0,
      probe: () => options.listener().probe(this.id),
      onDead: () => this.giveUp(),
    });
  }

  /** Answers the INVITE. */
  begin(done: AnswerTaker): void {
    const { request, context } = this.options;
    const { parts, body } = request;
    const service = serviceOf(SipUri.parse(request.requestUri), {
      context,
      scripts: parts?.scripts ?? NO_SCRIPTS,
      sink: this.sinkFor(speechOf(MSML_CONTENT_TYPE)),
      hangUp: () => this.disconnect(),
    });
    if (!service.ok) {
      done(service.error);
      return;
    }
    this.service = service.value;
    // Without a service nobody asked for a script: such a body is refused.
    const description = service.value && parts ? parts.description : body;
    void this.negotiation.respond(description).then((response) => {
      const status = response.status === 200 && !this.over ? this.admit() : response.status;
      done(status === 200 ? response : { status });
    });
  }

  /** A service needs media; what MSML does may do without. */
  private admit(): 200 | 488 | 503 {
    if (!this.service) return 200;
    return this.connection ? this.service.admit(this.connection) : 488;
  }

  acknowledge(body: SdpBody | undefined): void {
    if (!this.negotiation.complete(body)) this.disconnect();
    else if (this.connection) this.service?.begin(this.connection);
  }

  /** An offer within the dialog, or the wish for one of ours. */
  answerOffer(body: SdpBody | undefined, done: AnswerTaker): void {
    void this.negotiation.respond(body).then(done);
  }

  /** The events that it causes, and a disconnect, are told after its answer. */
  execute(body: SdpBody, done: AnswerTaker): void {
    const held: (() => void)[] = [];
    this.held = held;
    const answer = this.executeMsml(body.bytes, speechOf(body.contentType));
    this.held = undefined;
    done(answer);
    for (const tell of held) tell();
  }

  noteDialog(dialog: AuditedSipDialog): void {
    this.dialog = dialog;
  }

  noteProbe(status: number): void {
    this.liveness.receiveAnswer(status);
  }

  disconnect(): void {
    this.tell((listener) => listener.disconnect(this.id));
  }

  describe(): { sipdialog: AuditedSipDialog; localsdp?: string; remotesdp?: string } {
    const { localsdp, remotesdp } = this.negotiation;
    return {
      sipdialog: this.dialog,
      ...(localsdp === undefined ? {} : { localsdp }),
      ...(remotesdp === undefined ? {} : { remotesdp }),
    };
  }

  /** Its SIP dialog is over. */
  end(): void {
    const { context } = this.options;
    this.over = true;
    this.liveness.stop();
    if (this.connection) this.release(this.connection);
    deleteUncontrolled(context, this.id);
    deleteDeserted(context);
  }

  /** The result, in the words of whoever asked. */
  private executeMsml(bytes: Uint8Array, speech: Speech): SessionAnswer {
    const origin = this.sinkFor(speech);
    const result = this.options.interpreter.execute(bytes, { origin, mode: speech.mode });
    if (result.response !== '200') {
      const { response, description } = result;
      this.options.context.log.info('MSML refused', { connection: this.id, response, description });
    }
    return { status: 200, body: resultBody(result, speech) };
  }

  private sinkFor(speech: Speech): EventSink {
    return {
      controller: this.id,
      exitResults: speech.exitResults,
      send: (event: MsmlEvent) => {
        const body = eventBody(event, speech);
        this.tell((listener) => listener.event(this.id, body));
      },
    };
  }

  private tell(what: (listener: SessionListener) => void): void {
    const tellNow = (): void => {
      if (!this.over) what(this.options.listener());
    };
    if (this.held) this.held.push(tellNow);
    else tellNow();
  }

  private async openConnection(): Promise<Connection> {
    if (this.connection) return this.connection;
    const { context } = this.options;
    const media = await context.media.openConnection(this.id);
    const connection = new Connection(this.id, media, this);
    this.connection = connection;
    if (this.over) await media.close();
    else context.connections.set(connection.id, connection);
    return connection;
  }

  private giveUp(): void {
    this.options.context.log.warn('SIP dialog given up: its peer does not answer', { connection: this.id });
    this.disconnect();
  }

  private release(connection: Connection): void {
    const { context } = this.options;
    removeConnection(context, connection).catch((error: unknown) =>
      context.log.error('connection not closed', { connection: connection.id, error }),
    );
  }
}
