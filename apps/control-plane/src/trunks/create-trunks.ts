import type { Clock, IdSource, Log } from '@legato/kernel';
import type { ClientAuthorizer } from '@legato/sip';
import { DigestClient } from '@legato/sip';
import { MediaServerHealth } from '../media-servers/media-server-health';
import { optionsProbe } from '../media-servers/options-probe';
import type { SipStack } from '../sip/sip-stack';
import { TrunkTable } from './trunk-table';
import type { TrunksConfig } from './trunks-file';

/** The ways out of this node. */
export interface Trunks {
  readonly table: TrunkTable;
  /** Asks the targets by OPTIONS whether they are there. */
  readonly health: MediaServerHealth;
  /** Unset when no trunk has credentials. */
  readonly authorize?: ClientAuthorizer['authorize'];
}

export interface TrunksParts {
  readonly config: TrunksConfig;
  readonly sip: Pick<SipStack, 'layer' | 'address'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

export function createTrunks({ config, sip, clock, ids, log }: TrunksParts): Trunks {
  const table = new TrunkTable({ trunks: config.trunks, clock, log });
  const health = new MediaServerHealth({
    what: 'trunk',
    uris: table.targets,
    clock,
    log,
    probe: optionsProbe({ clock, ids, layer: sip.layer, address: sip.address }),
    pool: {
      reportSuccess: (uri) => table.reportHealth(uri, true),
      reportFailure: (uri) => table.reportHealth(uri, false),
    },
    onChange: () => undefined,
  });
  const accounts = config.trunks.flatMap(({ account }) => (account ? [account] : []));
  if (accounts.length === 0) return { table, health };
  const client = new DigestClient({ accounts, ids });
  return { table, health, authorize: (challenge, request) => client.authorize(challenge, request) };
}
