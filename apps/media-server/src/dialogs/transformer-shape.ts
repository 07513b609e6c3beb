import type { StreamShape } from '@legato/media';
import type { MomlAgc, MomlClamp, MomlGain, MomlGate, MomlGroup, MomlRelay } from '@legato/msml';

const DEFAULT_MAX_GAIN_DB = 10;

/** The filters of RFC 5707 §9.9. */
export type MomlTransformer = MomlGain | MomlAgc | MomlGate | MomlClamp | MomlRelay;

const TRANSFORMERS: readonly string[] = ['gain', 'agc', 'gate', 'clamp', 'relay'];

export const isTransformer = (element: { readonly element: string }): element is MomlTransformer =>
  TRANSFORMERS.includes(element.element);

/** What a transformer does to begin with (RFC 5707 §9.9); undefined for every other element. */
export function shapeOf(element: MomlGroup['content'][number]): StreamShape | undefined {
  switch (element.element) {
    case 'gain':
      return { gain: Number(element.amt) };
    case 'agc':
      return {
        agc: {
          targetDbm0: Number(element.tgtlvl),
          maxGainDb: Number(element.maxgain ?? DEFAULT_MAX_GAIN_DB),
        },
      };
    case 'gate':
      return element.initial === 'halt' ? { gain: 'mute' } : {};
    case 'clamp':
      return { clampDtmf: true };
    case 'relay':
      return {};
    default:
      return undefined;
  }
}
