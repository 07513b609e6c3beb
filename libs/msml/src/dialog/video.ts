import { anyText } from '../schema/datatype';
import { iterations, positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory, optional } from '../schema/field';

/** How video is coded, for play and record. */
export interface VideoCoding extends Extensible {
  codecconfig?: string;
  profile?: string;
  level?: string;
  /** Pixels. */
  imagewidth?: string;
  imageheight?: string;
  /** kbit/s. */
  maxbitrate?: string;
  /** Frames per second. */
  framerate?: string;
}

export const videoCodingFields = {
  codecconfig: optional(anyText),
  profile: optional(anyText),
  level: optional(anyText),
  imagewidth: optional(positiveInteger),
  imageheight: optional(positiveInteger),
  maxbitrate: optional(positiveInteger),
  framerate: optional(positiveInteger),
} as const;

/** A film to be played (§9.7.1.2). */
export interface PlayVideo extends VideoCoding {
  uri: string;
  format?: string;
  audiosamplerate?: string;
  audiosamplesize?: string;
  iterate?: string;
}

export const video = defineElement<PlayVideo>('video', '9.7.1.2', {
  uri: mandatory(anyText),
  format: optional(anyText),
  audiosamplerate: optional(positiveInteger),
  audiosamplesize: optional(positiveInteger),
  ...videoCodingFields,
  iterate: optional(iterations),
});
