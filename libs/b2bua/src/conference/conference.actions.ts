import { release } from './release';
import type { Conference } from './conference';
import type { ConferenceAction } from './conference.machine';

const describe = ({ snapshot }: Conference) => ({
  name: snapshot.name,
  generation: snapshot.generation,
  metadata: snapshot.options.metadata,
});

/** What the arrows of the conference's machine do. */
export const conferenceActions: Readonly<Record<ConferenceAction, (conference: Conference) => void>> = {
  'log conference.started': (conference) => {
    conference.snapshot.startedAt = conference.runtime.clock.wallTime();
    conference.log('conference.started', describe(conference));
  },
  'log conference.locked': (conference) => conference.log('conference.locked', {}),
  'log conference.unlocked': (conference) => conference.log('conference.unlocked', {}),
  'log conference.ended': (conference) => {
    const { snapshot, runtime } = conference;
    snapshot.endedAt = runtime.clock.wallTime();
    const since = snapshot.startedAt;
    conference.log('conference.ended', {
      ...describe(conference),
      ended_reason: snapshot.endedReason,
      error: snapshot.error,
      duration_ms: since === undefined ? 0 : snapshot.endedAt - since,
    });
  },
  'stop every timer': (conference) => {
    for (const name of Object.keys(conference.snapshot.timers)) conference.stopTimer(name);
  },
  'release everything': (conference) => release(conference),
};
