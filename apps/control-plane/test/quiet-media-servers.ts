import { MemoryDocumentStore } from '@legato/b2bua';
import { randomIds, silentLog } from '@legato/kernel';
import type { Clock } from '@legato/kernel';
import { Drains } from '../src/media-servers/drains';
import { MediaServers } from '../src/media-servers/media-servers';

/** Two media servers that are never asked anything. */
export function quietMediaServers(clock: Clock): MediaServers {
  const base = { clock, ids: randomIds, log: silentLog };
  return new MediaServers({
    ...base,
    servers: ['a', 'b'].map((id) => ({ id, uri: `sip:${id}`, dialect: 'rfc', weight: 1, control: false })),
    address: '127.0.0.1:5060',
    probe: () => Promise.resolve(true),
    drains: new Drains({ ...base, documents: new MemoryDocumentStore() }),
    report: () => Promise.resolve(),
  });
}
