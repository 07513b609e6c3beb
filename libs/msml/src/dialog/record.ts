import { mixture } from '../schema/content';
import { anyText, flag, oneOf } from '../schema/datatype';
import { dtmfKey, momlId, positiveDuration, positiveInteger } from '../schema/datatypes';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import { LEGATO_NAMESPACE } from '../schema/extension';
import { mandatory, optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import type { MomlPlay } from './play';
import { play } from './play';
import { recordexit } from './recordexit';
import type { MomlToneGen } from './tonegen';
import { tonegen } from './tonegen';
import type { VideoCoding } from './video';
import { videoCodingFields } from './video';

/** Records the target (§9.7.4). */
export interface MomlRecord extends VideoCoding {
  element: 'record';
  id?: string;
  append?: boolean;
  /** file: or http: URI; the server chooses and reports record.recordid when absent. */
  dest?: string;
  audiodest?: string;
  videodest?: string;
  /** "audio/wav;codecs=L16" */
  format: string;
  audiosamplerate?: string;
  audiosamplesize?: string;
  /** The longest recording; mandatory in the RFC, optional for some servers. */
  maxtime?: string;
  initial?: 'create' | 'suspend';
  /** Silence before and after speech that ends it; 0 switches them off. */
  prespeech?: string;
  postspeech?: string;
  /** A digit that ends it. */
  termkey?: string;
  beep?: boolean;
  /** Legato's own, in the namespace urn:legato:msml:1: "2" = left what the connection says, right what it hears. */
  channels?: '1' | '2';
  /** A prompt or a tone before it (§9.7.4.1, §9.7.4.2). */
  play?: (MomlPlay | MomlToneGen)[];
  recordexit?: MomlAction[];
}

export const record: ElementDefinition<MomlRecord> = defineElement<MomlRecord>('record', '9.7.4', {
  id: optional(momlId),
  append: optional(flag),
  dest: optional(anyText),
  audiodest: optional(anyText),
  videodest: optional(anyText),
  format: mandatory(anyText),
  audiosamplerate: optional(positiveInteger),
  audiosamplesize: optional(positiveInteger),
  ...videoCodingFields,
  maxtime: mandatory(positiveDuration, 'strict'),
  initial: optional(oneOf('create', 'suspend')),
  prespeech: optional(positiveDuration),
  postspeech: optional(positiveDuration),
  termkey: optional(dtmfKey),
  beep: optional(flag),
  channels: optional(oneOf('1', '2'), { wireName: 'legato:channels', namespace: LEGATO_NAMESPACE }),
  play: mixture(() => [play, tonegen]),
  recordexit: handler(recordexit),
});
