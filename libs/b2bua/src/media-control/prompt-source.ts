import type { MomlPlay, PlayContent } from '@legato/msml';

/** A value that the media server speaks (RFC 5707 §9.7.1.4). */
export interface SpokenValue {
  readonly as: 'digits' | 'number' | 'date' | 'time' | 'weekday' | 'money' | 'duration' | 'silence';
  readonly value: string;
  /** RFC 5646; the media server's own when absent. */
  readonly language?: string;
}

/** Something that can be played: a file of the media server, a document it fetches, a spoken value, or silence. */
export type PromptSource =
  | { readonly file: string }
  | { readonly url: string }
  | { readonly say: SpokenValue }
  | { readonly silence_ms: number };

/** What silence is counted in (RFC 2897, whose variables media servers take). */
const SILENCE_UNIT_MS = 100;

function contentOf(source: PromptSource): PlayContent {
  if ('file' in source) return { element: 'audio', uri: `file://${source.file}` };
  if ('url' in source) return { element: 'audio', uri: source.url };
  if ('silence_ms' in source) {
    return { element: 'var', type: 'silence', value: String(Math.ceil(source.silence_ms / SILENCE_UNIT_MS)) };
  }
  const { as, value, language } = source.say;
  return { element: 'var', type: as, value, ...(language === undefined ? {} : { 'xml:lang': language }) };
}

/** The sources as what stands inside of a play (RFC 5707 §9.7.1). */
export function promptContent(sources: readonly PromptSource[]): Pick<MomlPlay, 'audio' | 'content'> {
  return { audio: [], content: sources.map(contentOf) };
}
