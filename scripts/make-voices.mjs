// Makes the clips that variables are spoken with (apps/media-server/voices): `node scripts/make-voices.mjs`. Needs espeak-ng and sox.
// Each voice is a list of clips with the text that espeak-ng says for them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VOICES = { en: ['-v', 'en-us', '-s', '155'], zh: ['-v', 'cmn-latn-pinyin', '-s', '150'] };
/** Quieter than this is not speech: it is cut off at both ends. */
const QUIET = ['silence', '1', '0.01', '1%', 'reverse'];

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'apps', 'media-server', 'voices');
const scratch = mkdtempSync(join(tmpdir(), 'legato-voices-'));
try {
  for (const [language, options] of Object.entries(VOICES)) {
    const clips = JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8'));
    mkdirSync(join(folder, language), { recursive: true });
    for (const file of readdirSync(join(folder, language))) rmSync(join(folder, language, file));
    for (const [clip, text] of Object.entries(clips)) make(language, options, clip, text);
  }
} finally {
  rmSync(scratch, { recursive: true });
}

function make(language, options, clip, text) {
  const spoken = join(scratch, 'spoken.wav');
  execFileSync('espeak-ng', [...options, '-w', spoken, text]);
  const target = join(folder, language, `${clip}.wav`);
  const format = ['-r', '8000', '-c', '1', '-e', 'a-law'];
  execFileSync('sox', [
    '-R',
    spoken,
    ...format,
    target,
    ...QUIET,
    ...QUIET,
    'norm',
    '-6',
    'pad',
    '0.01',
    '0.03',
  ]);
}
