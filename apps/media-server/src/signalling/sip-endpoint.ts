import type { Clock, IdSource, Log } from '@legato/kernel';
import type { Address, ServerTransaction, SipTransport, UsageOutput } from '@legato/sip';
import { SipResponse, TransactionLayer, UsageRunner, UserAgentCore } from '@legato/sip';
import type { MediaSide } from '../media-process/media-side';
import { Vacancy } from '../objects/vacancy';
import { MSML_CONTENT_TYPES } from '../sessions/msml-content';
import { patientOutput } from './patient-output';
import { SipSession } from './sip-session';

const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'UPDATE'];
const ACCEPT = ['application/sdp', 'multipart/mixed', ...MSML_CONTENT_TYPES];
const CONTACT_USER = 'msml';
const USAGE_ID_BYTES = 12;
const RETRY_AFTER_S = '5';

export interface SipEndpointOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  /** UDP first: its address is the server's. */
  readonly transports: readonly [SipTransport, ...SipTransport[]];
  readonly media: Pick<MediaSide, 'sessions' | 'readiness'>;
}

/** The SIP user agent server of the media server. */
export class SipEndpoint {
  private readonly layer: TransactionLayer;
  private readonly core: UserAgentCore;
  private readonly runner: UsageRunner;
  private readonly output: UsageOutput;
  private readonly sessions = new Map<string, SipSession>();
  /** By the names of their connections. */
  private readonly byId = new Map<string, SipSession>();
  /** When the last dialog has gone. */
  readonly vacancy = new Vacancy(() => this.sessions.size);
  /** New dialogs are refused with 503 and Retry-After. */
  draining = false;

  constructor(private readonly options: SipEndpointOptions) {
    const { clock, ids, log, transports } = options;
    this.layer = new TransactionLayer({ clock, ids, log, transports });
    this.core = new UserAgentCore({
      clock,
      ids,
      log,
      layer: this.layer,
      allow: ALLOW,
      supported: [],
      accept: ACCEPT,
      overloaded: () => !this.isReady,
    });
    this.runner = new UsageRunner({
      clock,
      ids,
      log,
      layer: this.layer,
      core: this.core,
      allow: ALLOW,
      contactUser: CONTACT_USER,
    });
    this.output = patientOutput(this.runner, this.layer);
    this.core.onRequest = (transaction) => this.receiveRequest(transaction);
    this.runner.deliver = (usageId, feed) => {
      const session = this.sessions.get(usageId);
      if (session) for (const event of feed(session.usage)) session.receive(event);
    };
    options.media.sessions.listener = {
      event: (id, body) => this.byId.get(id)?.sendEvent(body),
      disconnect: (id) => this.byId.get(id)?.disconnect(),
      probe: (id) => this.byId.get(id)?.probe(),
      lost: () => this.loseMedia(),
    };
  }

  /** Dialogs are served. */
  private get isServing(): boolean {
    const { readiness } = this.options.media;
    return !this.draining && (readiness === 'ready' || readiness === 'late');
  }

  /** New dialogs are taken. */
  private get isReady(): boolean {
    return !this.draining && this.options.media.readiness === 'ready';
  }

  /** Binds the sockets; rejects when one can not be bound, and then none is. */
  async start(): Promise<void> {
    try {
      await this.layer.start();
    } catch (error) {
      await this.layer.stop();
      throw error;
    }
  }

  /** Ends all transactions and closes the sockets. */
  stop(): Promise<void> {
    return this.layer.stop();
  }

  /** Where it listens. */
  get address(): Address {
    return this.options.transports[0].local;
  }

  get size(): number {
    return this.sessions.size;
  }

  /** What is held of SIP: zero when everything has run out. */
  counts(): { transactions: number; usages: number } {
    const transactions = Object.values(this.layer.counts()).reduce((sum, count) => sum + count, 0);
    return { transactions, usages: this.runner.size };
  }

  /** Hangs up every dialog, after the events that wait for it. */
  disconnectAll(): void {
    for (const session of [...this.sessions.values()]) session.disconnect();
  }

  private receiveRequest(transaction: ServerTransaction): void {
    if (transaction.request.method === 'INVITE') this.open(transaction);
    else if (!this.isServing) this.refuseProbe(transaction);
    else this.core.answerOptions(transaction);
  }

  /** Whoever asks whether we work is told to go elsewhere. */
  private refuseProbe(transaction: ServerTransaction): void {
    const toTag = this.options.ids.token(USAGE_ID_BYTES);
    transaction.respond(
      SipResponse.to(transaction.request, 503, { toTag, headers: [['Retry-After', RETRY_AFTER_S]] }),
    );
  }

  private open(transaction: ServerTransaction): void {
    const { ids, clock, log, media } = this.options;
    const usageId = ids.token(USAGE_ID_BYTES);
    const { request } = transaction;
    const session = new SipSession({
      usage: this.runner.receiveInvite(usageId, this.output, transaction),
      invite: request,
      clock,
      log,
      media: media.sessions,
      host: this.layer.localAddressFor(request.flow).host,
      onEnded: () => this.forget(usageId, session),
    });
    this.sessions.set(usageId, session);
    this.byId.set(session.id, session);
    session.begin();
  }

  private forget(usageId: string, { id }: SipSession): void {
    this.sessions.delete(usageId);
    this.byId.delete(id);
    this.vacancy.noteRemoval();
  }

  /** BYE to all, with a Reason; who comes now is refused until there are media again. */
  private loseMedia(): void {
    for (const session of [...this.sessions.values()]) session.loseMedia();
  }
}
