import { readWav } from '@legato/media';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaServer } from '../e2e/support/apps';
import { startMediaServer } from '../e2e/support/apps';
import { eventually } from '../e2e/support/eventually';
import { MediaLeg } from '../e2e/support/media-leg';
import { RtpVoice, levelDb } from '../e2e/support/rtp-voice';
import { Janus } from './support/janus';

/** What the three say: tones that are no multiples of each other, and peaks that are 6 and 12 dB apart. */
const VOICES = [
  { hz: 450, amplitude: 8000 },
  { hz: 1050, amplitude: 4000 },
  { hz: 1750, amplitude: 2000 },
] as const;
const WITHIN_DB = 1;
/** What is not in a mix is at least so much quieter than what is, a window being short. */
const ABSENT_DB = -55;
const WINDOW_MS = 200;
const WINDOWS = 25;

type Levels = readonly number[];

/** The level of each voice, the median of many windows: one in which a packet was lost counts for nothing. */
async function measure(ear: RtpVoice): Promise<Levels> {
  const windows: Levels[] = [];
  for (let next = ear.heardPackets; windows.length < WINDOWS; next = ear.heardPackets) {
    await eventually('another window', () => ear.heardPackets >= next + WINDOW_MS / 20);
    windows.push(VOICES.map(({ hz }) => ear.levelDb(hz, WINDOW_MS)));
  }
  return VOICES.map((_, voice) => median(windows.map((levels) => levels[voice] as number)));
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Waits until each hears the two others. */
const isMixed = (ears: readonly RtpVoice[]) =>
  eventually('each hears the others', () =>
    ears.every((ear, own) =>
      VOICES.every(({ hz }, voice) => voice === own || ear.levelDb(hz) > ABSENT_DB / 2),
    ),
  );

function levelsOfFile(path: string): Levels {
  const wav = readWav(readFileSync(path));
  if (!wav.ok) throw new Error(wav.error);
  const { samples, sampleRate } = wav.value;
  const window = (sampleRate * WINDOW_MS) / 1000;
  const windows = Array.from({ length: Math.floor(samples.length / window) }, (_, index) =>
    samples.subarray(index * window, (index + 1) * window),
  );
  return VOICES.map(({ hz }) => median(windows.map((each) => levelDb(each, sampleRate, hz))));
}

function print(what: string, ours: Levels, theirs: Levels): void {
  const row = (levels: Levels) => levels.map((level) => level.toFixed(1).padStart(7)).join('');
  process.stdout.write(`${what}: Legato ${row(ours)}   Janus ${row(theirs)} dB\n`);
}

/** The same three inputs, mixed by the media server and by Janus. */
describe('a mix of three, by the media server and by AudioBridge of Janus', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-janus-')));
  const recordings = join(folder, 'recordings');
  let server: MediaServer;
  let janus: Janus;
  const legs: MediaLeg[] = [];
  const guests: RtpVoice[] = [];

  beforeAll(async () => {
    mkdirSync(recordings);
    [server, janus] = await Promise.all([
      startMediaServer({ LEGATO_MS_RTP_PORTS: '0', LEGATO_MS_RECORDINGS_DIR: recordings }),
      Janus.start(folder),
    ]);
    for (const { hz, amplitude } of VOICES) {
      const leg = await MediaLeg.open(server.sipPort);
      legs.push(leg);
      leg.say(hz, amplitude);
      const guest = await RtpVoice.open();
      guests.push(guest);
      guest.say(hz, amplitude, await janus.join(guest.port));
    }
  });

  afterAll(async () => {
    for (const leg of legs) await leg.hangUp();
    for (const guest of guests) guest.close();
    await Promise.all([server?.child.stop(), janus?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('has each voice at the same level for each of the three, within 1 dB, and in the recording', async () => {
    const [first] = legs as [MediaLeg];
    const joins = legs.map(({ id }) => `<join id1="${id}" id2="conf:mix"/>`).join('');
    await first.tell(`<createconference name="mix"><audiomix/></createconference>${joins}`);
    const record = '<record dest="file://mix.wav" format="audio/wav" maxtime="60s"/>';
    await first.startDialog('rec', record, 'conf:mix');
    const ears = legs.map(({ voice }) => voice);
    await Promise.all([isMixed(ears), isMixed(guests)]);
    const [ours, theirs] = await Promise.all([
      Promise.all(ears.map(measure)),
      Promise.all(guests.map(measure)),
    ]);
    await first.tell('<dialogend id="conf:mix/dialog:rec"/>');
    await first.exitOf('rec');
    await janus.finishRecording();
    VOICES.forEach((_own, ear) => {
      const [our, their] = [ours[ear], theirs[ear]] as [Levels, Levels];
      print(`party ${ear + 1}`, our, their);
      VOICES.forEach((_voice, voice) => {
        const [mine, other] = [our[voice], their[voice]] as [number, number];
        if (voice === ear) expect(Math.max(mine, other)).toBeLessThan(ABSENT_DB);
        else expect(Math.abs(mine - other)).toBeLessThan(WITHIN_DB);
      });
    });
    const files = [levelsOfFile(join(recordings, 'mix.wav')), levelsOfFile(janus.recording)] as const;
    print('recording', ...files);
    files[0].forEach((level, voice) =>
      expect(Math.abs(level - (files[1][voice] as number))).toBeLessThan(WITHIN_DB),
    );
  });
});
