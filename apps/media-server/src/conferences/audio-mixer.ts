import type { ConferenceMix } from '@legato/media';
import type { AudioMix } from '@legato/msml';
import { durationMs } from '../dialogs/duration';
import type { ControlContext } from '../objects/control-context';
import type { EventSink } from '../objects/event-sink';
import type { Conference } from './conference';

const LEAST_DBM0 = -96;

/** What the engine is to do for the features of a mixer (RFC 5707 §8.6.1, §8.6.2). */
export function mixOf(mix: AudioMix): ConferenceMix {
  const loudest = mix['n-loudest'];
  const intervalMs = durationMs(mix.asn?.ri) ?? 0;
  const thresholdDbm0 = Number(mix.asn?.asth ?? LEAST_DBM0);
  return {
    ...(loudest ? { nLoudest: Number(loudest.n) } : {}),
    ...(intervalMs > 0 ? { activeSpeakers: { intervalMs, thresholdDbm0 } } : {}),
  };
}

/** Tells of the speakers of a conference from now on, while its mixer asks for that. */
export function reportSpeakers(context: ControlContext, conference: Conference): void {
  context.media.onActiveSpeakers(conference.id, (ids) => conference.noteSpeakers(ids));
}

/** Replaces the features that `named` has, each wholly, and leaves the others (§8.4). */
export function changeMixer(
  context: ControlContext,
  conference: Conference,
  named: AudioMix,
  origin: EventSink,
): void {
  const mix = { ...conference.audiomix, ...named };
  context.media.updateConference(conference.id, mixOf(mix));
  conference.audiomix = mix;
  if (named.asn) conference.reportSpeakersTo(origin);
}
