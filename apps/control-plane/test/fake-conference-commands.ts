import type {
  AnnouncementView,
  CommandRefused,
  ConferenceCommands,
  ConferenceView,
  ParticipantCommands,
  ParticipantView,
  RecordingView,
} from '@legato/b2bua';

const uuid = (n: number) => `0192f0c1-5b7a-7cc1-8d0f-${String(n).padStart(12, '0')}`;
const at = '2026-11-21T02:30:00.000Z';

export const conferenceId = (n: number) => `conf_${uuid(n)}`;
export const participantId = (n: number) => `part_${uuid(n)}`;

export const conferenceView = (more: Partial<ConferenceView> = {}): ConferenceView => ({
  id: conferenceId(1),
  name: 'room',
  generation: 1,
  state: 'active',
  max_participants: 200,
  start_on: 'join',
  end_on: 'empty',
  created_at: at,
  participants: 0,
  recordings: [],
  metadata: {},
  ...more,
});

export const participantView = (more: Partial<ParticipantView> = {}): ParticipantView => ({
  id: participantId(1),
  conference_id: conferenceId(1),
  call_id: `call_${uuid(1)}`,
  uri: 'sip:alice@example.com',
  state: 'joining',
  role: 'member',
  muted: false,
  deaf: false,
  hold: false,
  gain_db: 0,
  speaking: false,
  created_at: at,
  ...more,
});

type Answer<View> = Promise<View | CommandRefused>;

/** Conferences in memory: what was asked is kept, what is answered is set by the test. */
export class FakeConferenceCommands implements ConferenceCommands {
  readonly asked: unknown[] = [];
  /** When set, every command is refused so. */
  refusal: CommandRefused | undefined;
  /** What `createOrGet` says. */
  isNew = true;
  conference: ConferenceView | undefined = conferenceView();

  private answer<View extends object>(asked: unknown, view: View): Answer<View> {
    this.asked.push(asked);
    return Promise.resolve(this.refusal ?? view);
  }

  createOrGet(...asked: Parameters<ConferenceCommands['createOrGet']>) {
    return this.answer(asked, { conference: conferenceView({ name: asked[0] }), isNew: this.isNew });
  }

  getConference(): Promise<ConferenceView | undefined> {
    return Promise.resolve(this.conference);
  }

  listConferences(...asked: Parameters<ConferenceCommands['listConferences']>) {
    this.asked.push(asked[0]);
    return Promise.resolve({ data: [conferenceView()], next: conferenceId(1) });
  }

  lock(id: string): Answer<ConferenceView> {
    return this.answer({ lock: id }, conferenceView({ state: 'locked' }));
  }

  unlock(id: string): Answer<ConferenceView> {
    return this.answer({ unlock: id }, conferenceView());
  }

  muteAll(id: string, muted: boolean): Answer<ConferenceView> {
    return this.answer({ mute: id, muted }, conferenceView());
  }

  end(id: string, options: object): Answer<ConferenceView> {
    return this.answer({ end: id, ...options }, conferenceView({ state: 'ending' }));
  }

  play(id: string, options: Parameters<ConferenceCommands['play']>[1]): Answer<AnnouncementView> {
    return this.answer({ play: id, ...options }, announcementView());
  }

  stopPlay(id: string, playId: string): Answer<AnnouncementView> {
    return this.answer({ stop: playId, of: id }, announcementView());
  }

  listPlays(): Promise<AnnouncementView[] | undefined> {
    return Promise.resolve(this.conference && [announcementView()]);
  }

  record(id: string, options: object): Answer<RecordingView> {
    return this.answer({ record: id, ...options }, mixRecording());
  }

  listRecordings(): Promise<RecordingView[] | undefined> {
    return Promise.resolve(this.conference && [mixRecording()]);
  }

  counts() {
    return { byState: { active: 1 }, participants: 2, recordings: 0, unknownEvents: 0 };
  }
}

const announcementView = (): AnnouncementView => ({
  id: `play_${uuid(1)}`,
  conference_id: conferenceId(1),
  state: 'queued',
  sources: [{ file: 'welcome.wav' }],
  created_at: at,
});

const mixRecording = (): RecordingView => ({
  id: `rec_${uuid(1)}`,
  conference_id: conferenceId(1),
  state: 'requested',
  channels: 'mono',
  created_at: at,
});

/** Participants in memory, likewise. */
export class FakeParticipantCommands implements ParticipantCommands {
  readonly asked: unknown[] = [];
  refusal: CommandRefused | undefined;
  participants: ParticipantView[] | undefined = [participantView()];

  private answer(asked: unknown): Answer<ParticipantView> {
    this.asked.push(asked);
    return Promise.resolve(this.refusal ?? participantView());
  }

  add(...asked: Parameters<ParticipantCommands['add']>): Answer<ParticipantView> {
    return this.answer({ add: asked });
  }

  dial(...asked: Parameters<ParticipantCommands['dial']>): Answer<ParticipantView> {
    return this.answer({ dial: asked });
  }

  update(...asked: Parameters<ParticipantCommands['update']>): Answer<ParticipantView> {
    return this.answer({ update: asked });
  }

  remove(...asked: Parameters<ParticipantCommands['remove']>): Answer<ParticipantView> {
    return this.answer({ remove: asked });
  }

  getParticipant(_conference: string, id: string): Promise<ParticipantView | undefined> {
    return Promise.resolve(this.participants?.find((participant) => participant.id === id));
  }

  listParticipants(): Promise<ParticipantView[] | undefined> {
    return Promise.resolve(this.participants);
  }
}
