import { spawnSync } from 'node:child_process';

export interface AudioFile {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel. */
  readonly samples: number;
}

function outputOf(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0 || stderr !== '') throw new Error(`${command} ${args.join(' ')}: ${status} ${stderr}`);
  return stdout;
}

/** What SoX says that a WAV file holds; throws when it takes it for broken. */
export function bySoxi(path: string): AudioFile {
  const output = outputOf('soxi', [path]);
  const number = (line: RegExp) => Number(line.exec(output)?.[1]);
  return {
    sampleRate: number(/^Sample Rate +: (\d+)$/m),
    channels: number(/^Channels +: (\d+)$/m),
    samples: number(/^Duration +: .* = (\d+) samples/m),
  };
}

/** What FFmpeg says of the same; throws when it has anything to complain of. */
export function byFfprobe(path: string): AudioFile {
  const entries = 'stream=sample_rate,channels,duration_ts';
  const output = outputOf('ffprobe', ['-v', 'warning', '-show_entries', entries, '-of', 'csv=p=0', path]);
  const [sampleRate, channels, samples] = output.split(',').map(Number);
  return { sampleRate: sampleRate ?? NaN, channels: channels ?? NaN, samples: samples ?? NaN };
}
