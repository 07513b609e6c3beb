import type { Clock, IdSource } from '@legato/kernel';
import { randomIds } from '@legato/kernel';
import type {
  InviteUsageState,
  OutgoingInvite,
  SdpBody,
  ServerTransaction,
  SipRequest,
  SipTransport,
  UsageEvent,
  UsageRunnerOptions,
} from '@legato/sip';
import { InviteUsage, TransactionLayer, UsageRunner, UserAgentCore } from '@legato/sip';

export interface ScriptedUserAgentOptions {
  readonly clock: Clock;
  readonly transport: SipTransport;
  readonly ids?: IdSource;
  readonly user?: string;
  readonly allow?: readonly string[];
  readonly supported?: readonly string[];
  readonly runner?: Partial<UsageRunnerOptions>;
  /** Called for each INVITE that opens a dialog, when its call is made. */
  readonly onCall?: (call: ScriptedCall) => void;
  /** Requests outside of dialogs other than INVITE. */
  readonly onRequest?: (transaction: ServerTransaction) => void;
}

const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'UPDATE', 'PRACK', 'MESSAGE', 'NOTIFY'];
const BODIES = ['application/sdp', 'application/msml+xml', 'application/dtmf-relay', 'text/plain'];

/** A session description as a body. */
export const sdp = (text: string): SdpBody => ({ contentType: 'application/sdp', bytes: Buffer.from(text) });

/** One dialog of a {@link ScriptedUserAgent}: the usage, and what it told so far. */
export class ScriptedCall {
  readonly events: UsageEvent[] = [];

  constructor(
    public usage: InviteUsage,
    /** The INVITE that came; undefined for a call of ours. */
    readonly invite: SipRequest | undefined,
    private readonly onEvent: (call: ScriptedCall, event: UsageEvent) => void,
  ) {}

  /** The events in short: `accepted INVITE`, `refused re-INVITE 491`, `answered INFO 200`, `ended refused`. */
  get told(): string[] {
    return this.events.map(inShort);
  }

  get hasEnded(): boolean {
    return this.events.some(({ type }) => type === 'ended');
  }

  last<T extends UsageEvent['type']>(type: T): Extract<UsageEvent, { type: T }> {
    const found = this.events.findLast((event) => event.type === type);
    if (!found) throw new Error(`no '${type}' among ${this.told.join(', ')}`);
    return found as Extract<UsageEvent, { type: T }>;
  }

  take(events: readonly UsageEvent[]): void {
    for (const event of events) {
      this.events.push(event);
      this.onEvent(this, event);
    }
  }
}

function inShort(event: UsageEvent): string {
  switch (event.type) {
    case 'provisional':
      return `provisional ${event.response.status}`;
    case 'refused':
      return `refused ${event.purpose} ${event.status}`;
    case 'answered':
      return `answered ${event.method} ${event.status}`;
    case 'ended':
      return `ended ${event.reason}`;
    case 'request':
      return `request ${event.request.method}`;
    case 'accepted':
    case 'acknowledged':
    case 'no ack':
      return `${event.type} ${event.purpose}`;
    default:
      return event.type;
  }
}

/** A whole user agent, transport upwards, that does what a test tells it to. */
export class ScriptedUserAgent {
  readonly layer: TransactionLayer;
  readonly core: UserAgentCore;
  readonly runner: UsageRunner;
  readonly calls: ScriptedCall[] = [];
  /** Called for each event of each call, after it was noted. */
  onEvent: (call: ScriptedCall, event: UsageEvent) => void = () => undefined;
  private readonly byId = new Map<string, ScriptedCall>();
  private serial = 0;

  constructor(private readonly options: ScriptedUserAgentOptions) {
    const { clock, transport, ids = randomIds, allow = ALLOW, supported = [], user = 'test' } = options;
    this.layer = new TransactionLayer({ clock, ids, transports: [transport] });
    this.core = new UserAgentCore({ clock, ids, layer: this.layer, allow, supported, accept: BODIES });
    this.runner = new UsageRunner({
      clock,
      ids,
      layer: this.layer,
      core: this.core,
      allow,
      contactUser: user,
      supported,
      ...options.runner,
    });
    this.runner.deliver = (usageId, feed) => {
      const call = this.byId.get(usageId);
      if (call) call.take(feed(call.usage));
    };
    this.core.onRequest = (transaction) => this.receiveRequest(transaction);
  }

  start(): Promise<void> {
    return this.layer.start();
  }

  stop(): Promise<void> {
    return this.layer.stop();
  }

  /** This user agent's address of record and contact. */
  get uri(): string {
    const { host, port } = this.layer.localAddressFor();
    return `sip:${this.options.user ?? 'test'}@${host}:${port}`;
  }

  /** The call that came or went last. */
  get call(): ScriptedCall {
    const call = this.calls.at(-1);
    if (!call) throw new Error('no call yet');
    return call;
  }

  /** Sends an INVITE to `uri`. */
  invite(uri: string, body?: SdpBody, options: Partial<OutgoingInvite> = {}): ScriptedCall {
    const invite = {
      requestUri: uri,
      from: `<${this.uri}>`,
      to: `<${uri}>`,
      contact: `<${this.uri}>`,
      ...options,
    };
    const id = this.nextId();
    const call = this.keep(id, InviteUsage.outgoing(id, this.runner.output, invite), undefined);
    call.usage.invite(body);
    return call;
  }

  /** Goes on with a call whose state an earlier user agent stored. */
  restore(state: InviteUsageState): ScriptedCall {
    const call = this.keep(state.id, InviteUsage.restored(this.runner.output, state), undefined);
    this.runner.restore(call.usage);
    return call;
  }

  /** What is held: all zero when every call and transaction has run out. */
  held(): Record<string, number> {
    return { usages: this.runner.size, dialogs: this.core.dialogs.size, ...this.layer.counts() };
  }

  private nextId(): string {
    this.serial += 1;
    return `${this.options.user ?? 'test'}/${this.serial}`;
  }

  private keep(id: string, usage: InviteUsage, invite: SipRequest | undefined): ScriptedCall {
    const call = new ScriptedCall(usage, invite, (which, event) => {
      if (event.type === 'ended') this.byId.delete(id);
      this.onEvent(which, event);
    });
    this.calls.push(call);
    this.byId.set(id, call);
    return call;
  }

  private receiveRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method !== 'INVITE') {
      if (this.options.onRequest) this.options.onRequest(transaction);
      else this.core.answerOptions(transaction);
      return;
    }
    const id = this.nextId();
    const call = this.keep(id, this.runner.receiveInvite(id, this.runner.output, transaction), request);
    this.options.onCall?.(call);
  }
}
