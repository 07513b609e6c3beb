import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@legato/kernel';
import { systemClock } from '@legato/kernel';
import type { MediaRecording, PacketListener, RtpPort, RtpPortFactory } from '@legato/media';
import { MediaEngine, codecNamed, sineWave } from '@legato/media';

const TICK_MS = 20;
const FRAME_BYTES = 160;
const HEADER_BYTES = 12;

export interface MediaBenchOptions {
  /** Legs of each measurement of the synthetic kind. */
  legs?: number;
  /** Legs of each measurement over real sockets. */
  socketLegs?: number;
  /** How long each measurement lasts, in milliseconds of media time. */
  durationMs?: number;
}

export interface MediaBenchResult {
  scenario: 'echo' | '3-party' | '150-party';
  recorded: boolean;
  /** `synthetic` packets never see a socket; the others are UDP on loopback by that backend, the far ends in a process of their own. */
  transport: 'synthetic' | 'node' | 'linux';
  legs: number;
  /** Legs that one core would carry at full load: 50 packets a second each way. */
  legsPerCore: number;
  tickMeanMs: number;
  tickP99Ms: number;
}

interface Case {
  scenario: MediaBenchResult['scenario'];
  recorded: boolean;
}

const CASES: readonly Case[] = (['echo', '3-party', '150-party'] as const).flatMap((scenario) => [
  { scenario, recorded: false },
  { scenario, recorded: true },
]);

const MEMBERS: Record<MediaBenchResult['scenario'], number> = { echo: 1, '3-party': 3, '150-party': 150 };

/** RTP ports whose packets come from the bench itself. */
class SyntheticPorts implements RtpPortFactory {
  readonly listeners: PacketListener[] = [];
  packetsSent = 0;

  open(onRtp: PacketListener): Promise<RtpPort> {
    this.listeners.push(onRtp);
    const count = (): void => void (this.packetsSent += 1);
    return Promise.resolve({
      localPort: 2 * this.listeners.length,
      send: count,
      sendRtcp: () => undefined,
      close: () => Promise.resolve(),
    });
  }
}

/** A clock that a bench steps by hand. */
class SteppedClock implements Clock {
  private time = 0;
  private due: (() => void) | undefined;

  now = (): number => this.time;
  wallTime = (): number => this.time;

  schedule(_delayMs: number, callback: () => void) {
    this.due = callback;
    return { cancel: () => void (this.due = undefined) };
  }

  step(): void {
    this.time += TICK_MS;
    this.due?.();
  }
}

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

/** One second of speech-like audio as RTP packets of PCMU. */
function packets(): Buffer[] {
  const codec = codecNamed('PCMU');
  const samples = sineWave(350, 1000);
  return Array.from({ length: 1000 / TICK_MS }, (_, n) => {
    const packet = Buffer.alloc(HEADER_BYTES + FRAME_BYTES);
    codec?.createEncoder().encode(samples.subarray(n * FRAME_BYTES), FRAME_BYTES, packet, HEADER_BYTES);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt32BE(7, 8);
    return packet;
  });
}

function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Opens `legs` connections that send to `port`, joined as the scenario says, and begins their recordings. */
async function populate(
  engine: MediaEngine,
  { scenario, recorded }: Case,
  legs: number,
  port: number,
  directory: string,
) {
  const recordings: MediaRecording[] = [];
  const ports: number[] = [];
  for (let n = 0; n < legs; n++) {
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
    joinLeg(engine, n, scenario);
    if (recorded) recordings.push(engine.record(`c${n}`, { path: join(directory, `${n}.wav`), channels: 2 }));
  }
  return { ports, recordings };
}

function joinLeg(engine: MediaEngine, n: number, scenario: Case['scenario']): void {
  if (scenario === 'echo') return engine.join(`c${n}`, `c${n}`);
  const room = `room${Math.floor(n / MEMBERS[scenario])}`;
  if (n % MEMBERS[scenario] === 0) engine.createConference(room);
  engine.join(`c${n}`, room);
}

/** Packets and ticks without sockets and without waiting: what the engine itself costs. */
async function synthetic(
  measured: Case,
  legs: number,
  durationMs: number,
  directory: string,
): Promise<MediaBenchResult> {
  const ports = new SyntheticPorts();
  const clock = new SteppedClock();
  const engine = new MediaEngine({
    host: '127.0.0.1',
    rtpPorts: { first: 0, last: 0 },
    clock,
    rtpPortFactory: ports,
  });
  engine.start();
  await populate(engine, measured, legs, 4000, directory);
  const sent = packets();
  const ticksMs: number[] = [];
  const ticks = Math.round(durationMs / TICK_MS);
  const warmUp = Math.floor(ticks / 4);
  let cpu = process.cpuUsage();
  for (let n = 0; n < ticks; n++) {
    if (n === warmUp) cpu = process.cpuUsage();
    const packet = sent[n % sent.length] as Buffer;
    packet.writeUInt16BE(n & 0xffff, 2);
    packet.writeUInt32BE(n * FRAME_BYTES, 4);
    const before = performance.now();
    for (const listener of ports.listeners) listener(packet, '127.0.0.1', 4000);
    clock.step();
    ticksMs.push(performance.now() - before);
    // The disk has its turn, as it would between two ticks.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(cpu);
  await engine.stop();
  const warm = ticksMs.slice(warmUp);
  const coresUsed = (user + system) / 1000 / (warm.length * TICK_MS);
  const legsPerCore = Math.round(legs / coresUsed);
  return {
    ...measured,
    transport: 'synthetic',
    legs,
    legsPerCore,
    tickMeanMs: mean(warm),
    tickP99Ms: percentile99(warm),
  };
}

/** The far ends of all legs behind one socket: sends every packet to every port, every 20 ms. */
const FAR_END = `
const socket = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: 4194304, lookup: (host, o, done) => done(null, host, 4) });
const packet = Buffer.alloc(${HEADER_BYTES + FRAME_BYTES}, 0x90);
let ports = [], n = 0, received = 0, due = 0;
packet.writeUInt8(0x80, 0); packet.writeUInt8(0, 1);
function beat() {
  packet.writeUInt16BE(n & 0xffff, 2); packet.writeUInt32BE((n * ${FRAME_BYTES}) >>> 0, 4); n += 1;
  for (const port of ports) socket.send(packet, port, '127.0.0.1');
  due += ${TICK_MS};
  setTimeout(beat, Math.max(0, due - performance.now()));
}
socket.on('message', () => { received += 1; });
socket.on('error', () => {});
process.on('message', (message) => {
  if (message.ports) { ports = message.ports; due = performance.now(); beat(); }
  else process.send({ received });
});
process.on('disconnect', () => process.exit());
socket.bind(0, '127.0.0.1', () => process.send({ port: socket.address().port }));
`;

async function ask(child: ChildProcess, message?: object): Promise<Record<string, number>> {
  const answer = once(child, 'message') as Promise<[Record<string, number>]>;
  if (message) child.send(message);
  return (await answer)[0];
}

/** Real sockets: the processor time of this process tells what a leg costs. */
const overSockets =
  (udp: 'node' | 'linux') => (measured: Case, legs: number, durationMs: number, directory: string) =>
    measureSockets(udp, measured, legs, durationMs, directory);

async function measureSockets(
  udp: 'node' | 'linux',
  measured: Case,
  legs: number,
  durationMs: number,
  directory: string,
): Promise<MediaBenchResult> {
  const child = spawn(process.execPath, ['-e', FAR_END], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const clock = new TimedClock();
  const rtpPorts = { first: 20_000, last: 60_000 };
  const engine = new MediaEngine({ host: '127.0.0.1', rtpPorts, clock, udp });
  try {
    const { port = 0 } = await ask(child);
    engine.start();
    const { ports } = await populate(engine, measured, legs, port, directory);
    child.send({ ports });
    await new Promise((resolve) => setTimeout(resolve, durationMs / 4));
    clock.ticksMs.length = 0;
    const cpu = process.cpuUsage();
    const started = performance.now();
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    const { user, system } = process.cpuUsage(cpu);
    const coresUsed = (user + system) / 1000 / (performance.now() - started);
    return {
      ...measured,
      transport: udp,
      legs,
      legsPerCore: Math.round(legs / coresUsed),
      tickMeanMs: mean(clock.ticksMs),
      tickP99Ms: percentile99(clock.ticksMs),
    };
  } finally {
    child.disconnect();
    await engine.stop();
  }
}

/** Measures echo, three-party and 150-party mixing, each with and without a two-channel recording of every leg. */
export async function mediaBench(options: MediaBenchOptions = {}): Promise<MediaBenchResult[]> {
  const { legs = 450, socketLegs = 300, durationMs = 8000 } = options;
  const results: MediaBenchResult[] = [];
  for (const measure of [synthetic, overSockets('node'), overSockets('linux')]) {
    for (const measured of CASES) {
      const directory = await mkdtemp(join(tmpdir(), 'media-bench-'));
      const count = measure === synthetic ? legs : socketLegs;
      results.push(await measure(measured, count, durationMs, directory));
      await rm(directory, { recursive: true });
    }
  }
  return results;
}
