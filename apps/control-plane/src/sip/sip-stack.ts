import type { Clock, IdSource, Log } from '@legato/kernel';
import { TransactionLayer, UdpTransport, UserAgentCore } from '@legato/sip';
import type { Address, TransactionCounts } from '@legato/sip';
import { FrontTransport } from './front.transport';
import { advertisedAddress, freePort } from './local-address';
import type { SipCapabilities } from './options.controller';
import { lookUp } from './resolver';

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

export interface SipStackOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly serverHeader: string;
  /** 503 to new calls while it returns true. */
  readonly overloaded: () => boolean;
}

/** RFC 3261's layers up to the user agent core, over one UDP socket. */
export class SipStack {
  private listening = false;

  private constructor(
    readonly layer: TransactionLayer,
    readonly core: UserAgentCore,
    private readonly transport: FrontTransport,
    /** What peers reach us at; known before the socket is open, so that calls can be restored before. */
    readonly address: Address,
  ) {}

  static async create(options: SipStackOptions): Promise<SipStack> {
    const { clock, ids, log, host, serverHeader, overloaded } = options;
    const port = options.port === 0 ? await freePort(host) : options.port;
    const address = { host: advertisedAddress(host), port };
    const udp = new UdpTransport({
      host,
      port,
      ...(address.host === host ? {} : { advertised: address }),
    });
    const transport = new FrontTransport(udp);
    const layer = new TransactionLayer({ clock, ids, log, transports: [transport], resolve: lookUp });
    const core = new UserAgentCore({ clock, layer, ids, log, ...CAPABILITIES, serverHeader, overloaded });
    return new SipStack(layer, core, transport, address);
  }

  get isListening(): boolean {
    return this.listening;
  }

  /** Binds the socket; what arrives waits for {@link open}. Rejects when the address is taken. */
  async start(): Promise<void> {
    await this.layer.start();
  }

  /** Lets in what arrives. */
  open(): void {
    this.listening = true;
    this.transport.open();
  }

  async stop(): Promise<void> {
    this.listening = false;
    await this.layer.stop();
  }

  transactions(): TransactionCounts {
    return this.layer.counts();
  }

  received(): ReturnType<FrontTransport['received']> {
    return this.transport.received();
  }
}
