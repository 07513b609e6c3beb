import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sineWave, writeWav } from '@legato/media';
import { AppProcess } from './app-process';
import { CheckList, channelsOf, percent, shareAt } from './check-list';
import type { RecordedCall } from './recorded-call';
import { recordedCall } from './recorded-call';
import { RestClient } from './rest-client';
import { SoftPhone } from './soft-phone';

const ALICE_HZ = 440;
const BOB_HZ = 1000;
const USAGE = `Usage: npm run demo [-- --exit] [-- --out DIR]

Calls through the control plane and the reference media server on loopback, records the call over REST,
and checks what is in the file. Leaves recording.wav, what each party heard, events and logs in DIR [demo-out].

  --exit   end when the checks are done: code 0 only if every one passed (this is also so without a terminal)
  --out    folder for the results`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Demo {
  readonly folder: string;
  readonly media: AppProcess;
  readonly control: AppProcess;
  readonly alice: SoftPhone;
  readonly bob: SoftPhone;
}

function tone(folder: string, name: string, frequencyHz: number): string {
  const file = join(folder, `${name}-says.wav`);
  writeFileSync(file, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(frequencyHz, 2_000)));
  return file;
}

async function start(folder: string): Promise<Demo> {
  const alice = new SoftPhone('alice', tone(folder, 'alice', ALICE_HZ), join(folder, 'alice-hears.wav'));
  const bob = new SoftPhone('bob', tone(folder, 'bob', BOB_HZ), join(folder, 'bob-hears.wav'));
  await Promise.all([alice.start(), bob.start()]);
  const routes = join(folder, 'routes.json');
  writeFileSync(
    routes,
    JSON.stringify({ routes: [{ number: '1000', to: bob.uri, mode: 'direct', record: false }] }),
  );
  const recordings = join(folder, 'recordings');
  mkdirSync(recordings);
  const media = await AppProcess.start(
    'media-server',
    { LEGATO_MS_SIP_PORT: '0', LEGATO_MS_RECORDINGS_DIR: recordings },
    join(folder, 'media-server.log'),
  );
  const control = await AppProcess.start(
    'control-plane',
    {
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_PORT: '0',
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: routes,
    },
    join(folder, 'control-plane.log'),
  );
  return { folder, media, control, alice, bob };
}

function check(list: CheckList, { folder }: Demo, done: RecordedCall, types: readonly string[]): void {
  const [left, right] = channelsOf(done.file);
  const [alice] = channelsOf(join(folder, 'alice-hears.wav'));
  const [bob] = channelsOf(join(folder, 'bob-hears.wav'));
  const heard = (
    who: string,
    channel: Parameters<typeof shareAt>[0],
    frequencyHz: number,
    atLeast: number,
  ) => {
    const share = shareAt(channel, frequencyHz);
    list.check(who, share > atLeast, `${percent(share)} of the energy at ${frequencyHz} Hz`);
  };
  list.check('the call was bridged without the media server', done.modeBefore === 'direct', done.modeBefore);
  list.check('it moved to the media server to be recorded', done.call.mode === 'anchored', done.call.mode);
  list.check(
    'the recording is complete',
    done.recording.state === 'completed',
    `${done.recording.duration_ms} ms`,
  );
  list.check('the recording is long enough', (done.recording.duration_ms ?? 0) > 2_000);
  heard('its left channel is Alice', left, ALICE_HZ, 0.8);
  heard('its right channel is Bob', right, BOB_HZ, 0.8);
  heard('Alice heard Bob', alice, BOB_HZ, 0.6);
  heard('Bob heard Alice', bob, ALICE_HZ, 0.6);
  list.check('the call has ended', done.call.state === 'ended');
  list.check('the log tells of its end once', types.filter((type) => type === 'call.ended').length === 1);
}

async function run(demo: Demo): Promise<boolean> {
  const rest = new RestClient(demo.control.http);
  print(`control plane: sip:${demo.control.sip}, ${demo.control.http}   media server: sip:${demo.media.sip}`);
  const numberUri = `sip:1000@${demo.control.sip}`;
  const done = await recordedCall(rest, { alice: demo.alice, numberUri }, demo.folder, (line) =>
    print(`- ${line}`),
  );
  await Promise.all([demo.alice.stop(), demo.bob.stop()]);
  const events = await rest.get<{ data: { type: string }[] }>('/v1/events?limit=100');
  writeFileSync(join(demo.folder, 'events.json'), `${JSON.stringify(events.data, null, 2)}\n`);
  const types = events.data.map(({ type }) => type);
  print(`- events: ${types.join(', ')}`);
  print('\nCheck list');
  const list = new CheckList(print);
  check(list, demo, done, types);
  print(`\nResults: ${demo.folder}`);
  return list.passed;
}

function untilInterrupted(demo: Demo): Promise<void> {
  print(
    `\nStill up: dial sip:1000@${demo.control.sip}, or look at ${demo.control.http}/docs. Ctrl-C ends it.`,
  );
  return new Promise((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      exit: { type: 'boolean', default: !process.stdout.isTTY },
      out: { type: 'string', default: 'demo-out' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const folder = resolve(values.out);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const demo = await start(folder);
  try {
    process.exitCode = (await run(demo)) ? 0 : 1;
    if (!values.exit) await untilInterrupted(demo);
  } finally {
    await Promise.all([demo.control.stop(), demo.media.stop()]);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
