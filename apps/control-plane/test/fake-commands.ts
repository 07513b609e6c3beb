import type { RecordingCommands } from '@legato/b2bua';
import { FakeCallCommands } from './fake-call-commands';
import { FakeCollectCommands } from './fake-collect-commands';
import { FakeConferenceCommands, FakeParticipantCommands } from './fake-conference-commands';
import { FakePlayCommands } from './fake-play-commands';

/** The commands of every resource of a call, without calls behind them. */
export const fakeCommands = (recordings: RecordingCommands) => ({
  calls: new FakeCallCommands(),
  recordings,
  plays: new FakePlayCommands(),
  collects: new FakeCollectCommands(),
  conferences: new FakeConferenceCommands(),
  participants: new FakeParticipantCommands(),
});
