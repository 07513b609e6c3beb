import type { EventLog } from '@legato/b2bua';
import type { EventData, EventType } from '@legato/contracts';
import type { Clock, IdSource, Log } from '@legato/kernel';

export interface NodeEventsOptions {
  readonly events: EventLog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

type Reported = Extract<EventType, `media_server.${string}` | `node.${string}` | 'webhook.disabled'>;

/** Logs what happens to this node and the media servers it sees; sequences start with the process. */
export class NodeEvents {
  private readonly sequences = new Map<string, number>();

  constructor(private readonly options: NodeEventsOptions) {}

  /** Appends an event; a log that does not take it is written to the process's own log instead. */
  async report<Type extends Reported>(type: Type, subject: string, data: EventData<Type>): Promise<void> {
    const { events, clock, ids, log } = this.options;
    const sequence = (this.sequences.get(subject) ?? 0) + 1;
    this.sequences.set(subject, sequence);
    const time = new Date(clock.wallTime()).toISOString();
    try {
      await events.append([{ id: `evt_${ids.uuidv7()}`, type, subject, time, sequence, data }]);
    } catch (error) {
      log.warn('event is not logged', { event_type: type, subject, error });
    }
  }
}
