import type { Clock } from '@legato/kernel';
import type { Address, SipMessage } from '@legato/sip';
import { RecordingTransport } from './recording-transport';
import type { RecordingTransportOptions, SentMessage } from './recording-transport';

export interface MemoryNetworkOptions {
  /** One way; default 0: delivered when the clock is advanced by 0. */
  readonly latencyMs?: number;
  /** True loses the message; called once per message. */
  readonly lose?: (sent: SentMessage, from: Address) => boolean;
}

/** One message that was sent. */
interface LadderRung {
  readonly from: Address;
  readonly to: Address;
  readonly line: string;
  readonly message: SipMessage;
  readonly atMs: number;
  readonly lost: boolean;
}

/** Carries messages between {@link RecordingTransport}s by their addresses, on the test's clock. */
export class MemoryNetwork {
  private readonly transports = new Map<string, RecordingTransport>();
  /** Every message in the order it was sent, lost ones too: a ladder. */
  readonly ladder: LadderRung[] = [];
  /** Called for each of them. */
  onCarry: ((rung: LadderRung) => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly options: MemoryNetworkOptions = {},
  ) {}

  /** A transport of this network; an address that has none swallows what is sent to it. */
  transport(
    local: Address,
    options: Omit<RecordingTransportOptions, 'local' | 'clock'> = {},
  ): RecordingTransport {
    const transport = new RecordingTransport({ ...options, local, clock: this.clock });
    this.transports.set(`${local.host}:${local.port}`, transport);
    transport.onSend = (sent) => this.carry(sent, local);
    return transport;
  }

  private carry(sent: SentMessage, from: Address): void {
    const to = RecordingTransport.destination(sent);
    const lost = this.options.lose?.(sent, from) ?? false;
    const line = sent.bytes.toString('utf8').split('\r\n', 1)[0] ?? '';
    const rung = { from, to, line, message: sent.message, atMs: sent.atMs, lost };
    this.ladder.push(rung);
    this.onCarry?.(rung);
    if (lost) return;
    this.clock.schedule(this.options.latencyMs ?? 0, () => {
      this.transports.get(`${to.host}:${to.port}`)?.inject(sent.bytes, from);
    });
  }
}
