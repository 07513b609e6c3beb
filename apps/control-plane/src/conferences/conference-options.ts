import type { ConferenceOptions } from '@legato/b2bua';
import { DEFAULT_CONFERENCE } from '@legato/b2bua';
import type { CreateConference } from '@legato/contracts';

/** What a command says of a new conference. */
export const conferenceOptions = (body: CreateConference): ConferenceOptions => ({
  maxParticipants: body.max_participants,
  startOn: body.start_on,
  endOn: body.end_on,
  lingerMs: body.linger_s * 1000,
  maxDurationMs: body.max_duration_s * 1000,
  tones: body.announce ?? DEFAULT_CONFERENCE.tones,
  music: body.music ?? DEFAULT_CONFERENCE.music,
  speakersMs: body.speaker_interval_ms,
  metadata: body.metadata ?? {},
});
