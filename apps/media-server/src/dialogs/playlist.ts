import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { PlaySource } from '@legato/media';
import type { MomlPlay, PlayAudio, PlayContent, PlayVariable } from '@legato/msml';
import { promptSource } from '../files/prompt-source';
import type { Refusal } from '../msml/refusal';
import { refuse } from '../msml/refusal';
import { speakVariable } from '../voices/speak-variable';
import { iterations } from './duration';
import type { DialogServices } from './primitive';

/** So often a play may say something, repetitions counted. */
const MAX_CLIPS = 100;
/** So many files and silences these may come to: a variable has one for each word. */
const MAX_SOURCES = 1000;

/** What a play consists of. */
export interface Playlist {
  readonly sources: readonly PlaySource[];
  /** From this source on it is repeated without end. */
  readonly endlessFrom?: number;
}

type Sources = Result<PlaySource[], Refusal>;
type Services = Pick<DialogServices, 'folders' | 'remote' | 'voices'>;

/** What is played for the content of `play`, in order (RFC 5707 §9.7.1); a clip without end is the last one. */
export function playlistOf(play: MomlPlay, services: Services): Result<Playlist, Refusal> {
  const sources: PlaySource[] = [];
  let clips = 0;
  for (const item of contentOf(play)) {
    const one = sourcesOf(item, play, services);
    if (!one.ok) return one;
    const times = timesOf(item);
    if (times === -1) return ok({ sources: [...sources, ...one.value], endlessFrom: sources.length });
    clips += times;
    if (clips > MAX_CLIPS) return err(refuse('521', `play has more than ${MAX_CLIPS} clips`));
    for (let time = 0; time < times; time++) sources.push(...one.value);
    if (sources.length > MAX_SOURCES) return err(refuse('521', `play has more than ${MAX_SOURCES} words`));
  }
  return sources.length > 0 ? ok({ sources }) : err(refuse('403', 'play wants audio'));
}

const contentOf = (play: MomlPlay): PlayContent[] =>
  play.content ?? play.audio.map((audio) => ({ element: 'audio', ...audio }));

function timesOf(item: PlayContent): number {
  if (item.element === 'audio' || item.element === 'var') return iterations(item.iterate);
  return item.element === 'media' ? iterations(item.audio?.iterate) : 1;
}

function sourcesOf(item: PlayContent, play: MomlPlay, services: Services): Sources {
  switch (item.element) {
    case 'audio':
      return fileOf(item, services);
    case 'var':
      return wordsOf(item, play, services);
    case 'media':
      if (item.video) return err(refuse('402', 'video in media'));
      return item.audio ? fileOf(item.audio, services) : err(refuse('403', 'media wants audio'));
    case 'extension':
      return err(refuse('402', item.xml.name));
    default:
      return err(refuse('402', `${item.element} in play`));
  }
}

function fileOf({ uri }: PlayAudio, services: Services): Sources {
  const source = promptSource(uri, services);
  return source.ok ? ok([source.value]) : err(refuse('410', `audio uri: ${source.error}`));
}

function wordsOf(variable: PlayVariable, play: MomlPlay, { voices }: Services): Sources {
  const spoken = speakVariable(variable, play['xml:lang']);
  return spoken.ok ? ok(voices.sourcesOf(spoken.value)) : err(refuse('410', spoken.error));
}
