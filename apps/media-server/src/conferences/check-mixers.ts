import type { AudioMix, VideoLayout } from '@legato/msml';
import { durationMs } from '../dialogs/duration';
import type { Refusal } from '../msml/refusal';
import { refuse } from '../msml/refusal';

/** The engine mixes at 8 kHz and reports no levels: what wants more is refused. */
export function checkAudioMix(mix: AudioMix | undefined): Refusal | undefined {
  if (!mix) return undefined;
  if (mix['n-loudest']) return refuse('402', 'n-loudest');
  if ((durationMs(mix.asn?.ri) ?? 0) > 0) return refuse('402', 'asn');
  if (mix.samplerate !== undefined && mix.samplerate !== '8000')
    return refuse('410', 'audiomix samplerate wants 8000');
  return undefined;
}

export const checkVideo = (layout: VideoLayout | undefined): Refusal | undefined =>
  layout ? refuse('402', 'videolayout') : undefined;
