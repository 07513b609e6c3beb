import type { CallControl, ConferenceCommands } from '@legato/b2bua';
import { createMetricsRegistry, gaugeIn, totalsIn } from '@legato/observability';
import type { Registry } from '@legato/observability';
import type { MediaServers } from '../media-servers/media-servers';
import type { SipStack } from '../sip/sip-stack';
import type { State } from '../state/open-state';

export interface MetricSources {
  readonly sip: Pick<SipStack, 'transactions' | 'received' | 'receivedBy' | 'dropped'>;
  readonly state: Pick<State, 'errors'>;
  readonly calls: Pick<CallControl, 'counts'>;
  readonly conferences: Pick<ConferenceCommands, 'counts'>;
  readonly mediaServers: Pick<MediaServers, 'counts' | 'connections' | 'unknownEvents'>;
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
export function controlPlaneMetrics({
  sip,
  state,
  calls,
  conferences,
  mediaServers,
}: MetricSources): Registry {
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
    active: (calls.counts()['recordings'] ?? 0) + conferences.counts().recordings,
  }));
  const mixed = { name: 'legato_conferences', help: 'Live conferences by state.' };
  gaugeIn(registry, mixed, 'state', () => conferences.counts().byState);
  const present = { name: 'legato_participants', help: 'Participants who have not left.' };
  gaugeIn(registry, present, 'state', () => ({ present: conferences.counts().participants }));
  const errors = { name: 'legato_store_errors_total', help: 'Questions that the store did not answer.' };
  totalsIn(registry, errors, 'store', () => ({ calls: state.errors() }));
  gaugeIn(registry, { name: 'legato_media_servers', help: 'Media servers by state.' }, 'state', () =>
    mediaServers.counts(),
  );
  const connections = { name: 'legato_media_server_connections', help: 'Connections of this node there.' };
  gaugeIn(registry, connections, 'media_server', () => mediaServers.connections());
  const unknown = {
    name: 'legato_msml_unknown_events_total',
    help: 'Events of media servers about objects that nobody here knows, by the dialog they came on.',
  };
  totalsIn(registry, unknown, 'dialog', () => ({
    media: calls.counts()['msml_unknown_events'] ?? 0,
    control: mediaServers.unknownEvents,
    conference: conferences.counts().unknownEvents,
  }));
  return registry;
}
