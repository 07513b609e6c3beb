import type { CallEvent } from '@legato/b2bua';
import type { EventData, EventType } from '@legato/contracts';
import type { IdSource } from '@legato/kernel';
import type { Binding, BindingChange, Flow } from '@legato/sip';

/** Who took a binding away. */
export type RemovedBy = EventData<'registration.removed'>['by'];

const TYPES: Readonly<Record<BindingChange['kind'], EventType>> = {
  added: 'registration.added',
  refreshed: 'registration.refreshed',
  expired: 'registration.expired',
  removed: 'registration.removed',
};

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

/** `host:port` where the packets of a flow come from. */
export const sourceOf = ({ remote: { host, port } }: Flow): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

function dataOf(aor: string, binding: Binding) {
  const { contact, expiresAt, q, flow, userAgent } = binding;
  return {
    aor,
    contact,
    expires_at: iso(expiresAt),
    ...(q === undefined ? {} : { q }),
    ...(flow ? { source: sourceOf(flow) } : {}),
    ...(userAgent === undefined ? {} : { user_agent: userAgent }),
  };
}

/** The events of what became of bindings, numbered on from `sequence`. */
export function registrationEvents(
  changes: readonly BindingChange[],
  context: {
    readonly aor: string;
    readonly sequence: number;
    readonly now: number;
    readonly ids: IdSource;
    readonly removedBy: RemovedBy;
  },
): CallEvent[] {
  const { aor, sequence, now, ids, removedBy } = context;
  return changes.map(({ kind, binding }, index) => {
    const data = dataOf(aor, binding);
    return {
      id: `evt_${ids.uuidv7()}`,
      type: TYPES[kind],
      subject: aor,
      time: iso(now),
      sequence: sequence + index + 1,
      data: kind === 'removed' ? { ...data, by: removedBy } : data,
    };
  });
}
