import type { CallTimings } from '../call/call-runtime';
import type { RecordingId } from '../call/call-snapshot';
import type { MediaServerPool } from '../ports/media-server-pool';
import type { AggregateRegistryOptions } from '../registry/aggregate-registry';
import { AggregateRegistry } from '../registry/aggregate-registry';
import { Conference } from './conference';
import type { ConferenceCounts } from '../commands/conference-commands';
import type { ConferenceRuntime, ParticipantCalls } from './conference-runtime';
import type { ConferenceSnapshot } from './conference-snapshot';
import { present } from './conference-snapshot';
import { loseSilentControl } from './control-events';
import { fireConferenceTimer } from './fire-timer';
import { beginConference } from './new-conference';
import { resumeConference } from './resume-conference';

export interface ConferenceRegistryOptions extends Omit<AggregateRegistryOptions, 'retentionMs'> {
  readonly mediaServers: MediaServerPool;
  readonly timings: CallTimings;
  /** `host:port` of this user agent. */
  readonly address: string;
  readonly calls: ParticipantCalls;
  /** Finished recordings go to an archive before they are complete. */
  readonly archivesRecordings?: boolean;
  /** A recording came to be: it can be asked for by its own id from now on. */
  readonly recordingCreated: (conferenceId: string, recording: RecordingId) => void;
}

export const CONFERENCE_PREFIX = 'conf_';

/** The live conferences of this node. */
export class ConferenceRegistry extends AggregateRegistry<Conference> {
  private readonly runtime: ConferenceRuntime;
  /** MSML events for no object of their conference. */
  private unknownEvents = 0;

  constructor(options: ConferenceRegistryOptions) {
    super(
      { ...options, retentionMs: options.timings.retentionMs },
      {
        prefix: CONFERENCE_PREFIX,
        restore: (state) => new Conference(JSON.parse(state) as ConferenceSnapshot, this.runtime),
        timersOf: ({ snapshot }) => snapshot.timers,
        resume: resumeConference,
        fireTimer: fireConferenceTimer,
      },
    );
    const { clock, ids, log, timings, mediaServers, address, calls, recordingCreated } = options;
    this.runtime = {
      clock,
      ids,
      log,
      timings,
      mediaServers,
      address,
      calls,
      recordingCreated,
      archivesRecordings: options.archivesRecordings ?? false,
      outputFor: (id) => this.output(id),
      afterStored: (id, effect) => this.output(id).also(effect),
      startTimer: (id, name, delayMs) => this.startTimer(id, name, delayMs),
      stopTimer: (id, name) => this.stopTimer(id, name),
      unknownMsmlEvent: () => void (this.unknownEvents += 1),
    };
  }

  create(snapshot: ConferenceSnapshot): void {
    this.admit(snapshot.id, () => new Conference(snapshot, this.runtime));
    this.post(snapshot.id, beginConference);
  }

  snapshot(id: string): ConferenceSnapshot | undefined {
    return this.find(id)?.snapshot;
  }

  /** The conference of a name that has not begun to end. */
  named(name: string): ConferenceSnapshot | undefined {
    for (const { snapshot, isEnding, isEnded } of this.all())
      if (snapshot.name === name && !isEnding && !isEnded) return snapshot;
    return undefined;
  }

  /** The media server `uri` has been silent for long. */
  loseMediaServer(uri: string): void {
    this.postAll((conference) => loseSilentControl(conference, uri));
  }

  /** Ends every conference, because none can outlive this process. */
  endAll(): void {
    this.postAll((conference) => conference.end('shutdown'));
  }

  /** Numbers for /metrics. */
  counts(): ConferenceCounts {
    const byState: Record<string, number> = { created: 0, active: 0, locked: 0, ending: 0 };
    let [participants, recordings] = [0, 0];
    for (const { snapshot } of this.all()) {
      byState[snapshot.state] = (byState[snapshot.state] ?? 0) + 1;
      participants += present(snapshot).length;
      recordings += snapshot.recordings.filter(({ endedAt }) => endedAt === undefined).length;
    }
    return { byState, participants, recordings, unknownEvents: this.unknownEvents };
  }
}
