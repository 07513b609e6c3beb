import type { Clock, IdSource, Log } from '@legato/kernel';
import { freePort, SourceRateLimit, TransactionLayer, UserAgentCore } from '@legato/sip';
import type { Address, LayerCounters, SipRequest, TransactionCounts, TransportProtocol } from '@legato/sip';
import type { SipTransports } from './create-transports';
import { createTransports } from './create-transports';
import { PcapFile } from '../sip-trace/pcap-file';
import { TracedTransport } from '../sip-trace/traced.transport';
import { FrontTransport } from './front.transport';
import { advertisedAddress } from './local-address';
import type { SipCapabilities } from './options.controller';

/** Seconds: what we ask for, and the least that we let ourselves be asked for (RFC 4028 §4, §5). */
export const SESSION_TIMER = { intervalS: 1800, minSeS: 90 };

export const CAPABILITIES: SipCapabilities & { readonly minSeS: number; readonly anyInfo: boolean } = {
  allow: [
    'INVITE',
    'ACK',
    'CANCEL',
    'BYE',
    'OPTIONS',
    'INFO',
    'UPDATE',
    'PRACK',
    'MESSAGE',
    'NOTIFY',
    'REGISTER',
  ],
  accept: ['application/sdp', 'application/msml+xml', 'application/dtmf-relay', 'text/plain'],
  supported: ['100rel', 'timer', 'path'],
  minSeS: SESSION_TIMER.minSeS,
  anyInfo: true,
};

export interface SipStackOptions extends SipTransports {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly serverHeader: string;
  /** Requests outside dialogs that one source address may begin a second, twice as many at once; 0: no limit. */
  readonly requestsPerSecond: number;
  /** Sources that are never limited. */
  readonly isTrusted: (host: string) => boolean;
  /** Keeps every message in this capture file. */
  readonly traceFile?: string;
  /** 503 to new calls while it returns true. */
  readonly overloaded: () => boolean;
}

/** RFC 3261's layers up to the user agent core, over the transports of this node. */
export class SipStack {
  private listening = false;

  private constructor(
    readonly layer: TransactionLayer,
    readonly core: UserAgentCore,
    private readonly transports: readonly FrontTransport[],
    /** What peers reach us at by UDP; known before the socket is open, so that calls can be restored before. */
    readonly address: Address,
    private readonly trace: PcapFile | undefined,
  ) {}

  static async create(options: SipStackOptions): Promise<SipStack> {
    const { clock, ids, log, host, serverHeader, overloaded } = options;
    const port = options.port === 0 ? await freePort(host) : options.port;
    const address = { host: advertisedAddress(host), port };
    const base = { clock, ids, log, host, port, advertisedHost: address.host };
    const trace = options.traceFile === undefined ? undefined : new PcapFile(options.traceFile, log);
    const transports = createTransports(base, options).map(
      (each) => new FrontTransport(trace ? new TracedTransport(each, trace, clock) : each),
    );
    const layer = new TransactionLayer({ clock, ids, log, transports, ...admission(options) });
    const core = new UserAgentCore({ clock, layer, ids, log, ...CAPABILITIES, serverHeader, overloaded });
    return new SipStack(layer, core, transports, address, trace);
  }

  get isListening(): boolean {
    return this.listening;
  }

  /** Binds the sockets; what arrives waits for {@link open}. Rejects when an address is taken. */
  async start(): Promise<void> {
    await this.layer.start();
  }

  /** Lets in what arrives. */
  open(): void {
    this.listening = true;
    for (const transport of this.transports) transport.open();
  }

  async stop(): Promise<void> {
    this.listening = false;
    await this.layer.stop();
    await this.trace?.close();
  }

  /** `onRead` is called when a datagram that arrives now by UDP is read. */
  echo(onRead: () => void): void {
    this.transports.find(({ protocol }) => protocol === 'UDP')?.echo(onRead);
  }

  transactions(): TransactionCounts {
    return this.layer.counts();
  }

  received(): Readonly<Record<'request' | 'response' | 'malformed', number>> {
    const sums = { request: 0, response: 0, malformed: 0 };
    for (const transport of this.transports) {
      const { request, response, malformed } = transport.received();
      sums.request += request;
      sums.response += response;
      sums.malformed += malformed;
    }
    return sums;
  }

  /** Messages received since the start, by transport. */
  receivedBy(): Readonly<Record<string, number>> {
    const totals = (each: FrontTransport) => Object.values(each.received()).reduce((sum, n) => sum + n, 0);
    return Object.fromEntries(this.transports.map((each) => [each.protocol.toLowerCase(), totals(each)]));
  }

  /** What was dropped or refused since the start, by reason. */
  dropped(): Readonly<LayerCounters> {
    return this.layer.counters();
  }

  /** Where a transport listens, once started; undefined when it is not served. */
  addressOf(protocol: TransportProtocol): Address | undefined {
    const transport = this.transports.find((each) => each.protocol === protocol);
    return transport && { host: this.address.host, port: transport.local.port };
  }
}

/** The rate limit of a source; traffic within dialogs is never limited. */
function admission({ clock, requestsPerSecond, isTrusted }: SipStackOptions) {
  if (requestsPerSecond === 0) return {};
  const limit = new SourceRateLimit({ clock, perSecond: requestsPerSecond, burst: 2 * requestsPerSecond });
  const admit = (request: SipRequest) =>
    isTrusted(request.flow?.remote.host ?? '') ? 'accept' : limit.admit(request);
  return { admit } as const;
}
