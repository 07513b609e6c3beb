import { sineWave, writeWav } from '@legato/media';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaServer } from '../e2e/support/apps';
import { startMediaServer } from '../e2e/support/apps';
import { eventually } from '../e2e/support/eventually';
import { MediaLeg } from '../e2e/support/media-leg';
import type { AudioFile } from './support/audio-file';
import { byFfprobe, bySoxi } from './support/audio-file';

const SHIPPED = join(__dirname, '../../apps/media-server');
const WAV = { sampleRate: 8000, channels: 1 } as const;
const STEREO = 'legato:channels="2" xmlns:legato="urn:legato:msml:1"';
const PACKETS_PER_SECOND = 50;
/** What is heard may be written a moment later. */
const MOMENT_SAMPLES = 4_000;

const wavsBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.wav'))
    .map(({ parentPath, name }) => join(parentPath, name));

/** What two programs of others agree on. */
function judge(path: string): AudioFile {
  const verdict = bySoxi(path);
  expect({ path, ...byFfprobe(path) }).toEqual({ path, ...verdict });
  return verdict;
}

describe('every file, as soxi and ffprobe see it', () => {
  it('is what it should be: those that come with the server', () => {
    const files = ['prompts', 'voices'].flatMap((folder) => wavsBelow(join(SHIPPED, folder)));
    expect(files.length).toBeGreaterThan(100);
    for (const path of files) expect(judge(path)).toMatchObject({ channels: 1 });
  }, 300_000);

  describe('those that are recorded', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-files-')));
    const recordings = join(folder, 'recordings');
    let media: MediaServer;
    let leg: MediaLeg;
    let other: MediaLeg;

    const start = async () => {
      media = await startMediaServer({ LEGATO_MS_RTP_PORTS: '0', LEGATO_MS_RECORDINGS_DIR: recordings });
      [leg, other] = [await MediaLeg.open(media.sipPort), await MediaLeg.open(media.sipPort)];
      leg.say(440);
      other.say(1000);
      await leg.tell(`<join id1="${leg.id}" id2="${other.id}"/>`);
      await leg.tell(`<createconference name="room"/><join id1="${leg.id}" id2="conf:room"/>`);
    };

    beforeAll(async () => {
      mkdirSync(recordings);
      writeFileSync(join(recordings, 'longer.wav'), writeWav(WAV, sineWave(700, 500)));
      await start();
    });

    afterAll(async () => {
      await leg?.close();
      await other?.close();
      await media?.child.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const recordTo = (name: string, attributes = '') =>
      `<record id="r" dest="file://${name}.wav" format="audio/wav" ${attributes}/>`;
    const hear = (seconds: number) => {
      const until = leg.voice.heardPackets + seconds * PACKETS_PER_SECOND;
      return eventually('time goes by', () => leg.voice.heardPackets >= until);
    };
    const end = async (name: string) => {
      await leg.tell(`<dialogend id="${leg.id}/dialog:${name}"/>`);
      await leg.exitOf(name);
    };

    /** The verdict on a finished file, whose manifest says the same. */
    function finished(name: string): AudioFile {
      const path = join(recordings, `${name}.wav`);
      const { sampleRate, channels, samples } = judge(path);
      const manifest: unknown = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
      const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
      expect(manifest).toMatchObject({ sampleRate, channels, samples, sha256 });
      return { sampleRate, channels, samples };
    }

    it.each([
      ['one channel', 'mono', 'maxtime="1s"', { sampleRate: 8000, channels: 1, samples: 8000 }],
      ['two channels', 'stereo', `maxtime="1s" ${STEREO}`, { sampleRate: 8000, channels: 2, samples: 8000 }],
      [
        '16 kHz',
        'wide',
        'maxtime="1s" audiosamplerate="16"',
        { sampleRate: 16_000, channels: 1, samples: 16_000 },
      ],
      [
        '48 kHz',
        'full',
        'maxtime="1s" audiosamplerate="48"',
        { sampleRate: 48_000, channels: 1, samples: 48_000 },
      ],
      [
        'what was there before, and more',
        'longer',
        'maxtime="1s" append="true"',
        { sampleRate: 8000, channels: 1, samples: 12_000 },
      ],
    ])('%s', async (_what, name, attributes, expected) => {
      await leg.startDialog(name, recordTo(name, attributes));
      await leg.exitOf(name);
      expect(finished(name)).toEqual(expected);
    });

    it('the mix of a conference', async () => {
      await leg.startDialog('mix', recordTo('mix', 'maxtime="1s"'), 'conf:room');
      await leg.exitOf('mix');
      expect(finished('mix').samples).toBe(8000);
    });

    it.each(['pause', 'pause.silence'])('with a %s', async (event) => {
      const name = event.replace('.', '-');
      await leg.startDialog(name, recordTo(name, 'maxtime="60s"'));
      await hear(0.5);
      const send = (what: string) =>
        leg.tell(`<send event="${what}" target="${leg.id}/dialog:${name}/record.r"/>`);
      await send(event);
      await hear(0.5);
      await send('resume');
      await hear(0.5);
      await end(name);
      expect(finished(name).samples).toBeGreaterThan(event === 'pause' ? 6_000 : 10_000);
    });

    it('while it grows, and after a crash that nothing could be done against', async () => {
      await leg.startDialog('crash', recordTo('crash', 'maxtime="60s"'));
      const part = join(recordings, 'crash.wav.part');
      await eventually('it grows', () => existsSync(part) && bySoxi(part).samples > 8000);
      expect(byFfprobe(part).samples).toBeGreaterThan(8000);
      await hear(1);
      media.child.kill();
      await media.child.exit();
      const { samples } = bySoxi(part);
      await leg.close();
      await other.close();
      await start();
      const path = join(recordings, 'crash.wav');
      await eventually('it has its name', () => existsSync(path));
      expect(judge(path).samples).toBeGreaterThanOrEqual(samples - MOMENT_SAMPLES);
    });

    it('there is none that was not judged here', () => {
      for (const path of wavsBelow(recordings)) judge(path);
      expect(readdirSync(recordings).filter((name) => name.endsWith('.part'))).toEqual([]);
    });
  });
});
