import type {
  MomlCollect,
  MomlGroup,
  MomlPlay,
  MomlRecord,
  MomlToneGen,
  DialogStep,
  PlayContent,
} from '@legato/msml';
import type { MediaFolders } from '../files/media-folders';
import type { Refusal } from '../msml/refusal';
import { firstRefusal, refuse } from '../msml/refusal';
import { iterations } from './duration';
import { MAX_PLAYED_FILES } from './primitives/play';
import { toneProgram } from './primitives/tone-program';
import { sampleRate } from './sample-rate';

/** Where a step stands: a full-duplex group is the outermost one (RFC 5707 §9.8). */
interface Place {
  readonly folders: MediaFolders;
  readonly targetId: string;
  readonly depth: number;
}

const MAX_DEPTH = 8;
const RECORD_TYPE = /^audio\/(x-|vnd\.)?wave?$/i;
const RECORD_CODEC = /^(l16|pcm|linear)$/i;

/** What is wrong with the content of a dialog, whatever the state of the server: found before anything is executed (§5). */
export function checkContent(
  steps: readonly DialogStep[],
  targetId: string,
  folders: MediaFolders,
): Refusal | undefined {
  return firstRefusal(steps, (step) => checkStep(step, { folders, targetId, depth: 0 }));
}

function checkStep(step: DialogStep, place: Place): Refusal | undefined {
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
    case 'send':
    case 'exit':
    case 'disconnect':
    case 'dtmfgen':
      return undefined;
    case 'extension':
      return refuse('401', step.xml.name);
    default:
      return refuse('402', step.element);
  }
}

function checkPlay(play: MomlPlay, place: Place): Refusal | undefined {
  const other = play.content?.find((item: PlayContent) => item.element !== 'audio');
  if (other)
    return refuse('402', other.element === 'extension' ? other.xml.name : `${other.element} in play`);
  if (play.audio.length === 0) return refuse('403', 'play wants audio');
  if (play.offset?.startsWith('-')) return refuse('410', 'play offset is counted from the begin');
  const clips = play.audio.reduce((sum, { iterate }) => sum + Math.max(1, iterations(iterate)), 0);
  if (clips > MAX_PLAYED_FILES) return refuse('521', `play has more than ${MAX_PLAYED_FILES} clips`);
  return firstRefusal(play.audio, ({ uri }) => {
    const path = place.folders.promptPath(uri);
    return path.ok ? undefined : refuse('410', `audio uri: ${path.error}`);
  });
}

function checkRecord(record: MomlRecord, place: Place): Refusal | undefined {
  if (record.videodest !== undefined) return refuse('407', 'record videodest');
  if (record.channels === '2' && place.targetId.startsWith('conf:')) {
    return refuse('410', 'a conference has one channel');
  }
  const dest = record.dest ?? record.audiodest;
  const path = dest === undefined ? undefined : place.folders.recordingPath(dest);
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
  const foreign = collect.pattern?.find(({ format }) => format !== undefined && format !== 'moml+digits');
  if (foreign) return refuse('410', `pattern format ${foreign.format} is not served`);
  return firstRefusal(collect.play ?? [], (prompt) => checkStep(prompt, place));
}

function checkToneGen(tonegen: MomlToneGen): Refusal | undefined {
  return toneProgram(tonegen) ? undefined : refuse('521', 'the tones of one round take more than a minute');
}

function checkGroup(group: MomlGroup, place: Place): Refusal | undefined {
  if (place.depth >= MAX_DEPTH) return refuse('521', 'groups within groups');
  if (place.depth > 0 && group.id === undefined) return refuse('408', 'a nested group wants id');
  if (group.topology === 'fullduplex' && (place.depth > 0 || group.content.length !== 2)) {
    return refuse('404', 'a full-duplex group is the outermost and has two children');
  }
  const inner = { ...place, depth: place.depth + 1 };
  return firstRefusal(group.content, (child) => checkStep(child, inner));
}
