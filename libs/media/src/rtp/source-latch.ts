/** Whether a packet may be heard: `foreign` ones are counted and dropped. */
export type SourceVerdict = 'known' | 'latched' | 'foreign';

const UNSPECIFIED = new Set(['0.0.0.0', '::']);
/** So many packets of the former peer, a second of them, may still be on their way when another one is signalled. */
const FORMER_PACKETS = 50;

/**
 * Symmetric RTP (RFC 4961): media goes back to where it comes from. The first acceptable source is latched, once for each
 * signalled address, so that nobody can take a running stream over or feed another into it.
 */
export class SourceLatch {
  private signalledHost = '';
  private signalledPort = 0;
  private latchedHost = '';
  private latchedPort = 0;
  private formerHost = '';
  private formerPort = 0;
  private formerPatience = 0;
  /** Media has been sent for so long to who has not said anything yet. */
  private unheardMs = 0;
  private hasReported = false;

  /**
   * `same-address` accepts any port of the signalled address; `any` believes the first source that speaks. An address from which
   * neither a packet nor a report comes is sent to for `patienceMs` of media: it may be that of somebody who never asked.
   */
  constructor(
    private readonly mode: 'same-address' | 'any',
    private readonly patienceMs = Infinity,
  ) {}

  /**
   * The address of a description. The same address again leaves the latch as it is; port 0 accepts nobody. True when it has
   * let go of a source.
   */
  signal(host: string, port: number): boolean {
    if (host === this.signalledHost && port === this.signalledPort) return false;
    this.signalledHost = host;
    this.signalledPort = port;
    this.unheardMs = 0;
    this.hasReported = false;
    if (this.latchedPort === 0) return false;
    this.formerHost = this.latchedHost;
    this.formerPort = this.latchedPort;
    this.formerPatience = FORMER_PACKETS;
    this.latchedPort = 0;
    return true;
  }

  /** Where to send to. */
  get host(): string {
    return this.latchedPort === 0 ? this.signalledHost : this.latchedHost;
  }

  /** Whether there is somewhere to send to: neither port 0 nor an address that stands for none, nor one that is silent for too long. */
  get reachable(): boolean {
    if (this.latchedPort !== 0) return true;
    if (this.unheardMs >= this.patienceMs) return false;
    return this.signalledPort !== 0 && !UNSPECIFIED.has(this.signalledHost);
  }

  /** So much media has been sent. */
  noteSent(ms: number): void {
    if (this.latchedPort === 0 && !this.hasReported) this.unheardMs += ms;
  }

  /** A report (RTCP) has come: somebody is there who only listens. */
  noteReport(): void {
    this.hasReported = true;
    this.unheardMs = 0;
  }

  /** 0 when there is nowhere to send to. */
  get port(): number {
    return this.latchedPort === 0 ? this.signalledPort : this.latchedPort;
  }

  /** Judges the source of a packet and latches it when it is the first good one. */
  accept(host: string, port: number): SourceVerdict {
    if (this.latchedPort !== 0)
      return host === this.latchedHost && port === this.latchedPort ? 'known' : 'foreign';
    if (this.signalledPort === 0) return 'foreign';
    if (this.mode === 'same-address' && host !== this.signalledHost) return 'foreign';
    if (this.isFormer(host, port)) return 'foreign';
    this.latchedHost = host;
    this.latchedPort = port;
    return 'latched';
  }

  /**
   * Whether a packet comes late from who was signalled before: two peers on one host would otherwise hold on to each other for
   * good. A source that goes on behind its NAT under a new description is believed after a while.
   */
  private isFormer(host: string, port: number): boolean {
    if (this.formerPatience === 0 || host !== this.formerHost || port !== this.formerPort) return false;
    if (host === this.signalledHost && port === this.signalledPort) return false;
    this.formerPatience -= 1;
    return true;
  }
}
