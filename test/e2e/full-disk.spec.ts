import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, readWav } from '@legato/media';
import type { ControlPlane, MediaServer } from './support/apps';
import { startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { MediaLeg } from './support/media-leg';
import { Rest } from './support/rest';
import { SmallDisk } from './support/small-disk';
import { TonePhone } from './support/tone-phone';

/** Two seconds of a recording at 8 kHz, and a little for what lies beside it. */
const ROOM_BYTES = 40_000;
const [ONE_HZ, OTHER_HZ] = [440, 1000];
const HEARD_DB = -20;
const REFUSED = /ENOSPC|EFBIG/;

/** The media server writes its recordings to a file system that has an end. */
describe('a disk that is full', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-e2e-')));
  const recordings = join(folder, 'recordings');
  let disk: SmallDisk;
  let media: MediaServer;

  beforeAll(async () => {
    mkdirSync(recordings);
    disk = new SmallDisk(recordings);
    const env = { LEGATO_MS_RECORDINGS_DIR: recordings, LEGATO_MS_RTP_PORTS: '0' };
    media = await startMediaServer(env, disk.wrapper(ROOM_BYTES));
    disk.startedAs(media.child.pid);
  });

  afterEach(() => disk.free());

  afterAll(async () => {
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The samples of a file that three programs take for a whole one. */
  function samplesOf(name: string): Int16Array {
    const path = join(disk.path, name);
    expect(Number(execFileSync('soxi', ['-D', path], { encoding: 'utf8', stdio: 'pipe' }))).toBeGreaterThan(
      0,
    );
    const wav = readWav(readFileSync(path));
    if (!wav.ok) throw new Error(wav.error);
    return wav.value.samples;
  }

  it('fails the recording with its event, the call goes on, and what was written is whole', async () => {
    const [one, other] = [await MediaLeg.open(media.sipPort), await MediaLeg.open(media.sipPort)];
    one.say(ONE_HZ);
    other.say(OTHER_HZ);
    await one.tell(`<join id1="${one.id}" id2="${other.id}"/>`);
    await eventually('they hear each other', () => other.voice.levelDb(ONE_HZ) > HEARD_DB);
    disk.fill(ROOM_BYTES);
    const record = (name: string, maxtime: string) =>
      one.startDialog(name, `<record dest="file://${name}.wav" format="audio/wav" maxtime="${maxtime}"/>`);
    await record('full', '60s');
    const failure = await one.exitOf('full');
    expect(failure.get('dialog.exit.status')).toBe('500');
    expect(failure.get('dialog.exit.description')).toMatch(REFUSED);
    await eventually('the file has its name', () => samplesOf('full.wav'));
    const samples = samplesOf('full.wav');
    expect(samples.length).toBeGreaterThan(4000);
    expect(energyShareAt(samples.subarray(1600), 8000, ONE_HZ)).toBeGreaterThan(0.9);
    const heardSoFar = other.voice.heardPackets;
    await eventually('another second is heard', () => other.voice.heardPackets > heardSoFar + 50);
    expect(other.voice.levelDb(ONE_HZ)).toBeGreaterThan(HEARD_DB);
    disk.free();
    await record('next', '1s');
    expect((await one.exitOf('next')).has('dialog.exit.status')).toBe(false);
    expect(samplesOf('next.wav').length).toBe(8000);
    await one.hangUp();
    await other.hangUp();
  });

  describe('behind the control plane', () => {
    let control: ControlPlane;
    const phones: TonePhone[] = [];

    beforeAll(async () => {
      control = await startControlPlane({ LEGATO_MEDIA_SERVERS: `sip:${media.sip}` });
      for (const hz of [ONE_HZ, OTHER_HZ]) phones.push(await TonePhone.open(hz, control.sipPort));
    });

    afterAll(async () => {
      for (const phone of phones) await phone.close();
      await control?.child.stop();
    });

    it('is recording.failed, the call is in progress with its audio, and the next recording is completed', async () => {
      const rest = new Rest(control.http);
      const asked = { from: 'sip:bank@example.com', to: phones.map(({ uri }) => uri), mode: 'anchored' };
      const call = (await rest.post<{ id: string }>('/v1/calls', asked)).body.id;
      await rest.until(`/v1/calls/${call}`, ['in_progress']);
      const hear = () =>
        eventually('they hear each other', () =>
          phones.every((phone) => phone.hears([ONE_HZ + OTHER_HZ - phone.hz], [phone.hz])),
        );
      await hear();
      const record = async () => {
        const answer = await rest.post<{ id: string }>(`/v1/calls/${call}/recordings`, {});
        return `/v1/recordings/${answer.body.id}`;
      };
      disk.fill(ROOM_BYTES);
      const failed = await rest.until<{ state: string; error: { detail: string } }>(await record(), [
        'failed',
      ]);
      expect(failed.error.detail).toMatch(REFUSED);
      expect(await rest.eventTypes(call)).toContain('recording.failed');
      await rest.until(`/v1/calls/${call}`, ['in_progress']);
      for (const phone of phones) phone.forget();
      await hear();
      disk.free();
      const next = await record();
      await rest.until(next, ['recording']);
      expect((await rest.post(`${next}/stop`)).status).toBe(202);
      await rest.until(next, ['completed']);
    });
  });
});
