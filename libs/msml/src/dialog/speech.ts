import { child, children } from '../schema/content';
import { flag, integer } from '../schema/datatype';
import { iterations, momlId, positiveDuration, positiveInteger } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import type { SpeechGrammar } from './grammar';
import { grammar } from './grammar';
import type { NoInput } from './noinput';
import { noinput } from './noinput';
import type { NoMatch } from './nomatch';
import { nomatch } from './nomatch';
import { speechexit } from './speechexit';

/** Recognises speech (§9.10.1). */
export interface MomlSpeech extends Extensible {
  element: 'speech';
  id?: string;
  noint?: string;
  norect?: string;
  spcmplt?: string;
  spincmplt?: string;
  /** 1 to 100. */
  confidence?: string;
  sens?: string;
  starttimer?: boolean;
  iterate?: string;
  grammar?: SpeechGrammar[];
  noinput?: NoInput;
  nomatch?: NoMatch;
  speechexit?: MomlAction[];
}

export const speech = defineElement<MomlSpeech>('speech', '9.10.1', {
  id: optional(momlId),
  noint: optional(positiveDuration),
  norect: optional(positiveDuration),
  spcmplt: optional(positiveDuration),
  spincmplt: optional(positiveDuration),
  confidence: optional(integer(1, 100)),
  sens: optional(positiveInteger),
  starttimer: optional(flag),
  iterate: optional(iterations),
  grammar: children(grammar, { least: 1 }),
  noinput: child(noinput),
  nomatch: child(nomatch),
  speechexit: handler(speechexit),
});
