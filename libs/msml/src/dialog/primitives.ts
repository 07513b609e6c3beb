import type { ElementDefinition } from '../schema/element-definition';
import type { MomlAgc } from './agc';
import { agc } from './agc';
import type { MomlClamp } from './clamp';
import { clamp } from './clamp';
import type { MomlCollect } from './collect';
import { collect, dtmf } from './collect';
import type { MomlDtmfGen } from './dtmfgen';
import { dtmfgen } from './dtmfgen';
import type { MomlFaxDetect } from './faxdetect';
import { faxdetect } from './faxdetect';
import type { MomlFaxReceive } from './faxrcv';
import { faxrcv } from './faxrcv';
import type { MomlFaxSend } from './faxsend';
import { faxsend } from './faxsend';
import type { MomlGain } from './gain';
import { gain } from './gain';
import type { MomlGate } from './gate';
import { gate } from './gate';
import type { MomlPlay } from './play';
import { play } from './play';
import type { MomlRecord } from './record';
import { record } from './record';
import type { MomlRelay } from './relay';
import { relay } from './relay';
import type { MomlSpeech } from './speech';
import { speech } from './speech';
import type { MomlToneGen } from './tonegen';
import { tonegen } from './tonegen';
import type { MomlVad } from './vad';
import { vad } from './vad';

/** What does the media work of a dialog (§9.2). */
export type MomlPrimitive =
  | MomlPlay
  | MomlDtmfGen
  | MomlToneGen
  | MomlRecord
  | MomlCollect
  | MomlVad
  | MomlGain
  | MomlAgc
  | MomlGate
  | MomlClamp
  | MomlRelay
  | MomlSpeech
  | MomlFaxDetect
  | MomlFaxSend
  | MomlFaxReceive;

/** The definitions of the primitives. */
export const primitiveDefinitions: readonly ElementDefinition[] = [
  play,
  dtmfgen,
  tonegen,
  record,
  collect,
  dtmf,
  vad,
  gain,
  agc,
  gate,
  clamp,
  relay,
  speech,
  faxdetect,
  faxsend,
  faxrcv,
];
