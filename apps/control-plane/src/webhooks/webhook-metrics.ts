import type { Registry } from '@legato/observability';
import { totalsIn } from '@legato/observability';
import type { WebhookDispatcher } from './webhook-dispatcher';

/** What /metrics tells of webhooks; it is this node's, so most nodes tell nothing. */
export function webhookMetrics(registry: Registry, dispatcher: Pick<WebhookDispatcher, 'attempts'>): void {
  const attempts = {
    name: 'legato_webhook_attempts_total',
    help: 'Requests to the receivers of webhooks; retrying: refused and tried again, dead: given up.',
  };
  totalsIn(registry, attempts, 'outcome', () => ({ ...dispatcher.attempts }));
}
