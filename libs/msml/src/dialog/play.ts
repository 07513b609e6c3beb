import { mixture } from '../schema/content';
import { anyText, flag, oneOf } from '../schema/datatype';
import { iterations, momlId, positiveDuration, signedDuration } from '../schema/datatypes';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible, ExtensionElement } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import type { PlayAudio } from './audio';
import { audio } from './audio';
import type { PlayMedia } from './media';
import { media } from './media';
import { playexit } from './playexit';
import type { PlaySpeech } from './tts';
import { tts } from './tts';
import type { PlayVariable } from './var';
import { variable } from './var';
import type { PlayVideo } from './video';
import { video } from './video';

/** Something that a play can hold. */
export type PlayContent =
  | ({ element: 'audio' } & PlayAudio)
  | ({ element: 'video' } & PlayVideo)
  | ({ element: 'media' } & PlayMedia)
  | ({ element: 'var' } & PlayVariable)
  | ({ element: 'tts' } & PlaySpeech)
  | ExtensionElement;

interface PlayAttributes extends Extensible {
  element: 'play';
  id?: string;
  /** A pause between iterations. */
  interval?: string;
  /** A count, -1 or "forever"; once when absent. */
  iterate?: string;
  initial?: 'generate' | 'suspend';
  maxtime?: string;
  /** A digit stops it. */
  barge?: boolean;
  /** Digits that were keyed before are forgotten. */
  cleardb?: boolean;
  /** Where to begin; negative from the end. */
  offset?: string;
  /** How far "forward" and "backward" go; 3 s when absent. */
  skip?: string;
  'xml:lang'?: string;
  playexit?: MomlAction[];
}

/** Plays one thing after the other (§9.7.1). */
export interface MomlPlay extends PlayAttributes {
  /** The audio clips, in order. */
  audio: PlayAudio[];
  /** All of it in order, when there is more than audio; what is written where both are there. */
  content?: PlayContent[];
}

interface PlayOnTheWire extends PlayAttributes {
  content: PlayContent[];
}

const wire = defineElement<PlayOnTheWire>('play', '9.7.1', {
  id: optional(momlId),
  interval: optional(positiveDuration),
  iterate: optional(iterations),
  initial: optional(oneOf('generate', 'suspend')),
  maxtime: optional(positiveDuration),
  barge: optional(flag),
  cleardb: optional(flag),
  offset: optional(signedDuration),
  skip: optional(signedDuration),
  'xml:lang': optional(anyText),
  content: mixture(() => [audio, video, media, variable, tts], { least: 1, always: true, open: true }),
  playexit: handler(playexit),
});

export const play: ElementDefinition<MomlPlay> = {
  ...wire,
  decode(xml, context) {
    const { content, ...attributes } = wire.decode(xml, context);
    const clips = content.filter((item) => item.element === 'audio');
    const value: MomlPlay = { ...attributes, audio: clips.map(({ element: _, ...clip }) => clip) };
    return clips.length === content.length ? value : { ...value, content };
  },
  encode({ audio: clips, content, ...attributes }) {
    const all = content ?? clips.map((clip) => ({ element: 'audio' as const, ...clip }));
    return wire.encode({ ...attributes, content: all });
  },
};
