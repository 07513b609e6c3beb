import type { AudioMix, VideoLayout } from '@legato/msml';
import { sampleRate } from '../dialogs/sample-rate';
import type { Refusal } from '../msml/refusal';
import { refuse } from '../msml/refusal';

/** Finds what a mixer can not do. */
export function checkAudioMix(mix: AudioMix | undefined): Refusal | undefined {
  if (!mix) return undefined;
  if (sampleRate(mix.samplerate) === undefined)
    return refuse('410', 'audiomix samplerate wants 8000, 16000 or 48000');
  return undefined;
}

export const checkVideo = (layout: VideoLayout | undefined): Refusal | undefined =>
  layout ? refuse('402', 'videolayout') : undefined;
