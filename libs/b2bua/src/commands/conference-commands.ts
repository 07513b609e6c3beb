import type { Clock } from '@legato/kernel';
import type { RecordingView } from '../call/recording-view';
import { announce, isPlayActive, stopAnnouncement } from '../conference/announcements';
import type { Conference } from '../conference/conference';
import type { ConferenceState } from '../conference/conference.machine';
import type { ConferenceNames } from '../conference/conference-names';
import type { ConferenceReader } from '../conference/conference-reader';
import type { ConferenceRegistry } from '../conference/conference-registry';
import type { ConferenceOptions } from '../conference/conference-snapshot';
import { present } from '../conference/conference-snapshot';
import type { AnnouncementView, ConferenceView } from '../conference/conference-view';
import {
  announcementView,
  conferenceRecordings,
  conferenceRecordingView,
  conferenceView,
} from '../conference/conference-view';
import { newConference } from '../conference/new-conference';
import { change } from '../conference/participants';
import { DEFAULT_MAX_MS, record } from '../conference/recordings';
import { recordTracks } from '../conference/track-sets';
import type { PromptSource } from '../media-control/prompt-source';
import type { CommandRefused } from '../registry/call-control';
import { conflict } from './command-refusals';
import { recordingNotFound } from './recording-commands';
import {
  conferenceNotFound,
  elsewhere,
  hasEnded,
  participantNotFound,
  stateRefused,
} from './conference-refusals';

type Answer<View> = Promise<View | CommandRefused>;

/** What can be asked of conferences; each command goes through the mailbox of its conference. */
export interface ConferenceCommands {
  /** The open conference of that name, or a new one with `options`. */
  createOrGet(
    name: string,
    options: ConferenceOptions,
    beginning?: { readonly record?: boolean },
  ): Answer<{ readonly conference: ConferenceView; readonly isNew: boolean }>;
  getConference(id: string): Promise<ConferenceView | undefined>;
  listConferences(options: {
    readonly after?: string;
    readonly limit: number;
    readonly state?: ConferenceState;
    readonly name?: string;
  }): Promise<{ data: ConferenceView[]; next?: string }>;
  lock(id: string): Answer<ConferenceView>;
  unlock(id: string): Answer<ConferenceView>;
  /** Everybody but the hosts. */
  muteAll(id: string, muted: boolean): Answer<ConferenceView>;
  end(id: string, options: { readonly hangUp: boolean }): Answer<ConferenceView>;
  /** To everybody, or to one participant. */
  play(
    id: string,
    options: {
      readonly sources: readonly PromptSource[];
      readonly loop: number;
      readonly participant?: string;
    },
  ): Answer<AnnouncementView>;
  stopPlay(id: string, playId: string): Answer<AnnouncementView>;
  listPlays(id: string): Promise<AnnouncementView[] | undefined>;
  /** Records the mix, or each participant as a track of its own. */
  record(id: string, options: ConferenceRecordingOptions): Answer<RecordingView>;
  listRecordings(id: string): Promise<RecordingView[] | undefined>;
  /** Numbers for /metrics. */
  counts(): ConferenceCounts;
}

export interface ConferenceRecordingOptions {
  readonly channels?: 'mono' | 'per_participant';
  readonly maxMs?: number;
}

/** What this node has of conferences. */
export interface ConferenceCounts {
  readonly byState: Readonly<Record<string, number>>;
  readonly participants: number;
  readonly recordings: number;
  /** MSML events for no object of their conference, since the start. */
  readonly unknownEvents: number;
}

export interface ConferenceCommandsOptions {
  readonly clock: Clock;
  readonly registry: ConferenceRegistry;
  readonly reader: ConferenceReader;
  readonly names: ConferenceNames;
}

const recordAs = (conference: Conference, { channels, maxMs }: ConferenceRecordingOptions): string =>
  channels === 'per_participant'
    ? recordTracks(conference, maxMs ?? DEFAULT_MAX_MS).id
    : record(conference, maxMs).id;

/** How much may be played at a time. */
const MOST_PLAYS = 20;

const playNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'play_not_found',
  detail: 'The conference has no play of this id',
};

/** The conferences of this node, and those that the store still knows of. */
export class LiveConferenceCommands implements ConferenceCommands {
  constructor(private readonly options: ConferenceCommandsOptions) {}

  async createOrGet(
    name: string,
    options: ConferenceOptions,
    beginning: { readonly record?: boolean } = {},
  ): Answer<{ readonly conference: ConferenceView; readonly isNew: boolean }> {
    const { registry, names, clock } = this.options;
    const taken = await names.take(name);
    if (taken === 'elsewhere') return elsewhere(name);
    if (taken === 'full') return conflict('limit_reached', 'There are as many conferences as may be');
    const { id } = taken;
    if (taken.isNew) {
      registry.create(
        newConference({ id, name, generation: taken.generation, now: clock.wallTime(), options }),
      );
    }
    const conference = await registry.ask(id, (live) => {
      if (taken.isNew && beginning.record) record(live);
      return conferenceView(live.snapshot);
    });
    return conference ? { conference, isNew: taken.isNew } : storeAway;
  }

  async getConference(id: string): Promise<ConferenceView | undefined> {
    const snapshot = await this.options.reader.snapshot(id);
    return snapshot && conferenceView(snapshot);
  }

  async listConferences(options: {
    readonly after?: string;
    readonly limit: number;
    readonly state?: ConferenceState;
    readonly name?: string;
  }): Promise<{ data: ConferenceView[]; next?: string }> {
    const { state, name, ...page } = options;
    const found = await this.options.reader.list({
      ...page,
      matches: (snapshot) =>
        (state === undefined || snapshot.state === state) && (name === undefined || snapshot.name === name),
    });
    return { ...found, data: found.data.map(conferenceView) };
  }

  lock(id: string): Answer<ConferenceView> {
    return this.command(id, (conference) => {
      const { state } = conference.snapshot;
      if (state === 'created') return stateRefused(conference.snapshot);
      conference.move('lock');
      return undefined;
    });
  }

  unlock(id: string): Answer<ConferenceView> {
    return this.command(id, (conference) => {
      conference.move('unlock');
      return undefined;
    });
  }

  muteAll(id: string, muted: boolean): Answer<ConferenceView> {
    return this.command(id, (conference) => {
      for (const participant of present(conference.snapshot)) {
        if (participant.role !== 'host' && participant.muted !== muted)
          change(conference, participant, { muted });
      }
      return undefined;
    });
  }

  end(id: string, { hangUp }: { readonly hangUp: boolean }): Answer<ConferenceView> {
    return this.command(id, (conference) => {
      if (!hangUp) conference.snapshot.keepsCalls = true;
      conference.end('requested');
      return undefined;
    });
  }

  async play(
    id: string,
    {
      participant,
      ...options
    }: {
      readonly sources: readonly PromptSource[];
      readonly loop: number;
      readonly participant?: string;
    },
  ): Answer<AnnouncementView> {
    const answer = await this.options.registry.ask(id, (conference): AnnouncementView | CommandRefused => {
      const ended = hasEnded(conference);
      if (ended) return ended;
      const { snapshot } = conference;
      if (snapshot.announcements.filter(isPlayActive).length >= MOST_PLAYS)
        return conflict('media_work_pending', `${MOST_PLAYS} plays wait already`);
      const listener = participant === undefined ? undefined : conference.participant(participant);
      if (participant !== undefined && (!listener || listener.state === 'left')) return participantNotFound;
      const to = listener ? { participant: listener.id } : {};
      return announcementView(snapshot, announce(conference, { ...options, ...to }));
    });
    return answer ?? this.gone(id);
  }

  async stopPlay(id: string, playId: string): Answer<AnnouncementView> {
    const answer = await this.options.registry.ask(id, (conference) => {
      const announcement = conference.snapshot.announcements.find((each) => each.id === playId);
      if (!announcement) return playNotFound;
      stopAnnouncement(conference, announcement);
      return announcementView(conference.snapshot, announcement);
    });
    return answer ?? (await this.listPlays(id))?.find((play) => play.id === playId) ?? playNotFound;
  }

  async listPlays(id: string): Promise<AnnouncementView[] | undefined> {
    const snapshot = await this.options.reader.snapshot(id);
    return snapshot?.announcements.map((announcement) => announcementView(snapshot, announcement));
  }

  async record(id: string, options: ConferenceRecordingOptions): Answer<RecordingView> {
    const answer = await this.options.registry.ask(id, (conference): RecordingView | CommandRefused => {
      const ended = hasEnded(conference);
      if (ended) return ended;
      const recording = recordAs(conference, options);
      return conferenceRecordingView(conference.snapshot, recording) ?? recordingNotFound;
    });
    return answer ?? this.gone(id);
  }

  async listRecordings(id: string): Promise<RecordingView[] | undefined> {
    const snapshot = await this.options.reader.snapshot(id);
    return (
      snapshot &&
      conferenceRecordings(snapshot)
        .map(({ id: recording }) => conferenceRecordingView(snapshot, recording))
        .filter((view) => view !== undefined)
    );
  }

  counts(): ConferenceCounts {
    return this.options.registry.counts();
  }

  /** Runs `task` for a conference that has not begun to end; what it answers is a refusal. */
  private async command(
    id: string,
    task: (conference: Conference) => CommandRefused | undefined,
  ): Answer<ConferenceView> {
    const answer = await this.options.registry.ask(
      id,
      (conference) => hasEnded(conference) ?? task(conference) ?? conferenceView(conference.snapshot),
    );
    return answer ?? this.gone(id);
  }

  private async gone(id: string): Promise<CommandRefused> {
    const snapshot = await this.options.reader.snapshot(id);
    if (!snapshot) return conferenceNotFound;
    return snapshot.state === 'ended'
      ? conflict('conference_ended', 'The conference has ended')
      : elsewhere(snapshot.name);
  }
}

const storeAway: CommandRefused = {
  refused: 'unavailable',
  code: 'store_unavailable',
  detail: 'The conference could not be stored',
};
