import type { Log } from '@legato/kernel';
import type { ServerTransaction, SipResponse } from '@legato/sip';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { routingTable } from './routing-table';
import { SipContext } from './sip.context';
import { SIP_TRANSPORT } from './sip.decorators';
import { isKnownMethod } from './sip-methods';

/** Where requests come from: RFC 3261's user agent core. */
export interface RequestSource {
  onRequest: (transaction: ServerTransaction) => void;
}

export interface SipServerOptions {
  readonly core: RequestSource;
  /** Binds the sockets; the routes are in place by then. */
  readonly start: () => Promise<void>;
  /** Closes them. */
  readonly stop: () => Promise<void>;
  readonly log: Log;
  /** Methods that are served, within dialogs too: the Allow of a 405. The routes, when left out. */
  readonly allow?: readonly string[];
}

const isResponse = (value: unknown): value is SipResponse =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'response';

/**
 * The door between the protocol core and Nest, which is the Transaction User from here on (RFC 3261 §5): each request
 * outside of a dialog goes through the guards to the method that has its decorator. A handler answers by its
 * {@link SipContext}, by a SipResponse that it returns, or later, by whoever it gives the transaction to.
 */
export class SipServer extends Server implements CustomTransportStrategy {
  override readonly transportId = SIP_TRANSPORT;

  constructor(private readonly options: SipServerOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.options.core.onRequest = (transaction) => this.receiveRequest(transaction);
    for (const route of routingTable(this.messageHandlers)) this.options.log.info(route);
    this.options.start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await this.options.stop();
  }

  /** The strategy has no events of its own. */
  on(): void {}

  unwrap<T>(): T {
    return this.options.core as T;
  }

  private receiveRequest(transaction: ServerTransaction): void {
    const context = new SipContext([transaction]);
    const handler = this.messageHandlers.get(transaction.request.method);
    if (handler) void this.run(handler, context);
    else this.refuseMethod(context);
  }

  private async run(handler: MessageHandler, context: SipContext): Promise<void> {
    try {
      const outcome: unknown = await handler(context.request, context);
      const value: unknown = isObservable(outcome)
        ? await lastValueFrom(outcome, { defaultValue: undefined })
        : outcome;
      if (isResponse(value)) context.transaction.respond(value);
    } catch (error) {
      // Only what no filter took arrives here: a controller without @SipController().
      this.options.log.error('SIP handler failed', { method: context.request.method, error });
      context.respond(500);
    }
  }

  private refuseMethod(context: SipContext): void {
    if (!isKnownMethod(context.request.method)) {
      context.respond(501);
      return;
    }
    context.respond(405, {
      headers: [['Allow', (this.options.allow ?? [...this.messageHandlers.keys()]).join(', ')]],
    });
  }
}
