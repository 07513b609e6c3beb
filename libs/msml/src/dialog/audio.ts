import { anyText } from '../schema/datatype';
import { iterations, positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/** A recording to be played (§9.7.1.1). */
export interface PlayAudio extends Extensible {
  /** file: or http: */
  uri: string;
  /** "audio/wav;codecs=L16"; derived when absent. */
  format?: string;
  /** kHz in the RFC; Hz was seen as well. */
  audiosamplerate?: string;
  /** Bits. */
  audiosamplesize?: string;
  /** A count, -1 or "forever"; once when absent. */
  iterate?: string;
  'xml:lang'?: string;
}

export const audio = defineElement<PlayAudio>('audio', '9.7.1.1', {
  uri: mandatory(anyText),
  format: optional(anyText),
  audiosamplerate: optional(positiveInteger),
  audiosamplesize: optional(positiveInteger),
  iterate: optional(iterations),
  'xml:lang': optional(anyText),
});
