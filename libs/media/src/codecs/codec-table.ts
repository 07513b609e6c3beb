import type { AudioCodec } from './codec';
import { PCMA, PCMU } from './g711';

const codecs: ReadonlyMap<string, AudioCodec> = new Map([PCMU, PCMA].map((codec) => [codec.name, codec]));

/** The codec of a name as in `CodecName`; undefined for one that is not built in. */
export function codecNamed(name: string): AudioCodec | undefined {
  return codecs.get(name);
}
