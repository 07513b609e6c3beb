import type { AudioMix, VideoLayout } from '@legato/msml';
import { durationMs } from '../dialogs/duration';
import { sampleRate } from '../dialogs/sample-rate';
import type { Refusal } from '../msml/refusal';
import { refuse } from '../msml/refusal';

/** The engine reports no levels: what wants them is refused. */
export function checkAudioMix(mix: AudioMix | undefined): Refusal | undefined {
  if (!mix) return undefined;
  if (mix['n-loudest']) return refuse('402', 'n-loudest');
  if ((durationMs(mix.asn?.ri) ?? 0) > 0) return refuse('402', 'asn');
  if (sampleRate(mix.samplerate) === undefined)
    return refuse('410', 'audiomix samplerate wants 8000, 16000 or 48000');
  return undefined;
}

export const checkVideo = (layout: VideoLayout | undefined): Refusal | undefined =>
  layout ? refuse('402', 'videolayout') : undefined;
