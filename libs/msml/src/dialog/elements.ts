import type { ElementDefinition } from '../schema/element-definition';
import { agc } from './agc';
import { audio } from './audio';
import { clamp } from './clamp';
import { collect, dtmf } from './collect';
import { detect } from './detect';
import { dialogend } from './dialogend';
import { dialogstart } from './dialogstart';
import { disconnect } from './disconnect';
import { dtmfexit } from './dtmfexit';
import { dtmfgen } from './dtmfgen';
import { dtmfgenexit } from './dtmfgenexit';
import { exit } from './exit';
import {
  faxnegotiate,
  faxobjectdone,
  faxopcomplete,
  faxpagedone,
  faxpollstarted,
  faxstart,
} from './fax-notifications';
import { faxdetect } from './faxdetect';
import { faxdetectexit } from './faxdetectexit';
import { faxrcv } from './faxrcv';
import { faxsend } from './faxsend';
import { gain } from './gain';
import { gate } from './gate';
import { grammar } from './grammar';
import { group } from './group';
import { groupexit } from './groupexit';
import { hdrfooter } from './hdrfooter';
import { match } from './match';
import { media } from './media';
import { moml } from './moml';
import { noinput } from './noinput';
import { nomatch } from './nomatch';
import { pattern } from './pattern';
import { play } from './play';
import { playexit } from './playexit';
import { rcvobj } from './rcvobj';
import { record } from './record';
import { recordexit } from './recordexit';
import { relay } from './relay';
import { rxpoll } from './rxpoll';
import { send } from './send';
import { sendobj } from './sendobj';
import { silence } from './silence';
import { speech } from './speech';
import { speechexit } from './speechexit';
import { tone, tone1, tone2 } from './tone';
import { tonegen } from './tonegen';
import { tonegenexit } from './tonegenexit';
import { tts } from './tts';
import { txpoll } from './txpoll';
import { vad, vadSilence, vadToSilence, vadToVoice, vadVoice } from './vad';
import { variable } from './var';
import { video } from './video';

const base = [
  play,
  audio,
  video,
  media,
  variable,
  playexit,
  dtmfgen,
  dtmfgenexit,
  tonegen,
  tone,
  tone1,
  tone2,
  silence,
  tonegenexit,
  record,
  recordexit,
  collect,
  dtmf,
  pattern,
  detect,
  noinput,
  nomatch,
  dtmfexit,
];

const fax = [
  faxdetect,
  faxdetectexit,
  faxsend,
  sendobj,
  hdrfooter,
  rxpoll,
  faxstart,
  faxnegotiate,
  faxpagedone,
  faxobjectdone,
  faxopcomplete,
  faxpollstarted,
  faxrcv,
  rcvobj,
  txpoll,
];

/** Every element of the dialog packages, by package. */
export const dialogElements: Readonly<Record<string, readonly ElementDefinition[]>> = {
  'dialog core': [dialogstart, dialogend, send, exit, disconnect, moml],
  'dialog base': base,
  'dialog group': [group, groupexit],
  'dialog transform': [vad, vadVoice, vadSilence, vadToVoice, vadToSilence, gain, agc, gate, clamp, relay],
  'dialog speech': [speech, grammar, match, speechexit, tts],
  'dialog fax': fax,
};
