import type { StreamClamp } from '../conference/clamp';
import { clamp } from '../conference/clamp';
import type { StreamGain } from '../conference/gain';
import { gain } from '../conference/gain';
import type { StreamVisual } from '../conference/visual';
import { visual } from '../conference/visual';
import { child } from '../schema/content';
import { anyText, flag, oneOf } from '../schema/datatype';
import { mediaKind } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import { independentId } from '../schema/identifier-types';

/** One direction of a stream that flows (§10.5.2). */
export interface AuditedStream extends Extensible {
  joinwith: string;
  media: 'audio' | 'video';
  /** Seen from the object that was asked for. */
  dir: 'from' | 'to';
  compressed?: boolean;
  preferred?: boolean;
  display?: string;
  override?: boolean;
  gain?: StreamGain;
  clamp?: StreamClamp;
  visual?: StreamVisual;
}

export const stream = defineElement<AuditedStream>('stream', '10.5.2', {
  joinwith: mandatory(independentId),
  media: mandatory(mediaKind),
  dir: mandatory(oneOf('from', 'to')),
  compressed: optional(flag),
  preferred: optional(flag),
  display: optional(anyText),
  override: optional(flag),
  gain: child(gain),
  clamp: child(clamp),
  visual: child(visual),
});
