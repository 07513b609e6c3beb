import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Applications } from './applications';
import { startApplications } from './applications';
import type { Chapter, Page, Stage } from './chapter';
import { pause, phone } from './chapter';
import { threeMeet } from './chapters/conference';
import { recordedCall } from './chapters/recorded-call';
import { PIN, publishMenu, voiceMenu } from './chapters/voice-menu';
import { CheckList } from './check-list';
import { ladder } from './ladder';
import { RestClient } from './rest-client';
import type { SoftPhone } from './soft-phone';

const ALICE_HZ = 440;
const BOB_HZ = 1000;
const CAROL_HZ = 1700;
/** What the capture file of the control plane still has to be written after the last message. */
const TRACE_SETTLE_MS = 300;
const USAGE = `Usage: npm run demo [-- --exit] [-- --out DIR]

Built-in callers go through the control plane and the reference media server on loopback: a call is recorded over REST
with a pause, a voice menu asks for a PIN and takes a message, three meet in a conference. What they hear and what is in
the files is measured. Leaves the WAVs, a manifest, the events, a SIP trace (pcap) and the logs in DIR [demo-out].

  --exit   end when the checks are done: code 0 only if every one passed (this is also so without a terminal)
  --stay   stay up afterwards, as it does on a terminal
  --out    folder for the results`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function openStage(folder: string, { control }: Applications): Promise<Stage> {
  const rest = new RestClient(control.http);
  await publishMenu({ rest });
  return { rest, sip: control.sip, folder, list: new CheckList(), say: (line) => print(`- ${line}`) };
}

async function tell(chapter: Chapter, stage: Stage): Promise<{ fromMs: number; toMs: number }> {
  print(`\n${chapter.title}`);
  const fromMs = Date.now();
  await chapter.run(stage);
  return { fromMs, toMs: Date.now() };
}

/** The ladder of the recorded call, as it went over the wire. */
async function showLadder(
  { folder }: Stage,
  { control, media }: Applications,
  phones: readonly [SoftPhone, number][],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<void> {
  await pause(TRACE_SETTLE_MS);
  const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));
  const [alice, bob] = phones.map(([each, port]) => ({ name: each.name, port }));
  const us = { name: 'legato', port: portOf(control.sip) };
  const cast = [alice, us, { name: 'media server', port: portOf(media.sip) }, bob].filter(
    (each) => each !== undefined,
  );
  const lines = ladder(readFileSync(join(folder, 'trace.pcap')), cast, fromMs, toMs);
  writeFileSync(join(folder, 'ladder.txt'), `${lines.join('\n')}\n`);
  print('\nThe recorded call, as it went over the wire');
  for (const line of lines) print(`  ${line}`);
}

async function run(
  stage: Stage,
  applications: Applications,
  alice: SoftPhone,
  bob: SoftPhone,
): Promise<void> {
  const ports: [SoftPhone, number][] = [
    [alice, alice.port],
    [bob, bob.port],
  ];
  const recorded = recordedCall({ alice, bob, aliceHz: ALICE_HZ, bobHz: BOB_HZ });
  const window = await tell(recorded, stage);
  await tell(voiceMenu(await phone(stage, 'carol', CAROL_HZ), CAROL_HZ), stage);
  const speakers = [
    { phone: await phone(stage, 'dave', ALICE_HZ), toneHz: ALICE_HZ },
    { phone: await phone(stage, 'erin', BOB_HZ), toneHz: BOB_HZ },
    { phone: await phone(stage, 'frank', CAROL_HZ), toneHz: CAROL_HZ },
  ];
  await tell(threeMeet(speakers), stage);
  await showLadder(stage, applications, ports, window);
  const events = await stage.rest.get<Page<{ type: string }>>('/v1/events?limit=1000');
  writeFileSync(join(stage.folder, 'events.json'), `${JSON.stringify(events.data, null, 2)}\n`);
  const ended = events.data.filter(({ type }) => type === 'call.ended').length;
  stage.list.check(
    'every call has ended, and the log says so once',
    ended === 2 + speakers.length,
    `${ended}`,
  );
}

function howToDialIn({ sip, rest }: Stage): void {
  print(`
Still up. With any softphone, without registration:
  sip:2000@${sip}   the voice menu (PIN ${PIN}, then #)
  sip:3000@${sip}   the conference

While you are in a call, this records it:
  ${recordLine(rest.base)}
It says where the recording is; its WAV is at ${rest.base}/v1/recordings/<id>/media after a POST to …/stop.
The interface: ${rest.base}/docs. Ctrl-C ends it.`);
}

/** One line of shell: finds the call that is in progress and records it. */
const recordLine = (base: string): string =>
  `curl -s '${base}/v1/calls?state=in_progress&limit=1' | grep -o 'call_[0-9a-f-]*' | head -1 | ` +
  `xargs -I CALL curl -s -X POST ${base}/v1/calls/CALL/recordings -H 'Content-Type: application/json' -d '{"channels":"mono"}'`;

function untilInterrupted(): Promise<void> {
  return new Promise((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      exit: { type: 'boolean', default: !process.stdout.isTTY },
      stay: { type: 'boolean', default: false },
      out: { type: 'string', default: 'demo-out' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const stays = values.stay || !values.exit;
  const folder = resolve(values.out);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bob = await phone({ folder }, 'bob', BOB_HZ);
  const alice = await phone({ folder }, 'alice', ALICE_HZ);
  const applications = await startApplications({ folder, callee: bob.uri, usualPorts: stays });
  const { control, media } = applications;
  try {
    print(`control plane: sip:${control.sip}, ${control.http}   media server: sip:${media.sip}`);
    const stage = await openStage(folder, applications);
    await run(stage, applications, alice, bob);
    print('\nCheck list');
    stage.list.print(print);
    print(`\nResults: ${folder}`);
    process.exitCode = stage.list.passed ? 0 : 1;
    if (stays) {
      howToDialIn(stage);
      await untilInterrupted();
    }
  } finally {
    await Promise.all([control.stop(), media.stop()]);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
