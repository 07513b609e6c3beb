import type { DigitOptions } from '@legato/media';
import type { AudioMix } from '@legato/msml';
import type { Connection } from '../objects/connection';
import type { DialogTarget } from '../objects/dialog-target';
import { DigitSource } from '../objects/digit-source';
import type { EventSink } from '../objects/event-sink';

export type DeleteWhen = 'nomedia' | 'nocontrol' | 'never';

export interface ConferenceOptions {
  readonly id: string;
  readonly deletewhen: DeleteWhen;
  /** Whether its deletion ends the SIP dialogs of the participants. */
  readonly term: boolean;
  readonly audiomix: AudioMix;
  /** Dialogs that nobody else can have. */
  readonly reserved: number;
  /** The SIP dialog that carried createconference. */
  readonly origin: EventSink;
}

/** A conference (RFC 5707 §8.1): its participants are the connections that are joined to it. */
export class Conference implements DialogTarget {
  readonly id: string;
  /** The digits of every participant (§9.7.1: any of them barges). */
  readonly digits = new DigitSource();
  /** Undefined when its mixer was taken away. */
  audiomix: AudioMix | undefined;
  private readonly present = new Map<Connection, () => void>();
  /** Who asked for active speaker notification last. */
  private listener: EventSink;
  private speakers = '';
  private hadParticipant = false;

  constructor(readonly options: ConferenceOptions) {
    this.id = options.id;
    this.audiomix = options.audiomix;
    this.listener = options.origin;
  }

  get participants(): readonly Connection[] {
    return [...this.present.keys()];
  }

  /** Whether the last participant has left; a fresh conference waits for its first one. */
  get isDeserted(): boolean {
    return this.hadParticipant && this.present.size === 0;
  }

  add(connection: Connection): void {
    if (this.present.has(connection)) return;
    this.hadParticipant = true;
    const unlisten = connection.digits.listen((pressed) => {
      this.digits.receive(pressed);
      return false;
    });
    this.present.set(connection, unlisten);
  }

  remove(connection: Connection): void {
    this.present.get(connection)?.();
    this.present.delete(connection);
  }

  /** Events about speakers go there, beginning with who speaks then. */
  reportSpeakersTo(origin: EventSink): void {
    this.listener = origin;
    this.speakers = '';
  }

  /** Reports who speaks, the loudest first, when these are others than before (§8.6.2); a conference is no speaker. */
  noteSpeakers(ids: readonly string[]): void {
    const speakers = ids.filter((id) => id.startsWith('conn:'));
    const set = [...speakers].sort().join('\n');
    if (set === this.speakers) return;
    this.speakers = set;
    const values = speakers.map((value) => ({ name: 'speaker', value }));
    this.listener.send({ name: 'msml.conf.asn', id: this.id, values });
  }

  sendDigits(digits: string, options: DigitOptions): void {
    for (const participant of this.participants) participant.sendDigits(digits, options);
  }

  /** A conference has no SIP dialog of its own. */
  disconnect(): void {}
}
