import type { CallControl } from '@legato/b2bua';
import { createMetricsRegistry, gaugeIn, totalsIn } from '@legato/observability';
import type { Registry } from '@legato/observability';
import type { MediaServerHealth } from '../media-servers/media-server-health';
import type { SipStack } from '../sip/sip-stack';
import type { State } from '../state/open-state';

export interface MetricSources {
  readonly sip: Pick<SipStack, 'transactions' | 'received' | 'receivedBy' | 'dropped'>;
  readonly state: Pick<State, 'errors'>;
  readonly calls: Pick<CallControl, 'counts'>;
  readonly mediaServers: Pick<MediaServerHealth, 'counts'>;
}

const CALLS_IN_STATE = 'calls_';

/** `calls_ringing: 2` -> `ringing: 2` */
function callsByState(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts)
      .filter(([name]) => name.startsWith(CALLS_IN_STATE))
      .map(([name, count]) => [name.slice(CALLS_IN_STATE.length), count]),
  );
}

/** The numbers of /metrics; all but those of HTTP are read when the page is asked for. */
export function controlPlaneMetrics({ sip, state, calls, mediaServers }: MetricSources): Registry {
  const registry = createMetricsRegistry({ processMetrics: true });
  gaugeIn(registry, { name: 'legato_sip_transactions', help: 'Live SIP transactions.' }, 'machine', () =>
    sip.transactions(),
  );
  const received = {
    name: 'legato_sip_received_total',
    help: 'SIP messages received; malformed: not parsed.',
  };
  totalsIn(registry, received, 'kind', () => sip.received());
  const byTransport = { name: 'legato_sip_transport_received_total', help: 'SIP messages by transport.' };
  totalsIn(registry, byTransport, 'transport', () => sip.receivedBy());
  const dropped = { name: 'legato_sip_dropped_total', help: 'SIP messages not served; refused: rate limit.' };
  totalsIn(registry, dropped, 'reason', () => ({ ...sip.dropped() }));
  gaugeIn(registry, { name: 'legato_calls', help: 'Live calls by state.' }, 'state', () =>
    callsByState(calls.counts()),
  );
  gaugeIn(registry, { name: 'legato_recordings', help: 'Recordings that have not ended.' }, 'state', () => ({
    active: calls.counts()['recordings'] ?? 0,
  }));
  const errors = { name: 'legato_store_errors_total', help: 'Questions that the store did not answer.' };
  totalsIn(registry, errors, 'store', () => ({ calls: state.errors() }));
  gaugeIn(registry, { name: 'legato_media_servers', help: 'Media servers by state.' }, 'state', () =>
    mediaServers.counts(),
  );
  return registry;
}
