import type {
  CallCommands,
  CollectCommands,
  ConferenceCommands,
  ParticipantCommands,
  PlayCommands,
  RecordingCommands,
} from '@legato/b2bua';

/** What REST can ask of the resources that belong to calls and conferences. */
export interface ResourceCommands {
  readonly calls: CallCommands;
  readonly recordings: RecordingCommands;
  readonly plays: PlayCommands;
  readonly collects: CollectCommands;
  readonly conferences: ConferenceCommands;
  readonly participants: ParticipantCommands;
}
