import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@legato/kernel';
import { systemClock } from '@legato/kernel';
import type { PacketListener, RtpPort, RtpPortFactory } from '@legato/media';
import { MediaEngine } from '@legato/media';
import { BareLegs } from './bare-legs';
import { packetOf, tonePackets } from './media-load';

const WINDOW_MS = 250;
const WARM_UP_MS = 1500;
const FRAME_MS = 20;

export interface MediaMeasurement {
  /** `sockets alone`: no engine, the least that its legs can cost. */
  scenario: 'sockets alone' | 'echo' | '3-party' | '150-party';
  /** Each leg into a file of two channels. */
  recorded: boolean;
  /** `none`: packets that never see a socket, which tells what the engine itself costs. */
  transport: 'none' | 'dgram' | 'batched';
  legs: number;
  durationMs: number;
}

export interface MediaMeasured {
  /** Processor time of the media process, user and system, per second of one leg: the median of all windows. */
  cpuMsPerLegSecond: number;
  tickP99Ms: number;
  memoryPerLegKb: number;
  lateTicks: number;
  /** Packets while it was measured: what the far ends sent and we received, what we sent and they received. */
  packets: { offered: number; received: number; sent: number; arrived: number };
}

const MEMBERS = { 'sockets alone': 0, echo: 1, '3-party': 3, '150-party': 150 } as const;

/** The real clock, with the duration of every tick noted. */
class TimedClock implements Clock {
  readonly ticksMs: number[] = [];
  now = (): number => systemClock.now();
  wallTime = (): number => systemClock.wallTime();

  schedule(delayMs: number, callback: () => void) {
    return systemClock.schedule(delayMs, () => {
      const before = performance.now();
      callback();
      this.ticksMs.push(performance.now() - before);
    });
  }
}

/** RTP ports whose packets come from the bench itself, one each tick. */
class PortsWithoutSockets implements RtpPortFactory {
  readonly count = { sent: 0, received: 0 };
  private readonly listeners: PacketListener[] = [];
  private readonly packets = tonePackets();
  private frame = 0;

  open(onRtp: PacketListener): Promise<RtpPort> {
    this.listeners.push(onRtp);
    const countPacket = (): void => void (this.count.received += 1);
    return Promise.resolve({
      localPort: 2 * this.listeners.length,
      send: countPacket,
      sendRtcp: () => undefined,
      close: () => Promise.resolve(),
    });
  }

  receive(): void {
    const packet = packetOf(this.packets, this.frame++);
    for (const listener of this.listeners) listener(packet, '127.0.0.1', 4000);
    this.count.sent += this.listeners.length;
  }
}

/** Opens the legs, joined as the scenario says, and begins their recordings; returns their ports. */
async function populate(engine: MediaEngine, measured: MediaMeasurement, port: number, directory: string) {
  const ports: number[] = [];
  for (let n = 0; n < measured.legs; n++) {
    const connection = await engine.openConnection(`c${n}`);
    connection.configure({
      host: '127.0.0.1',
      port,
      codec: 'PCMU',
      payloadType: 0,
      telephoneEventPayloadType: 101,
      direction: 'sendrecv',
    });
    ports.push(connection.localPort);
    joinLeg(engine, n, MEMBERS[measured.scenario]);
    if (measured.recorded) engine.record(`c${n}`, { path: join(directory, `${n}.wav`), channels: 2 });
  }
  return ports;
}

function joinLeg(engine: MediaEngine, n: number, members: number): void {
  if (members === 1) return engine.join(`c${n}`, `c${n}`);
  const room = `room${Math.floor(n / members)}`;
  if (n % members === 0) engine.createConference(room);
  engine.join(`c${n}`, room);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The value that `share` of all values lie below. */
function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

/** Processor time in windows of a quarter of a second, each as milliseconds per leg and second. */
async function cpuWindows({ legs, durationMs }: MediaMeasurement): Promise<number[]> {
  const windows: number[] = [];
  for (let passed = 0; passed < durationMs; passed += WINDOW_MS) {
    const cpu = process.cpuUsage();
    const started = performance.now();
    await pause(WINDOW_MS);
    const { user, system } = process.cpuUsage(cpu);
    windows.push((user + system) / legs / (performance.now() - started));
  }
  return windows;
}

/** What the far ends have sent and received. */
type Count = () => Promise<{ sent: number; received: number }>;

/** What is measured: legs that are open, and begin with `start`. */
interface Legs {
  ports: number[];
  start(): void;
  totals(): { received: number; sent: number; lateTicks: number };
  stop(): Promise<void>;
}

async function openLegs(
  measured: MediaMeasurement,
  clock: Clock,
  without: PortsWithoutSockets,
  farPort: number,
): Promise<Legs> {
  const { scenario, transport, legs } = measured;
  if (scenario === 'sockets alone' && transport !== 'none')
    return BareLegs.open(clock, transport, legs, farPort);
  const rtpPorts = { first: 20_000, last: 60_000 };
  const io = transport === 'none' ? { rtpPortFactory: without } : { udp: transport };
  const engine = new MediaEngine({ host: '127.0.0.1', rtpPorts, clock, ...io });
  const directory = await mkdtemp(join(tmpdir(), 'media-bench-'));
  return {
    ports: await populate(engine, measured, farPort, directory),
    start: () => engine.start(),
    totals: () => engine.totals(),
    stop: async () => {
      await engine.stop();
      await rm(directory, { recursive: true });
    },
  };
}

async function measure(measured: MediaMeasurement, far: ChildProcess): Promise<MediaMeasured> {
  const { transport } = measured;
  const clock = new TimedClock();
  const without = new PortsWithoutSockets();
  const count: Count =
    transport === 'none' ? () => Promise.resolve({ ...without.count }) : () => ask(far, {});
  const memory = process.memoryUsage.rss();
  const { port = 4000 } = await ask(far);
  const legs = await openLegs(measured, clock, without, port);
  try {
    legs.start();
    if (transport !== 'none') far.send({ ports: legs.ports });
    await pause(WARM_UP_MS);
    clock.ticksMs.length = 0;
    const [theirs, ours] = [await count(), legs.totals()];
    const windows = await cpuWindows(measured);
    // What is on its way has arrived two ticks later.
    const [sent, received] = [(await count()).sent, legs.totals().sent];
    await pause(2 * FRAME_MS);
    const [theirsNow, oursNow] = [await count(), legs.totals()];
    return {
      cpuMsPerLegSecond: percentile(windows, 0.5),
      tickP99Ms: percentile(clock.ticksMs, 0.99),
      memoryPerLegKb: (process.memoryUsage.rss() - memory) / 1024 / measured.legs,
      lateTicks: oursNow.lateTicks - ours.lateTicks,
      packets: {
        offered: sent - theirs.sent,
        received: oursNow.received - ours.received,
        sent: received - ours.sent,
        arrived: theirsNow.received - theirs.received,
      },
    };
  } finally {
    await legs.stop();
  }
}

async function ask(
  child: ChildProcess,
  message?: object,
): Promise<Record<string, number> & { sent: number; received: number }> {
  const answer = once(child, 'message') as Promise<
    [Record<string, number> & { sent: number; received: number }]
  >;
  if (message) child.send(message);
  return (await answer)[0];
}

if (require.main === module) {
  process.once('message', (measured: MediaMeasurement) => {
    const far = fork(join(__dirname, 'media-load.ts'), { execArgv: process.execArgv });
    void measure(measured, far).then((result) => {
      far.disconnect();
      process.send?.(result, () => process.exit());
    });
  });
}
