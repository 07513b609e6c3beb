import type { Clock, IdSource, Log, Timer } from '@legato/kernel';
import { arrowFor, silentLog } from '@legato/kernel';
import type { ClientAuthorizer } from '../auth/client-authorizer';
import { decodeExpires } from '../message/header/expires';
import type { Address, Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { TransactionLayer } from '../transaction/transaction-layer';
import type { ClientTransactionUser } from '../transaction/transaction-user';
import type { HeaderList } from '../user-agent/usage-body';
import { createRegister } from './register-request';
import type {
  RegistrationClientAction,
  RegistrationClientEvent,
  RegistrationClientState,
} from './registration-client.machine';
import { registrationClientMachine } from './registration-client.machine';
import { backOffMs, grantedSeconds, refreshAfterMs } from './registration-interval';

/** What a {@link RegistrationClient} has to tell. `retryInMs` says when it tries again. */
export type RegistrationNews =
  | { readonly kind: 'registered'; readonly expiresS: number }
  | { readonly kind: 'failed'; readonly status: number; readonly reason: string; readonly retryInMs: number }
  /** The binding has expired: calls do not reach us any more. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'stopped' };

export interface RegistrationClientOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly layer: Pick<TransactionLayer, 'sendRequest'>;
  readonly log?: Log;
  /** Request-URIs such as `sip:provider.example`: the next one is tried when one fails. */
  readonly registrars: readonly [string, ...string[]];
  /** URI that is to lead to us. */
  readonly aor: string;
  /** URI where we are. */
  readonly contact: string;
  /** Seconds to ask for (default 3600); a 423 raises it. */
  readonly expiresS?: number;
  /** Where to send it instead of the Request-URI. */
  readonly target?: Flow | Address;
  /** Answers 401 and 407 with the credentials of `account`. */
  readonly authorizer?: ClientAuthorizer;
  readonly account?: string;
  readonly userAgent?: string;
  /** Called from timers and responses, never from within start or stop but for 'stopped'. */
  readonly onNews: (news: RegistrationNews) => void;
}

const EXPIRES_S = 3600;
/** A registrar that asks for more than a week does not mean it. */
const MAX_EXPIRES_S = 7 * 24 * 3600;
const SOONEST_REFRESH_S = 5;
const NEXT_REGISTRAR_MS = 1_000;
/** Authentication of several proxies and a server, a stale nonce of each, a longer interval. */
const MAX_REPEATS = 6;
const TAG_BYTES = 12;

interface Outcome {
  readonly status: number;
  readonly reason: string;
  readonly response?: SipResponse;
}

/** Registers one contact of ours with a registrar and keeps it registered (RFC 3261 §10.2, back-off as in RFC 5626 §4.5). */
export class RegistrationClient {
  private current: RegistrationClientState = 'Idle';
  private readonly sipCallId: string;
  private readonly fromTag: string;
  private readonly timers = new Map<RegistrationClientEvent, Timer>();
  private readonly log: Log;
  private cseq = 0;
  private expiresS: number;
  private failures = 0;
  /** How often the REGISTER under way was sent again, with credentials or another interval. */
  private repeats = 0;
  private retryInMs = 0;
  private failed = '';
  private grantedS = 0;
  private credentials: HeaderList = [];
  private last: Outcome = { status: 0, reason: '' };

  constructor(private readonly options: RegistrationClientOptions) {
    const { ids } = options;
    // One Call-ID for all registrations of a boot cycle (§10.2.4).
    this.sipCallId = ids.token(TAG_BYTES);
    this.fromTag = ids.token(TAG_BYTES);
    this.expiresS = options.expiresS ?? EXPIRES_S;
    this.log = options.log ?? silentLog;
  }

  private get registrar(): string {
    const { registrars } = this.options;
    return registrars[this.failures % registrars.length] ?? registrars[0];
  }

  get state(): RegistrationClientState {
    return this.current;
  }

  /** Whether calls reach us: there is a binding that has not expired. */
  get isBound(): boolean {
    return this.timers.has('expired');
  }

  start(): void {
    this.deliver('start');
  }

  /** Takes the binding away, as soon as that can be said; 'stopped' is told when it is, or can not be. */
  stop(): void {
    this.deliver('stop');
  }

  private deliver(event: RegistrationClientEvent): void {
    const arrow = arrowFor(registrationClientMachine, this.current, event);
    if (!arrow) return;
    this.current = arrow.to;
    for (const action of arrow.do) this.actions[action]();
  }

  private readonly actions: Readonly<Record<RegistrationClientAction, () => void>> = {
    'send REGISTER': () => this.register(this.expiresS),
    'send credentials': () => this.send(this.current === 'Unregistering' ? 0 : this.expiresS),
    'send removal': () => this.register(0),
    'lengthen interval': () => this.lengthen(),
    'note binding': () => this.noteBinding(),
    'back off': () => this.backOff(),
    'stop timers': () => this.stopTimers(),
    'tell registered': () => this.options.onNews({ kind: 'registered', expiresS: this.grantedS }),
    'tell failed': () => this.tellFailed(),
    'tell lost': () => this.options.onNews({ kind: 'lost' }),
    'tell stopped': () => this.options.onNews({ kind: 'stopped' }),
  };

  private register(expiresS: number): void {
    this.credentials = [];
    this.send(expiresS);
  }

  private send(expiresS: number): void {
    const { layer, aor, contact, target, userAgent } = this.options;
    this.cseq += 1;
    const { registrar, sipCallId, cseq, fromTag, credentials } = this;
    const request = createRegister({
      ...{ registrar, aor, contact, expiresS, sipCallId, cseq, fromTag, credentials },
      ...(userAgent === undefined ? {} : { userAgent }),
    });
    layer.sendRequest(request, this.userOf(request), target ? { target } : {});
  }

  private userOf(request: SipRequest): ClientTransactionUser {
    return {
      receiveResponse: (response) => this.receive(request, response),
      receiveTimeout: () => this.settle('refused', { status: 408, reason: 'No answer' }),
      receiveTransportError: (error) => this.settle('refused', { status: 503, reason: error.message }),
    };
  }

  private settle(event: RegistrationClientEvent, outcome: Outcome): void {
    this.last = outcome;
    this.deliver(event);
  }

  private receive(request: SipRequest, response: SipResponse): void {
    const { status, reason } = response;
    if (status < 200) return;
    this.settle(this.eventOf(request, response), { status, reason, response });
  }

  private eventOf(request: SipRequest, response: SipResponse): RegistrationClientEvent {
    const { status } = response;
    if (status < 300) return this.isOurs(response) ? '2xx' : 'refused';
    if (status === 423 && this.repeats < MAX_REPEATS && this.minExpires(response) > this.expiresS)
      return '423';
    return this.hasAnswer(request, response) ? 'challenged' : 'refused';
  }

  /** A registrar that does not list our Contact, or for no time, has not registered it. */
  private isOurs(response: SipResponse): boolean {
    if (this.current === 'Unregistering' || this.current === 'Stopping') return true;
    return (grantedSeconds(response, this.options.contact, this.expiresS) ?? 0) > 0;
  }

  private hasAnswer(request: SipRequest, response: SipResponse): boolean {
    const { authorizer, account } = this.options;
    if (response.status !== 401 && response.status !== 407) return false;
    if (!authorizer || this.repeats >= MAX_REPEATS) return false;
    const fields = authorizer.authorize(response, {
      method: request.method,
      requestUri: request.requestUri,
      body: request.body,
      account,
      credentials: this.credentials,
    });
    if (!fields) return false;
    this.repeats += 1;
    this.credentials = fields;
    return true;
  }

  private minExpires(response: SipResponse): number {
    const text = response.headers.get('Min-Expires');
    const seconds = text === undefined ? 0 : decodeExpires(text);
    return seconds > MAX_EXPIRES_S ? 0 : seconds;
  }

  private lengthen(): void {
    this.repeats += 1;
    if (this.last.response) this.expiresS = this.minExpires(this.last.response);
  }

  private noteBinding(): void {
    const { response } = this.last;
    const { contact, ids } = this.options;
    const grantedS = response ? grantedSeconds(response, contact, this.expiresS) : undefined;
    this.grantedS = Math.min(MAX_EXPIRES_S, Math.max(SOONEST_REFRESH_S, grantedS ?? this.expiresS));
    // The registrar that works stays the one that is asked.
    this.failures %= this.options.registrars.length;
    this.repeats = 0;
    this.stopTimers();
    this.arm('refresh due', refreshAfterMs(this.grantedS, ids));
    this.arm('expired', this.grantedS * 1000);
  }

  private backOff(): void {
    this.failed = this.registrar;
    this.failures += 1;
    this.retryInMs = this.waitMs();
    this.repeats = 0;
    this.arm('retry due', this.retryInMs);
  }

  /** Soon, as long as there is a registrar that has not failed in this round. */
  private waitMs(): number {
    const { registrars, ids } = this.options;
    if (this.failures % registrars.length > 0) return NEXT_REGISTRAR_MS;
    const rounds = this.failures / registrars.length - 1;
    return Math.round(backOffMs(rounds, this.last.response, ids));
  }

  private tellFailed(): void {
    const { aor, onNews } = this.options;
    const { retryInMs, failed: registrar } = this;
    const { status, reason } = this.last;
    this.log.warn('registration failed', { aor, registrar, status, reason, retry_in_ms: retryInMs });
    onNews({ kind: 'failed', status, reason, retryInMs });
  }

  private arm(event: RegistrationClientEvent, delayMs: number): void {
    this.timers.get(event)?.cancel();
    const timer = this.options.clock.schedule(delayMs, () => {
      this.timers.delete(event);
      this.deliver(event);
    });
    this.timers.set(event, timer);
  }

  private stopTimers(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }
}
