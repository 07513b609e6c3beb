import { child } from '../schema/content';
import type { ElementCheck } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import type { PlayAudio } from './audio';
import { audio } from './audio';
import type { PlayVideo } from './video';
import { video } from './video';

/** Sound and film that are played at the same time (§9.7.1.3): at most one of each. */
export interface PlayMedia extends Extensible {
  audio?: PlayAudio;
  video?: PlayVideo;
}

const check: ElementCheck<PlayMedia> = (value, context) => {
  if (!value.audio && !value.video) context.fail('403', 'media wants audio or video');
};

export const media = defineElement<PlayMedia>(
  'media',
  '9.7.1.3',
  { audio: child(audio), video: child(video) },
  { check },
);
