import type { Log } from '@legato/kernel';
import { Conference } from '../mixer/conference';
import { SpeakerNotifier } from '../mixer/speaker-notifier';
import type { SpeakersListener } from '../mixer/speaker-notifier';
import { MediaObjectError } from './media.errors';
import type { ConferenceMix, ConferenceOptions } from './media-objects';

const DEFAULT_RATE = 8000;
const LEAST_THRESHOLD_DBM0 = -96;

type Step = 'mix' | 'prepareNext' | 'turnOver' | 'feedTaps';
const STEPS: readonly Step[] = ['mix', 'prepareNext', 'turnOver', 'feedTaps'];

/** The conferences of an engine. */
export class ConferenceTable {
  private readonly conferences = new Map<string, Conference>();
  private readonly listeners = new Map<Conference, Set<SpeakersListener>>();

  /** `release` frees what is bound to a conference that is gone. */
  constructor(
    private readonly log: Log,
    private readonly release: (conference: Conference) => void,
  ) {}

  get size(): number {
    return this.conferences.size;
  }

  ids(): string[] {
    return [...this.conferences.keys()];
  }

  values(): Iterable<Conference> {
    return this.conferences.values();
  }

  find(id: string): Conference | undefined {
    return this.conferences.get(id);
  }

  create(id: string, options: ConferenceOptions): void {
    const conference = new Conference(id, options.sampleRate ?? DEFAULT_RATE);
    this.conferences.set(id, conference);
    this.listeners.set(conference, new Set());
    this.update(id, options);
  }

  update(id: string, { nLoudest, activeSpeakers }: ConferenceMix): void {
    const conference = this.get(id);
    conference.nLoudest = nLoudest;
    conference.notifier = undefined;
    if (!activeSpeakers) return;
    const options = { thresholdDbm0: LEAST_THRESHOLD_DBM0, ...activeSpeakers };
    conference.notifier = new SpeakerNotifier(options, (ids) =>
      this.listeners.get(conference)?.forEach((listener) => listener(ids)),
    );
  }

  onActiveSpeakers(id: string, listener: SpeakersListener): () => void {
    const listeners = this.listeners.get(this.get(id));
    listeners?.add(listener);
    return () => void listeners?.delete(listener);
  }

  destroy(id: string): void {
    const conference = this.get(id);
    this.conferences.delete(id);
    this.listeners.delete(conference);
    this.release(conference);
  }

  /** The part of a tick that is between listening and speaking. */
  tick(): void {
    const conferences = [...this.conferences.values()];
    for (const step of STEPS) for (const conference of conferences) this.attempt(conference, step);
  }

  private get(id: string): Conference {
    const conference = this.conferences.get(id);
    if (!conference) throw new MediaObjectError('NO_SUCH_OBJECT', id);
    return conference;
  }

  /** A programming error ends the conference that it happened in, never the process. */
  private attempt(conference: Conference, step: Step): void {
    try {
      conference[step]();
    } catch (error) {
      this.log.error('conference failed', { conference: conference.id, error: String(error) });
      if (this.conferences.has(conference.id)) this.destroy(conference.id);
    }
  }
}
