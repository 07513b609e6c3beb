import { join } from 'node:path';
import type { PlaySource } from '@legato/media';
import type { SpokenVariable } from './speak-variable';

const SILENCE_RATE_HZ = 8000;

/** The clips of the voices: a folder for each language, `<clip>.wav` in it. */
export class VoiceFolder {
  constructor(private readonly path: string) {}

  /** What is to be played for a variable. */
  sourcesOf({ language, parts }: SpokenVariable): PlaySource[] {
    return parts.map((part) =>
      'clip' in part ? join(this.path, language, `${part.clip}.wav`) : silence(part.silenceMs),
    );
  }
}

const silence = (ms: number): PlaySource => ({
  sampleRate: SILENCE_RATE_HZ,
  channels: 1,
  samples: new Int16Array((ms * SILENCE_RATE_HZ) / 1000),
});
