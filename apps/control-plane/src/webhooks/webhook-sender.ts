import { arrowFor } from '@legato/kernel';
import type { Clock } from '@legato/kernel';
import type { OutboundFailure, OutboundHttp, OutboundResponse } from '@legato/outbound-http';
import { Webhook as Signer } from 'standardwebhooks';
import { backOff, retryAfterMs } from './back-off';
import type { AttemptOutcome, Delivery, DeliveryAttempt } from './delivery-queue';
import type { SecretSeal } from './secret-seal';
import type { Webhook } from './webhook';
import { validSecrets } from './webhook';
import type { DeliveryAction, DeliveryTrigger } from './webhook-delivery.machine';
import { webhookDeliveryMachine } from './webhook-delivery.machine';

const GONE = 410;
const OK_FROM = 200;
const OK_TO = 299;

export interface WebhookSenderOptions {
  readonly http: Pick<OutboundHttp, 'send'>;
  readonly seal: SecretSeal;
  readonly clock: Clock;
  /** Of one delivery, at most. */
  readonly maxAttempts: number;
  readonly userAgent: string;
  /** Of the jitter, from 0 to 1. */
  readonly random?: () => number;
}

/** What came of one attempt, and what is to be done about it. */
export interface SentDelivery {
  readonly outcome: AttemptOutcome;
  readonly actions: readonly DeliveryAction[];
}

/** Signs an event by Standard Webhooks, sends it to its receiver and judges what comes back. */
export class WebhookSender {
  constructor(private readonly options: WebhookSenderOptions) {}

  async send(webhook: Webhook, delivery: Delivery, attempt: number): Promise<SentDelivery> {
    const { clock, http, userAgent } = this.options;
    const [at, startedAt] = [clock.wallTime(), clock.now()];
    const body = JSON.stringify(delivery.event);
    const headers = this.signed(webhook, delivery.event.id, at, body);
    const answer = await http.send({
      method: 'POST',
      url: webhook.url,
      headers: { 'content-type': 'application/json', 'user-agent': userAgent, ...headers },
      body,
    });
    const durationMs = Math.round(clock.now() - startedAt);
    const response = answer.ok ? answer.value : undefined;
    const made: DeliveryAttempt = { at, durationMs, ...told(response, answer.ok ? undefined : answer.error) };
    return this.judge(this.trigger(response, attempt), made, attempt, response);
  }

  private judge(
    trigger: DeliveryTrigger,
    made: DeliveryAttempt,
    attempt: number,
    response: OutboundResponse | undefined,
  ): SentDelivery {
    const arrow = arrowFor(webhookDeliveryMachine, 'sending', trigger);
    const to = arrow?.to ?? 'dead';
    const actions = arrow?.do ?? [];
    if (to === 'delivered' || to === 'dead') return { outcome: { to, attempt: made }, actions };
    const wish = retryAfterMs(response?.headers['retry-after'], this.options.clock.wallTime());
    const delayMs = Math.max(wish, backOff(attempt, this.options.random ?? Math.random));
    return { outcome: { to: 'retrying', attempt: made, delayMs }, actions };
  }

  private trigger(response: OutboundResponse | undefined, attempt: number): DeliveryTrigger {
    const status = response?.status ?? 0;
    if (status >= OK_FROM && status <= OK_TO) return 'accepted';
    if (status === GONE) return 'gone';
    return attempt >= this.options.maxAttempts ? 'refused at last' : 'refused';
  }

  /** One signature for each secret that is valid, so that a receiver may go over to a new one at leisure. */
  private signed(webhook: Webhook, id: string, at: number, body: string): Record<string, string> {
    const date = new Date(at);
    const signatures = validSecrets(webhook, at).flatMap(({ sealed }) => {
      const opened = this.options.seal.open(sealed);
      return opened === undefined ? [] : [new Signer(opened).sign(id, date, body)];
    });
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': signatures.join(' '),
    };
  }
}

function told(
  response: OutboundResponse | undefined,
  failure: OutboundFailure | undefined,
): Pick<DeliveryAttempt, 'status' | 'error'> {
  if (!response) return { error: failure?.detail ?? 'no response' };
  const { status } = response;
  return status >= OK_FROM && status <= OK_TO
    ? { status }
    : { status, error: `The receiver answered ${status}.` };
}
