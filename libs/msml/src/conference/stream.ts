import { child } from '../schema/content';
import { anyText, flag } from '../schema/datatype';
import { mediaKind, streamDirection } from '../schema/datatypes';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { StreamClamp } from './clamp';
import { clamp } from './clamp';
import type { StreamGain } from './gain';
import { gain } from './gain';
import type { StreamVisual } from './visual';
import { visual } from './visual';

/** A stream between two objects (§8.12); without `dir` it has both directions. */
export interface MsmlStream extends Extensible {
  media: 'audio' | 'video';
  /** Relative to id1 of the operation. */
  dir?: 'from-id1' | 'to-id1';
  compressed?: boolean;
  /** Audio into a conference: always mixed, also among the N loudest. */
  preferred?: boolean;
  /** Video into a conference: the region or selector that shows it. */
  display?: string;
  override?: boolean;
  gain?: StreamGain;
  clamp?: StreamClamp;
  visual?: StreamVisual;
}

const check: ElementCheck<MsmlStream> = ({ media, preferred, display, override }, context) => {
  if (media === 'video' && preferred !== undefined) context.fail('409', 'preferred is for audio');
  if (media === 'audio' && display !== undefined) context.fail('409', 'display is for video');
  if (media === 'audio' && override !== undefined) context.fail('409', 'override is for video');
};

export const stream = defineElement<MsmlStream>(
  'stream',
  '8.12',
  {
    media: mandatory(mediaKind),
    dir: optional(streamDirection),
    compressed: optional(flag),
    preferred: optional(flag),
    display: optional(anyText),
    override: optional(flag),
    gain: child(gain),
    clamp: child(clamp),
    visual: child(visual),
  },
  { check },
);

/** At most two audio and two video streams, one a direction, lie between two objects (§8.8). */
export const MAX_STREAMS = 4;
