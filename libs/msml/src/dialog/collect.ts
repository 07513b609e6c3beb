import { child, children, mixture } from '../schema/content';
import { flag } from '../schema/datatype';
import { iterations, momlId, positiveDuration } from '../schema/datatypes';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { MomlAction } from './actions';
import { handler } from './actions';
import { detect } from './detect';
import { dtmfexit } from './dtmfexit';
import type { NoInput } from './noinput';
import { noinput } from './noinput';
import type { NoMatch } from './nomatch';
import { nomatch } from './nomatch';
import type { CollectPattern } from './pattern';
import { pattern } from './pattern';
import type { MomlPlay } from './play';
import { play } from './play';

/** Collects digits (§9.7.5). "dtmf" is the older name; the shadow variables are dtmf.* for both. */
export interface MomlCollect extends Extensible {
  element: 'collect' | 'dtmf';
  id?: string;
  /** Digits that were keyed before are forgotten; true when absent. */
  cleardb?: boolean;
  /** Time to the first digit, 0 is for ever; between digits, 4 s when absent; for the return key, 4 s. */
  fdt?: string;
  idt?: string;
  edt?: string;
  /** Whether the first digit's time runs at once, and not from the event "starttimer". */
  starttimer?: boolean;
  iterate?: string;
  /** A key held longer is a long digit, "5L"; 0 switches it off. */
  ldd?: string;
  /** A prompt before it (§9.7.5.1). */
  play?: MomlPlay[];
  pattern?: CollectPattern[];
  detect?: MomlAction[];
  noinput?: NoInput;
  nomatch?: NoMatch;
  dtmfexit?: MomlAction[];
}

function collectNamed(name: MomlCollect['element']): ElementDefinition<MomlCollect> {
  return defineElement<MomlCollect>(name, '9.7.5', {
    id: optional(momlId),
    cleardb: optional(flag),
    fdt: optional(positiveDuration),
    idt: optional(positiveDuration),
    edt: optional(positiveDuration),
    starttimer: optional(flag),
    iterate: optional(iterations),
    ldd: optional(positiveDuration),
    play: mixture(() => [play]),
    pattern: children(pattern),
    detect: handler(detect),
    noinput: child(noinput),
    nomatch: child(nomatch),
    dtmfexit: handler(dtmfexit),
  });
}

export const collect = collectNamed('collect');
export const dtmf = collectNamed('dtmf');
