import type { Flow, SipMessage, SipParseError, TransportHandler } from '@legato/sip';

/** Collects what a real transport delivers; `next` waits for it. */
export class TransportInbox implements TransportHandler {
  readonly messages: SipMessage[] = [];
  readonly malformed: { error: SipParseError; flow: Flow }[] = [];
  private waiting: (() => void)[] = [];

  constructor(private readonly onMessage?: (message: SipMessage) => void) {}

  receiveMessage(message: SipMessage): void {
    this.messages.push(message);
    this.onMessage?.(message);
    this.wake();
  }

  receiveMalformed(error: SipParseError, flow: Flow): void {
    this.malformed.push({ error, flow });
    this.wake();
  }

  /** The newest message once `count` messages, malformed ones included, have come. */
  async next(count = 1): Promise<SipMessage> {
    while (this.messages.length + this.malformed.length < count) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    return this.messages.at(-1) as SipMessage;
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
