import type { MomlCollect, MomlGroup, MomlPlay, MomlRecord, MomlToneGen, DialogStep } from '@legato/msml';
import type { Refusal } from '../msml/refusal';
import { firstRefusal, refuse } from '../msml/refusal';
import { playlistOf } from './playlist';
import type { DialogServices } from './primitive';
import { toneProgram } from './primitives/tone-program';
import { sampleRate } from './sample-rate';
import { isTransformer } from './transformer-shape';

/** What tells whether a dialog can be served. */
export type ContentServices = Pick<DialogServices, 'folders' | 'remote' | 'voices'>;

/** Where a step stands: a full-duplex group is the outermost one (RFC 5707 §9.8). */
interface Place {
  readonly services: ContentServices;
  readonly targetId: string;
  readonly depth: number;
}

/** What can be wrong with these was found when they were read. */
const FREE: readonly string[] = ['send', 'exit', 'disconnect', 'dtmfgen', 'vad'];
const MAX_DEPTH = 8;
const RECORD_TYPE = /^audio\/(x-|vnd\.)?wave?$/i;
const RECORD_CODEC = /^(l16|pcm|linear)$/i;

/** What is wrong with the content of a dialog, whatever the state of the server: found before anything is executed (§5). */
export function checkContent(
  steps: readonly DialogStep[],
  targetId: string,
  services: ContentServices,
): Refusal | undefined {
  return firstRefusal(steps, (step) => checkStep(step, { services, targetId, depth: 0 }));
}

function checkStep(step: DialogStep, place: Place): Refusal | undefined {
  if (FREE.includes(step.element)) return undefined;
  if (isTransformer(step) && place.targetId.startsWith('conf:'))
    return refuse('410', `${step.element} wants a connection`);
  if (isTransformer(step)) return undefined;
  switch (step.element) {
    case 'play':
      return checkPlay(step, place);
    case 'record':
      return checkRecord(step, place);
    case 'collect':
    case 'dtmf':
      return checkCollect(step, place);
    case 'tonegen':
      return checkToneGen(step);
    case 'group':
      return checkGroup(step, place);
    case 'extension':
      return refuse('401', step.xml.name);
    default:
      return refuse('402', step.element);
  }
}

function checkPlay(play: MomlPlay, place: Place): Refusal | undefined {
  if (play.offset?.startsWith('-')) return refuse('410', 'play offset is counted from the begin');
  const playlist = playlistOf(play, place.services);
  return playlist.ok ? undefined : playlist.error;
}

function checkRecord(record: MomlRecord, place: Place): Refusal | undefined {
  if (record.videodest !== undefined) return refuse('407', 'record videodest');
  if (record.channels === '2' && place.targetId.startsWith('conf:')) {
    return refuse('410', 'a conference has one channel');
  }
  const dest = record.dest ?? record.audiodest;
  const path = dest === undefined ? undefined : place.services.folders.recordingPath(dest);
  if (path && !path.ok) return refuse('410', `record dest: ${path.error}`);
  return checkFormat(record) ?? firstRefusal(record.play ?? [], (prompt) => checkStep(prompt, place));
}

function checkFormat({ format, audiosamplerate, audiosamplesize }: MomlRecord): Refusal | undefined {
  const [type = '', ...params] = format.split(';').map((part) => part.trim());
  const codec = params
    .map((param) => /^codecs?=(.+)$/i.exec(param)?.[1])
    .find((value) => value !== undefined);
  const served = RECORD_TYPE.test(type) && (codec === undefined || RECORD_CODEC.test(codec));
  if (!served) return refuse('410', 'record format wants audio/wav;codecs=L16');
  if (sampleRate(audiosamplerate) === undefined)
    return refuse('410', 'record audiosamplerate wants 8, 16 or 48');
  if (audiosamplesize !== undefined && audiosamplesize !== '16')
    return refuse('410', 'record audiosamplesize wants 16');
  return undefined;
}

function checkCollect(collect: MomlCollect, place: Place): Refusal | undefined {
  return firstRefusal(collect.play ?? [], (prompt) => checkStep(prompt, place));
}

function checkToneGen(tonegen: MomlToneGen): Refusal | undefined {
  return toneProgram(tonegen) ? undefined : refuse('521', 'the tones of one round take more than a minute');
}

/** A nested group should have an id (§9.8.1), but the examples of the RFC (§13.6) have none. */
function checkGroup(group: MomlGroup, place: Place): Refusal | undefined {
  if (place.depth >= MAX_DEPTH) return refuse('521', 'groups within groups');
  if (group.topology === 'fullduplex' && (place.depth > 0 || group.content.length !== 2)) {
    return refuse('404', 'a full-duplex group is the outermost and has two children');
  }
  if (group.topology === 'fullduplex' && place.targetId.startsWith('conf:')) {
    return refuse('410', 'a full-duplex group wants a connection');
  }
  const inner = { ...place, depth: place.depth + 1 };
  return firstRefusal(group.content, (child) => checkStep(child, inner));
}
