import type { AuditedStream, AuditResult } from '@legato/msml';
import { isPlayActive, loseAnnouncement } from './announcements';
import type { Conference } from './conference';
import type { Loudness, ParticipantSnapshot } from './conference-snapshot';
import { mixerId, present } from './conference-snapshot';
import { isRecordingActive } from './recording-states';
import { loseRecording } from './recordings';

function loudnessOf({ gain }: AuditedStream): Loudness {
  if (gain?.amt === 'mute') return 'mute';
  const amount = Number.parseFloat(gain?.amt ?? '0');
  return Number.isFinite(amount) ? amount : 0;
}

/** Seen from the conference: what comes from it is heard. */
function adoptStreams(participant: ParticipantSnapshot, streams: readonly AuditedStream[]): void {
  const own = streams.filter(({ joinwith }) => joinwith === participant.connection);
  const heard = own.find(({ dir }) => dir === 'from');
  const spoken = own.find(({ dir }) => dir === 'to');
  const { whisper, music } = participant.applied;
  participant.applied = {
    ...(spoken ? { speak: loudnessOf(spoken) } : {}),
    ...(heard ? { hear: loudnessOf(heard) } : {}),
    ...(whisper ? { whisper } : {}),
    ...(music === undefined ? {} : { music }),
  };
}

/** Takes those out of the conference whom it should not have: left by a request whose answer was lost. */
function removeStrangers(conference: Conference, streams: readonly AuditedStream[]): void {
  const known = new Set(present(conference.snapshot).map(({ connection }) => connection));
  const strangers = new Set(streams.map(({ joinwith }) => joinwith).filter((id) => !known.has(id)));
  for (const stranger of strangers) {
    conference.submit('tidy', [{ element: 'unjoin', id1: stranger, id2: mixerId(conference.snapshot) }]);
  }
}

/** Dialogs that report to nobody any more end, and what should run and does not is lost. */
function compareDialogs(conference: Conference, names: ReadonlySet<string>): void {
  const { snapshot } = conference;
  const conferenceId = mixerId(snapshot);
  const announcements = snapshot.announcements.filter(isPlayActive);
  const recordings = snapshot.recordings.filter(isRecordingActive);
  for (const announcement of announcements) {
    const runs = announcement.target !== conferenceId || names.has(announcement.id);
    if (!runs && announcement.state === 'playing') loseAnnouncement(conference, announcement);
  }
  for (const recording of recordings) {
    // Those of participants are dialogs of their connections, which go with their calls.
    if (!recording.track && !names.has(recording.id) && recording.state === 'recording')
      loseRecording(conference, recording);
  }
  const known = new Set([...announcements, ...recordings].map(({ id }) => String(id)));
  for (const name of names) {
    if (known.has(name) || name.startsWith('tone-')) continue;
    conference.submit('tidy', [{ element: 'dialogend', id: `${conferenceId}/dialog:${name}` }]);
  }
}

/**
 * Takes what an audit found for what the media server does; without a result it does not know of the conference.
 * `withStreams`: they were asked for.
 */
export function adoptAudit(
  conference: Conference,
  found: AuditResult | undefined,
  withStreams: boolean,
): void {
  for (const participant of conference.snapshot.participants) {
    delete participant.pending;
    participant.refusals = Math.min(participant.refusals, 1);
    if (found && withStreams) adoptStreams(participant, found.stream ?? []);
    else if (!found) {
      const { music } = participant.applied;
      participant.applied = music === undefined ? {} : { music };
    }
  }
  if (found && withStreams) removeStrangers(conference, found.stream ?? []);
  compareDialogs(conference, new Set((found?.dialog ?? []).map(({ name }) => name)));
}
