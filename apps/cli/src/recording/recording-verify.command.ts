import { readWav } from '@legato/media';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Command } from '../command';
import { EXIT, UsageError } from '../command';

const USAGE = `Usage: legato recording verify FILE.wav [--manifest FILE.wav.json] [--json]

Compares a recording with its manifest, as the media server wrote it or as REST gives it: SHA-256, format and length.
Exit code 0 when all of it agrees, 1 when something does not.`;

interface Finding {
  readonly what: string;
  readonly passed: boolean;
  readonly found: string;
}

/** What the manifest and the file say of one fact. */
const compare = (what: string, stated: unknown, found: unknown): Finding => ({
  what,
  passed: stated === found,
  found: stated === found ? String(found) : `manifest ${String(stated)}, file ${String(found)}`,
});

async function verify(file: string, manifestFile: string): Promise<Finding[]> {
  const bytes = await readFile(file);
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Record<string, unknown>;
  const findings = [
    compare('sha256', manifest.sha256, createHash('sha256').update(bytes).digest('hex')),
    {
      what: 'state',
      passed: manifest.state !== 'recording',
      found: String(manifest.state),
    },
  ];
  const wav = readWav(bytes);
  if (!wav.ok) return [...findings, { what: 'WAV', passed: false, found: wav.error }];
  const { channels, sampleRate, samples } = wav.value;
  return [
    ...findings,
    compare('channels', manifest.channels, channels),
    compare('sample rate', manifest.sampleRate ?? manifest.sample_rate_hz, sampleRate),
    compare('samples of each channel', manifest.samples, samples.length / channels),
  ];
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { manifest: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError(`one FILE.wav is wanted\n${USAGE}`);
  const findings = await verify(file, values.manifest ?? `${file}.json`);
  const passed = findings.every((finding) => finding.passed);
  const text = values.json
    ? JSON.stringify({ file, passed, findings }, null, 2)
    : findings.map(({ what, passed: ok, found }) => `${ok ? '✔' : '✘'} ${what}: ${found}`).join('\n');
  process.stdout.write(`${text}\n`);
  return passed ? EXIT.passed : EXIT.failed;
}

/** Shows that a recording is the one that the media server finished. */
export const recordingVerify: Command = {
  name: 'recording verify',
  summary: 'compare a recording with its manifest',
  usage: USAGE,
  run,
};
