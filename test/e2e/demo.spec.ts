import { energyShareAt, readWav, sineWave, writeWav } from '@legato/media';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Baresip } from './support/baresip';
import { Child } from './support/child';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';

const MAIN = join(__dirname, '../../dist/apps/demo/src/main.js');
const DEMO_MS = 150_000;
const TONE_HZ = 800;
/** Of 16-bit samples at 8 kHz. */
const SECOND_BYTES = 16_000;

interface Recording {
  readonly id: string;
  readonly state: string;
}

describe('npm run demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-demo-'));
  const out = join(folder, 'out');
  let demo: Child;
  let phone: Baresip | undefined;

  beforeAll(() => {
    demo = new Child('demo', process.execPath, [MAIN, '--stay', '--out', out]);
  });

  afterAll(async () => {
    await phone?.stop();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const line = (part: string): Promise<string> =>
    demo.line(part, (text) => (text.includes(part) ? text : undefined), DEMO_MS);

  it(
    'goes through its chapters, and every check passes',
    async () => {
      await line('Still up.');
      const checks = demo.lines.filter((text) => /^ {2}[✔✘] /.test(text));
      expect(checks.filter((text) => text.startsWith('  ✘'))).toEqual([]);
      expect(checks.length).toBeGreaterThan(20);
      expect(demo.lines.some((text) => text.includes('<dialogstart record>'))).toBe(true);
    },
    DEMO_MS,
  );

  it('leaves what others can read: WAVs, a capture, a manifest, events', () => {
    const files = readdirSync(out);
    for (const name of [
      'recording.wav',
      'recording.wav.json',
      'message.wav',
      'conference.wav',
      'events.json',
    ])
      expect(files).toContain(name);
    for (const name of files.filter((file) => file.endsWith('.wav')))
      expect(spawnSync('soxi', ['-D', join(out, name)]).status).toBe(0);
    const capture = join(out, 'trace.pcap');
    const decode = (filter: string): string[] =>
      execFileSync('tshark', ['-r', capture, '-Y', filter], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
        .split('\n')
        .filter((text) => text !== '');
    expect(decode('_ws.malformed')).toEqual([]);
    expect(decode('sip.Method == "INVITE"').length).toBeGreaterThan(5);
  });

  it('takes a softphone, and the line that it prints records the call', async () => {
    const number = (await line('   the conference')).trim().split(/\s+/)[0] ?? '';
    const command = (await line('curl -s')).trim();
    const tone = join(folder, 'tone.wav');
    writeFileSync(tone, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(TONE_HZ, 300_000)));
    phone = await Baresip.start({
      folder: join(folder, 'phone'),
      user: 'you',
      speaks: tone,
      answers: 'manual',
    });
    await phone.command('dial', number);
    await phone.event('CALL_ESTABLISHED');
    const base = /http:\/\/127\.0\.0\.1:\d+/.exec(command)?.[0] ?? '';
    const rest = new Rest(base);
    await eventually('the call is in progress', async () => {
      const { data } = await rest.get<{ data: unknown[] }>('/v1/calls?state=in_progress&limit=1');
      return data.length === 1;
    });
    const { id } = JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' })) as Recording;
    const state = async (wanted: string): Promise<void> => {
      await eventually(`the recording is ${wanted}`, async () => {
        return (await rest.get<Recording>(`/v1/recordings/${id}`)).state === wanted;
      });
    };
    await state('recording');
    const recordings = join(out, 'recordings');
    await eventually('a second is recorded', () =>
      readdirSync(recordings).some(
        (name) => name.includes(id) && statSync(join(recordings, name)).size > SECOND_BYTES,
      ),
    );
    await fetch(`${base}/v1/recordings/${id}/stop`, { method: 'POST' });
    await state('completed');
    const media = await fetch(`${base}/v1/recordings/${id}/media`);
    const wav = readWav(Buffer.from(await media.arrayBuffer()));
    expect(wav.ok && energyShareAt(wav.value.samples, wav.value.sampleRate, TONE_HZ)).toBeGreaterThan(0.5);
  }, 90_000);

  it('ends when it is told to', async () => {
    await phone?.stop();
    phone = undefined;
    await demo.stop();
    expect(demo.running).toBe(false);
  }, 60_000);
});
