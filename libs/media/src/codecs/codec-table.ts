import type { AudioCodec } from './codec';
import { PCMA, PCMU } from './g711';
import { G722 } from './g722';
import { l16 } from './l16';

const codecs: ReadonlyMap<string, AudioCodec> = new Map(
  [PCMU, PCMA, G722, l16(8000), l16(16000), l16(48000)].map((codec) => [codec.name, codec]),
);

/** The codec of a name as in `CodecName`; undefined for one that is not built in. */
export function codecNamed(name: string): AudioCodec | undefined {
  return codecs.get(name);
}
