import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FakeClock, FakePhone, FakeRtpNetwork } from '@legato/testing';
import { codecNamed } from '../codecs/codec-table';
import { PCMU } from '../codecs/g711';
import type { ReceivedReports } from '../rtp/rtcp-packet.parser';
import { readRtcp, writeRtcp } from '../rtp/rtcp-packet.parser';
import { fillDtmfTone } from '../dtmf/dtmf-tones';
import { energyShareAt } from '../tones/goertzel';
import { sineWave } from '../tones/sine';
import { readWav } from '../wav/wav-reader';
import { writeWav } from '../wav/wav-writer';
import { MediaEngine } from './media-engine';
import type { MediaConnection, MediaEngineOptions, RemoteMedia } from './media-objects';

const EVENTS = 101;

let clock: FakeClock;
let network: FakeRtpNetwork;
let engine: MediaEngine;
let phones: FakePhone[];
let directory: string;

function build(options: Partial<MediaEngineOptions> = {}): void {
  clock = new FakeClock();
  network = new FakeRtpNetwork();
  phones = [];
  engine = new MediaEngine({
    host: '127.0.0.1',
    rtpPorts: { first: 10_000, last: 20_000 },
    clock,
    rtpPortFactory: network,
    ...options,
  });
  engine.start();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'media-engine-'));
  build();
});

afterEach(async () => {
  await engine.stop();
  expect(engine.counts()).toEqual({ connections: 0, conferences: 0, playbacks: 0, recordings: 0, joins: 0 });
  expect(clock.armed).toBe(0);
  expect(network.ports.size).toBe(0);
  await rm(directory, { recursive: true });
});

/** A connection and the phone at its far end. */
async function call(
  id: string,
  remote: Partial<RemoteMedia> = {},
): Promise<{ connection: MediaConnection; phone: FakePhone; remote: RemoteMedia }> {
  const connection = await engine.openConnection(id);
  const codec = codecNamed(remote.codec ?? 'PCMU') ?? PCMU;
  const phone = new FakePhone(network, '192.0.2.1', 4000 + phones.length * 2, codec);
  const full: RemoteMedia = {
    host: phone.host,
    port: phone.port,
    codec: 'PCMU',
    payloadType: 0,
    telephoneEventPayloadType: EVENTS,
    direction: 'sendrecv',
    ...remote,
  };
  connection.configure(full);
  phone.remotePort = connection.localPort;
  phone.payloadType = full.payloadType;
  phones.push(phone);
  return { connection, phone, remote: full };
}

/** Time passes for the engine and for the phones. */
function run(ms: number): void {
  for (let elapsed = 0; elapsed < ms; elapsed += 20) {
    for (const phone of phones) phone.tick();
    clock.advance(20);
  }
}

const share = (samples: Int16Array, frequencyHz: number) => energyShareAt(samples, 8000, frequencyHz);
const loudness = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

/** The n-th compound of RTCP that was sent. */
function reportAt(n: number): ReceivedReports {
  const sent = network.rtcp.at(n);
  const reports = sent && readRtcp(sent.bytes);
  if (!reports) throw new Error('no report');
  return reports;
}

async function wavFile(name: string, frequencyHz: number, durationMs: number): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(frequencyHz, durationMs)));
  return path;
}

async function recorded(path: string) {
  const wav = readWav(await readFile(path));
  if (!wav.ok) throw new Error(wav.error);
  const channel = (n: number) => wav.value.samples.filter((_, i) => i % wav.value.channels === n);
  return { ...wav.value, left: channel(0), right: channel(1) };
}

describe('joins (RFC 5707 §8.12)', () => {
  it('lets two connections hear each other, and nobody itself', async () => {
    const a = await call('a');
    const b = await call('b', { codec: 'PCMA', payloadType: 8 });
    engine.join('a', 'b');
    a.phone.say(sineWave(440, 1000));
    b.phone.say(sineWave(880, 1000));
    run(1200);
    expect(share(b.phone.heard(), 440)).toBeGreaterThan(0.95);
    expect(share(a.phone.heard(), 880)).toBeGreaterThan(0.95);
    expect(engine.counts()).toMatchObject({ connections: 2, joins: 1 });
    expect(engine.joined('a')).toEqual(['b']);
  });

  it('carries audio in one direction only where one is named', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b', 'from-id1');
    a.phone.say(sineWave(440, 500));
    b.phone.say(sineWave(880, 500));
    run(600);
    expect(share(b.phone.heard(), 440)).toBeGreaterThan(0.9);
    expect(loudness(a.phone.heard())).toBe(0);
    engine.join('a', 'b', 'to-id1');
    engine.unjoin('a', 'b', 'from-id1');
    a.phone.say(sineWave(440, 500));
    b.phone.say(sineWave(880, 500));
    run(600);
    expect(share(a.phone.heard(), 880)).toBeGreaterThan(0.9);
    expect(loudness(b.phone.heard())).toBe(0);
    engine.unjoin('b', 'a');
    expect(engine.joined('a')).toEqual([]);
  });

  it('lets a connection hear the sum of all that it is joined to', async () => {
    const [a, b, c] = [await call('a'), await call('b'), await call('c')];
    engine.join('a', 'b');
    engine.join('a', 'c');
    b.phone.say(sineWave(440, 1000));
    c.phone.say(sineWave(880, 1000));
    run(1200);
    const heard = a.phone.heard();
    expect(share(heard, 440)).toBeGreaterThan(0.45);
    expect(share(heard, 880)).toBeGreaterThan(0.45);
    expect(loudness(b.phone.heard())).toBe(0);
  });

  it('gives an echo when a connection is joined to itself', async () => {
    const { phone } = await call('a');
    engine.join('a', 'a');
    phone.say(sineWave(440, 500));
    run(600);
    expect(share(phone.heard(), 440)).toBeGreaterThan(0.9);
  });

  it('keeps joins over hold, and says and hears only what the direction allows (RFC 3264 §5.1)', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b');
    a.connection.configure({ ...a.remote, direction: 'sendonly' });
    a.phone.say(sineWave(440, 500));
    b.phone.say(sineWave(880, 500));
    run(600);
    expect(share(a.phone.heard(), 880)).toBeGreaterThan(0.9);
    expect(loudness(b.phone.heard())).toBe(0);
    a.connection.configure({ ...a.remote, direction: 'inactive' });
    run(200);
    expect(a.phone.packets).toHaveLength(0);
    a.connection.configure(a.remote);
    a.phone.say(sineWave(440, 500));
    run(600);
    expect(a.phone.packets.map(({ marker }) => marker).indexOf(true)).toBe(0);
    expect(share(b.phone.heard(), 440)).toBeGreaterThan(0.9);
  });

  it('refuses objects that do not exist and ids that are taken', async () => {
    await call('a');
    engine.createConference('room');
    expect(() => engine.join('a', 'nobody')).toThrow('NO_SUCH_OBJECT: nobody');
    expect(() => engine.joined('nobody')).toThrow('NO_SUCH_OBJECT');
    expect(() => engine.createConference('a')).toThrow('EXISTS: a');
    expect(() => engine.destroyConference('a')).toThrow('NO_SUCH_OBJECT');
    await expect(engine.openConnection('room')).rejects.toThrow('EXISTS: room');
    await Promise.all([
      engine.openConnection('x'),
      expect(engine.openConnection('x')).rejects.toThrow('EXISTS: x'),
    ]);
  });
});

describe('conferences (RFC 5707 §8.2)', () => {
  const frequencies = [440, 600, 800] as const;

  async function conference(...tones: number[]) {
    engine.createConference('room');
    const members = [];
    for (const [n, tone] of tones.entries()) {
      const member = await call(`m${n}`);
      engine.join(`m${n}`, 'room');
      if (tone > 0) member.phone.say(sineWave(tone, 1000));
      members.push(member);
    }
    return members;
  }

  it('lets every member hear all others and not itself', async () => {
    const members = await conference(...frequencies);
    run(1200);
    for (const [n, { phone }] of members.entries()) {
      const heard = phone.heard();
      for (const [m, frequency] of frequencies.entries()) {
        if (m === n) expect(share(heard, frequency)).toBeLessThan(0.02);
        else expect(share(heard, frequency)).toBeGreaterThan(0.4);
      }
    }
  });

  it('lets a silent member hear the full mix, and a listener be not heard', async () => {
    const [, , listener] = await conference(440, 600, 0);
    engine.unjoin('m2', 'room', 'from-id1');
    listener?.phone.say(sineWave(800, 1000));
    run(1200);
    const heard = listener?.phone.heard() ?? new Int16Array(0);
    expect(share(heard, 440)).toBeGreaterThan(0.4);
    expect(share(heard, 600)).toBeGreaterThan(0.4);
    expect(share(heard, 800)).toBeLessThan(0.02);
  });

  it('limits the sum where many shout at once, instead of wrapping it round', async () => {
    engine.createConference('room');
    const listener = await call('listener');
    engine.join('listener', 'room');
    for (let n = 0; n < 5; n++) {
      const { phone } = await call(`m${n}`);
      engine.join(`m${n}`, 'room');
      phone.say(sineWave(440, 500, 8000, 32000));
    }
    run(700);
    const heard = listener.phone.heard();
    expect(Math.max(...heard)).toBeGreaterThan(31000);
    // A sum that wraps round has steps of nearly the full range from one sample to the next.
    const steps = heard.slice(1).map((sample, i) => Math.abs(sample - (heard[i] as number)) / 2);
    expect(Math.max(...steps)).toBeLessThan(28_000);
    expect(share(heard, 440)).toBeGreaterThan(0.7);
  });

  it('carries a conference into another, both ways, without an echo', async () => {
    engine.createConference('left');
    engine.createConference('right');
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'left');
    engine.join('b', 'right');
    engine.join('left', 'right');
    a.phone.say(sineWave(440, 1000));
    b.phone.say(sineWave(880, 1000));
    run(1200);
    expect(share(b.phone.heard(), 440)).toBeGreaterThan(0.95);
    expect(share(a.phone.heard(), 880)).toBeGreaterThan(0.95);
    engine.unjoin('left', 'right');
    b.phone.say(sineWave(880, 500));
    a.phone.heard();
    run(600);
    expect(loudness(a.phone.heard().subarray(1600))).toBe(0);
  });

  it('leaves its members unjoined when it is destroyed', async () => {
    await conference(440, 600);
    engine.destroyConference('room');
    expect(engine.joined('m0')).toEqual([]);
    expect(engine.counts()).toMatchObject({ conferences: 0, joins: 0 });
    run(100);
  });
});

describe('what can be changed while it lasts (RFC 5707 §8.6, §8.12.1)', () => {
  it('shapes one stream of a join', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b');
    engine.shapeStream('a', 'b', { gain: -20 });
    a.phone.say(sineWave(440, 600));
    b.phone.say(sineWave(880, 600));
    run(600);
    const [quiet, loud] = [b.phone.heard(), a.phone.heard()].map((heard) => loudness(heard.subarray(1600)));
    expect((loud ?? 0) / (quiet ?? 1)).toBeCloseTo(10, 0);
    engine.shapeStream('a', 'b', { gain: 'mute' });
    a.phone.say(sineWave(440, 600));
    run(600);
    expect(loudness(b.phone.heard().subarray(800))).toBe(0);
    expect(() => engine.shapeStream('a', 'a', {})).toThrow('NO_SUCH_OBJECT: a > a');
  });

  it('takes DTMF tones out of a stream that is clamped, and leaves the rest', async () => {
    const a = await call('a');
    const [clamped, other] = [await call('clamped'), await call('other')];
    engine.join('a', 'clamped');
    engine.join('a', 'other');
    engine.shapeStream('a', 'clamped', { clampDtmf: true });
    const tone = new Int16Array(4000);
    fillDtmfTone(tone, '5', 0, 8000);
    a.phone.say(Int16Array.from([...sineWave(440, 500), ...tone, ...sineWave(440, 500)]));
    run(1700);
    const [without, with5] = [clamped.phone.heard(), other.phone.heard()];
    expect(share(with5, 770) + share(with5, 1336)).toBeGreaterThan(0.3);
    expect(share(without, 770) + share(without, 1336)).toBeLessThan(0.06);
    expect(share(without, 440)).toBeGreaterThan(0.85);
  });

  it('mixes the loudest members only, and tells who speaks', async () => {
    engine.createConference('room', {
      nLoudest: 1,
      activeSpeakers: { intervalMs: 1000, thresholdDbm0: -30 },
    });
    const heard: string[][] = [];
    const leave = engine.onActiveSpeakers('room', (ids) => heard.push(ids));
    const listener = await call('listener');
    engine.join('listener', 'room', 'to-id1');
    for (const [id, tone, amplitude] of [
      ['quiet', 440, 3000],
      ['loud', 880, 9000],
    ] as const) {
      const { phone } = await call(id);
      engine.join(id, 'room');
      phone.say(sineWave(tone, 2000, 8000, amplitude));
    }
    run(1500);
    expect(share(listener.phone.heard(), 880)).toBeGreaterThan(0.95);
    expect(heard).toEqual([['loud', 'quiet']]);
    engine.updateConference('room', {});
    run(500);
    expect(share(listener.phone.heard(), 440)).toBeGreaterThan(0.05);
    engine.updateConference('room', { activeSpeakers: { intervalMs: 1000 } });
    leave();
    run(2000);
    expect(heard).toHaveLength(1);
    expect(() => engine.updateConference('nobody', {})).toThrow('NO_SUCH_OBJECT');
  });
});

describe('digits (RFC 4733)', () => {
  it('reports each digit once, and stops when the listener leaves', async () => {
    const { connection, phone } = await call('a');
    const digits: [string, number][] = [];
    const leave = connection.onDigit((digit, durationMs) => digits.push([digit, durationMs]));
    phone.press(5, EVENTS);
    run(100);
    phone.press(11, EVENTS, 1600);
    run(100);
    leave();
    phone.press(1, EVENTS);
    run(100);
    expect(digits).toEqual([
      ['5', 100],
      ['#', 200],
    ]);
  });

  it('sends digits as events: marker first, growing durations, three ends, audio after them (§2.5.1)', async () => {
    const { connection, phone } = await call('a');
    run(100);
    phone.packets.length = 0;
    connection.sendDigits('1*', { durationMs: 100, intervalMs: 100 });
    run(700);
    expect(phone.events(EVENTS)).toEqual([
      { event: 1, duration: 800, ends: 3 },
      { event: 10, duration: 800, ends: 3 },
    ]);
    const events = phone.packets.filter(({ payloadType }) => payloadType === EVENTS);
    expect(events.filter(({ marker }) => marker)).toHaveLength(2);
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(2);
    const numbers = phone.packets.map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers).toEqual(numbers.map((_, i) => ((numbers[0] as number) + i) & 0xffff));
    const audio = phone.packets.filter(({ payloadType }) => payloadType === 0);
    for (const [i, { timestamp }] of audio.entries()) {
      if (i > 0) expect((timestamp - (audio[i - 1]?.timestamp ?? 0)) >>> 0).toBeGreaterThanOrEqual(160);
    }
  });

  it('sends what it has of a longer packet before a digit', async () => {
    const { connection, phone } = await call('a', { ptimeMs: 60 });
    run(40);
    connection.sendDigits('1');
    run(400);
    expect(phone.packets[0]).toMatchObject({ payloadType: 0, payload: { length: 320 } });
    expect(phone.packets[1]).toMatchObject({ payloadType: EVENTS, marker: true });
    expect(((phone.packets[1]?.timestamp ?? 0) - (phone.packets[0]?.timestamp ?? 0)) >>> 0).toBe(320);
  });

  it('sends digits as tones where the peer knows no events', async () => {
    const { connection, phone } = await call('a', { telephoneEventPayloadType: undefined });
    connection.sendDigits('8', { durationMs: 200 });
    run(200);
    const heard = phone.heard();
    expect(share(heard, 852)).toBeGreaterThan(0.4);
    expect(share(heard, 1336)).toBeGreaterThan(0.4);
    run(200);
    expect(loudness(phone.heard())).toBe(0);
  });

  it('hears digits as tones where the peer knows no events, and only there', async () => {
    const digits: string[] = [];
    for (const telephoneEventPayloadType of [undefined, EVENTS]) {
      const { connection, phone } = await call(`a${telephoneEventPayloadType}`, {
        telephoneEventPayloadType,
      });
      connection.onDigit((digit) => digits.push(digit));
      for (const digit of '42#') {
        const tone = new Int16Array(800);
        fillDtmfTone(tone, digit, 0, 8000);
        phone.say(Int16Array.from([...tone, ...new Int16Array(800)]));
      }
    }
    run(1000);
    expect(digits.join('')).toBe('42#');
  });

  it('carries digits across a join of two, as events and not as audio', async () => {
    const a = await call('a');
    const b = await call('b', { telephoneEventPayloadType: 96 });
    engine.join('a', 'b');
    a.phone.fallSilent();
    a.phone.press(7, EVENTS, 1280);
    run(600);
    expect(b.phone.events(96)).toEqual([{ event: 7, duration: 1280, ends: 3 }]);
    expect(a.phone.events(EVENTS)).toEqual([]);
    expect(loudness(b.phone.heard())).toBe(0);
  });

  it('sends no digit back where a connection hears itself', async () => {
    const { phone } = await call('a');
    engine.join('a', 'a');
    phone.press(7, EVENTS);
    run(400);
    expect(phone.events(EVENTS)).toEqual([]);
  });

  it('does not carry digits against a one-way join, nor into a conference', async () => {
    const a = await call('a');
    const b = await call('b');
    const c = await call('c');
    engine.createConference('room');
    for (const id of ['a', 'c']) engine.join(id, 'room');
    engine.join('a', 'b', 'to-id1');
    a.phone.press(7, EVENTS);
    run(400);
    expect(b.phone.events(EVENTS)).toEqual([]);
    expect(c.phone.events(EVENTS)).toEqual([]);
  });
});

describe('RTP of a connection (RFC 3550)', () => {
  it('sends nothing before it is configured, nor to an unspecified address', async () => {
    const connection = await engine.openConnection('a');
    run(100);
    expect(connection.stats.packetsSent).toBe(0);
    connection.configure({
      host: '0.0.0.0',
      port: 4000,
      codec: 'PCMU',
      payloadType: 0,
      direction: 'sendrecv',
    });
    run(100);
    connection.configure({
      host: '192.0.2.1',
      port: 0,
      codec: 'PCMU',
      payloadType: 0,
      direction: 'sendrecv',
    });
    run(100);
    expect(connection.stats.packetsSent).toBe(0);
  });

  it('sends a packet every 20 ms with the marker on the first (RFC 3551 §4.1)', async () => {
    const { phone } = await call('a');
    run(200);
    expect(phone.packets).toHaveLength(10);
    expect(phone.packets.map(({ marker }) => marker)).toEqual([true, ...new Array<boolean>(9).fill(false)]);
    expect(new Set(phone.packets.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(phone.packets.every(({ payload }) => payload.length === 160)).toBe(true);
  });

  it('tells the backend of the ports when a tick is over, so that it can send at once', async () => {
    await call('a');
    run(200);
    expect(network.flushes).toBe(10);
  });

  it('grants the packet length that the peer asked for in whole ticks', async () => {
    const { phone } = await call('a', { ptimeMs: 40 });
    run(200);
    expect(phone.packets.map(({ payload }) => payload.length)).toEqual([320, 320, 320, 320, 320]);
    const [first, second] = phone.packets;
    expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(320);
  });

  it('answers to where media comes from, and never lets a stranger be heard', async () => {
    const { connection, phone, remote } = await call('a');
    const listener = await call('b');
    engine.join('a', 'b');
    connection.configure({ ...remote, port: 9999 });
    run(100);
    expect(phone.packets.length).toBeGreaterThan(0);
    const before = connection.stats;
    const stranger = { host: '203.0.113.66', port: 4000 };
    for (let i = 0; i < 10; i++) phone.send(0, new Uint8Array(160).fill(0x90), i * 160, stranger);
    phone.fallSilent();
    run(300);
    expect(connection.stats.packetsReceived).toBe(before.packetsReceived);
    expect(connection.stats.packetsDropped).toBe(before.packetsDropped + 10);
    expect(loudness(listener.phone.heard())).toBe(0);
  });

  it('drops and counts what is malformed, of another payload type, or late', async () => {
    const { connection, phone } = await call('a');
    network.ports.get(connection.localPort)?.onRtp(new Uint8Array(5), phone.host, phone.port);
    phone.send(33, new Uint8Array(160), 0);
    phone.send(0, new Uint8Array(0), 0);
    expect(connection.stats).toMatchObject({ packetsReceived: 0, packetsDropped: 3 });
  });

  it('hears a new source of the same address at once (§8.2)', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b');
    run(1000);
    // Numbers that would be late for the old source.
    Object.assign(a.phone, { ssrc: 99, sequenceNumber: a.phone.sequenceNumber - 40 });
    a.phone.say(sineWave(440, 500));
    b.phone.heard();
    run(600);
    expect(share(b.phone.heard(), 440)).toBeGreaterThan(0.9);
    expect(a.connection.stats.packetsDropped).toBe(0);
  });

  it('reports a connection that went silent, once for each silence, and not while it is on hold', async () => {
    await engine.stop();
    build({ rtpTimeoutMs: 1000 });
    const { connection, phone, remote } = await call('a');
    let reports = 0;
    connection.onInactive(() => (reports += 1));
    run(2000);
    expect(reports).toBe(0);
    phone.fallSilent();
    run(3000);
    expect(reports).toBe(1);
    phone.fallSilent(false);
    run(100);
    phone.fallSilent();
    run(3000);
    expect(reports).toBe(2);
    phone.fallSilent(false);
    run(100);
    phone.fallSilent();
    connection.configure({ ...remote, direction: 'sendonly' });
    run(3000);
    expect(reports).toBe(2);
  });

  it('sends to who never says anything for a while only, and again when it does', async () => {
    await engine.stop();
    build({ unheardMs: 1000 });
    const { connection, phone } = await call('a');
    phone.fallSilent();
    run(1000);
    const sent = connection.stats.packetsSent;
    expect(sent).toBe(50);
    run(2000);
    expect(connection.stats.packetsSent).toBe(sent);
    phone.fallSilent(false);
    run(1000);
    expect(connection.stats.packetsSent).toBeGreaterThan(sent + 45);
  });

  it('exchanges reports with the far end and says goodbye (§6)', async () => {
    const { connection, phone } = await call('a');
    for (let n = 0; n < 600; n++) {
      if (n % 10 === 9) phone.sequenceNumber = (phone.sequenceNumber + 1) & 0xffff;
      run(20);
    }
    expect(network.rtcp.length).toBeGreaterThanOrEqual(2);
    expect(network.rtcp.every(({ to }) => to === `192.0.2.1:${phone.port + 1}`)).toBe(true);
    const { ssrc, blocks } = reportAt(1);
    expect(blocks.map((block) => [block.ssrc, Math.round((block.fractionLost * 100) / 256)])).toEqual([
      [phone.ssrc, 9],
    ]);
    expect(connection.stats).toMatchObject({ packetsLost: 60, jitterMs: 0 });
    const answer = writeRtcp({
      ssrc: phone.ssrc,
      cname: 'phone',
      sender: undefined,
      block: {
        ssrc,
        fractionLost: 128,
        lost: 5,
        highest: 1,
        jitter: 80,
        lastReport: 0,
        delay: 0,
      },
      goodbye: false,
    });
    const port = network.ports.get(connection.localPort);
    port?.onRtcp(answer, '203.0.113.66', 4001);
    expect(connection.stats.remote).toBeUndefined();
    port?.onRtcp(answer, phone.host, phone.port + 1);
    expect(connection.stats.remote).toEqual({ lostShare: 0.5, jitterMs: 10, roundTripMs: undefined });
    await connection.close();
    expect(reportAt(-1).goodbye).toBe(true);
  });

  it('is heard through loss, jitter and packets out of order', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b');
    const port = network.ports.get(a.connection.localPort);
    const receive = port?.onRtp.bind(port);
    const delayed: { at: number; bytes: Uint8Array }[] = [];
    let seed = 7;
    const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32;
    if (port) {
      port.onRtp = (bytes) => {
        if (random() > 0.05) delayed.push({ at: clock.now() + random() * 45, bytes: bytes.slice() });
      };
    }
    a.phone.say(sineWave(440, 10_000));
    for (let n = 0; n < 500; n++) {
      for (const { bytes } of delayed.filter(({ at }) => at <= clock.now())) {
        receive?.(bytes, a.phone.host, a.phone.port);
      }
      delayed.splice(0, delayed.length, ...delayed.filter(({ at }) => at > clock.now()));
      run(20);
    }
    const heard = b.phone.heard().subarray(8000);
    expect(share(heard, 440)).toBeGreaterThan(0.9);
    expect(loudness(heard)).toBeGreaterThan(5000);
    // What is lost is made up: there is hardly a gap.
    expect(heard.filter((sample) => sample === 0).length / heard.length).toBeLessThan(0.01);
    expect(a.connection.stats.jitterMs).toBeGreaterThan(5);
  });

  it('bears any bytes, on both ports', async () => {
    const { connection, phone } = await call('a', { telephoneEventPayloadType: undefined });
    const port = network.ports.get(connection.localPort);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(0, 0x80),
        fc.constantFrom(0, 101, 200, 201),
        (bytes, first, second) => {
          if (bytes.length > 1) bytes.set([first | ((bytes[0] as number) & 0x3f), second]);
          port?.onRtp(bytes, phone.host, phone.port);
          port?.onRtcp(bytes, phone.host, phone.port + 1);
          run(20);
        },
      ),
      { numRuns: 500 },
    );
    expect(engine.counts().connections).toBe(1);
  });

  it('ends a connection whose listener throws, and no other', async () => {
    const a = await call('a');
    const b = await call('b');
    a.connection.onDigit(() => {
      throw new Error('a mistake');
    });
    a.phone.press(1, EVENTS);
    await Promise.resolve();
    run(100);
    expect(engine.counts().connections).toBe(1);
    expect(b.phone.packets.length).toBeGreaterThan(0);
  });
});

describe('playback (RFC 5707 §9.7.1)', () => {
  it('is heard by the connection, mutes its joins meanwhile, and completes', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b');
    const playback = engine.play('a', [await wavFile('p.wav', 600, 500)], {});
    await playback.loaded;
    b.phone.say(sineWave(880, 2000));
    run(500);
    const during = a.phone.heard();
    expect(share(during, 600)).toBeGreaterThan(0.95);
    expect(share(during, 880)).toBeLessThan(0.02);
    run(500);
    expect(share(a.phone.heard(), 880)).toBeGreaterThan(0.9);
    await expect(playback.done).resolves.toEqual({ reason: 'complete', amountMs: 500 });
    expect(engine.counts().playbacks).toBe(0);
    expect(loudness(b.phone.heard())).toBe(0);
  });

  it('into a conference is heard by all', async () => {
    engine.createConference('room');
    const a = await call('a');
    const b = await call('b');
    for (const id of ['a', 'b']) engine.join(id, 'room');
    b.phone.say(sineWave(880, 1000));
    await engine.play('room', [await wavFile('p.wav', 600, 1000)]).loaded;
    run(1000);
    expect(share(b.phone.heard(), 600)).toBeGreaterThan(0.95);
    const both = a.phone.heard();
    expect(share(both, 600)).toBeGreaterThan(0.4);
    expect(share(both, 880)).toBeGreaterThan(0.4);
  });

  it('plays files one after the other without a gap, and rounds with their interval', async () => {
    const { phone } = await call('a');
    const files = [await wavFile('1.wav', 440, 110), await wavFile('2.wav', 880, 90)];
    const playback = engine.play('a', files, { iterate: 2, intervalMs: 200 });
    await playback.loaded;
    run(600);
    const heard = phone.heard();
    expect(share(heard.subarray(0, 880), 440)).toBeGreaterThan(0.9);
    expect(share(heard.subarray(880, 1600), 880)).toBeGreaterThan(0.9);
    expect(loudness(heard.subarray(1600, 3200))).toBe(0);
    expect(share(heard.subarray(3200, 4080), 440)).toBeGreaterThan(0.9);
    run(100);
    await expect(playback.done).resolves.toEqual({ reason: 'complete', amountMs: 400 });
  });

  it('plays for ever until it is stopped, and begins where it is told to', async () => {
    const { phone } = await call('a');
    const files = [await wavFile('1.wav', 440, 100), await wavFile('2.wav', 880, 100)];
    const playback = engine.play('a', files, { iterate: -1, offsetMs: 120 });
    await playback.loaded;
    run(80);
    expect(share(phone.heard(), 880)).toBeGreaterThan(0.9);
    run(2000);
    expect(engine.counts().playbacks).toBe(1);
    playback.stop();
    await expect(playback.done).resolves.toEqual({ reason: 'stopped', amountMs: 2080 });
  });

  it('repeats from the source that it is told to', async () => {
    const { phone } = await call('a');
    const files = [await wavFile('1.wav', 440, 100), await wavFile('2.wav', 880, 100)];
    const playback = engine.play('a', files, { iterate: -1, repeatFrom: 1 });
    await playback.loaded;
    run(500);
    const heard = phone.heard();
    expect(share(heard.subarray(0, 800), 440)).toBeGreaterThan(0.9);
    expect(share(heard.subarray(800), 880)).toBeGreaterThan(0.9);
    playback.stop();
  });

  it('ends at its longest time', async () => {
    await call('a');
    const playback = engine.play('a', [await wavFile('1.wav', 440, 5000)], { maxtimeMs: 1000 });
    await playback.loaded;
    run(2000);
    await expect(playback.done).resolves.toEqual({ reason: 'maxtime', amountMs: 1000 });
  });

  it('pauses and goes on at the same place', async () => {
    const { phone } = await call('a');
    const playback = engine.play('a', [await wavFile('1.wav', 440, 400)]);
    await playback.loaded;
    run(200);
    playback.pause();
    phone.heard();
    run(1000);
    expect(loudness(phone.heard())).toBe(0);
    playback.resume();
    run(400);
    expect(share(phone.heard(), 440)).toBeGreaterThan(0.9);
    await expect(playback.done).resolves.toEqual({ reason: 'complete', amountMs: 400 });
  });

  it('goes where it is sent: forward, back, to a place, beyond the end (§9.7.1)', async () => {
    const { phone } = await call('a');
    const files = [
      await wavFile('1.wav', 440, 500),
      await wavFile('2.wav', 880, 500),
      await wavFile('3.wav', 600, 500),
    ];
    const playback = engine.play('a', files, { iterate: 2, intervalMs: 1000 });
    await playback.loaded;
    const hears = (frequencyHz: number) => {
      phone.heard();
      run(200);
      expect(share(phone.heard(), frequencyHz)).toBeGreaterThan(0.9);
    };
    hears(440);
    playback.skip(500);
    hears(880);
    playback.skip(-5000);
    hears(440);
    playback.seek(1100);
    hears(600);
    playback.seek(9999);
    run(40);
    phone.heard();
    run(200);
    expect(loudness(phone.heard())).toBe(0);
    playback.seek(600);
    hears(880);
    playback.seek(1400);
    playback.skip(-700);
    hears(880);
    playback.seek(2000);
    run(40);
    await expect(playback.done).resolves.toMatchObject({ reason: 'complete' });
  });

  it('begins where it was sent before its files were read', async () => {
    const { phone } = await call('a');
    const playback = engine.play('a', [await wavFile('1.wav', 440, 500), await wavFile('2.wav', 880, 500)]);
    playback.seek(400);
    playback.skip(100);
    await playback.loaded;
    run(200);
    expect(share(phone.heard(), 880)).toBeGreaterThan(0.9);
  });

  it('plays audio from memory', async () => {
    const { phone } = await call('a');
    const playback = engine.play('a', [
      { sampleRate: 16_000, channels: 1, samples: sineWave(600, 500, 16_000) },
    ]);
    await playback.loaded;
    run(600);
    expect(share(phone.heard(), 600)).toBeGreaterThan(0.9);
    await expect(playback.done).resolves.toMatchObject({ reason: 'complete' });
    const broken = engine.play('a', [{ sampleRate: 0, channels: 9, samples: new Int16Array(10) }]);
    expect((await broken.done).reason).toBe('failed');
  });

  it('fails with a reason for files and targets that are not there', async () => {
    await call('a');
    const missing = await engine.play('a', [join(directory, 'missing.wav')]).done;
    expect(missing).toMatchObject({ reason: 'failed', amountMs: 0 });
    expect(missing.error).toContain('ENOENT');
    await writeFile(join(directory, 'junk.wav'), 'junk');
    expect((await engine.play('a', [join(directory, 'junk.wav')]).done).error).toContain(
      'not a RIFF/WAVE file',
    );
    expect((await engine.play('a', [directory]).done).reason).toBe('failed');
    expect((await engine.play('a', []).done).error).toBe('nothing to play');
    expect((await engine.play('nobody', []).done).error).toBe('NO_SUCH_OBJECT: nobody');
    expect(engine.counts().playbacks).toBe(0);
  });

  it('ends with its connection', async () => {
    const { connection } = await call('a');
    const playback = engine.play('a', [await wavFile('1.wav', 440, 5000)]);
    await playback.loaded;
    run(100);
    await connection.close();
    await expect(playback.done).resolves.toEqual({ reason: 'stopped', amountMs: 100 });
  });
});

describe('recording (RFC 5707 §9.7.4)', () => {
  it('of a connection in two channels: left what it says, right what it hears', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b');
    const path = join(directory, 'r.wav');
    const recording = engine.record('a', { path, channels: 2 });
    a.phone.say(sineWave(440, 1000));
    b.phone.say(sineWave(880, 1000));
    run(1000);
    recording.stop();
    await expect(recording.done).resolves.toEqual({ reason: 'stopped', lengthMs: 1000 });
    const { left, right, sampleRate, channels } = await recorded(path);
    expect([sampleRate, channels, left.length]).toEqual([8000, 2, 8000]);
    expect(share(left, 440)).toBeGreaterThan(0.95);
    expect(share(right, 880)).toBeGreaterThan(0.95);
  });

  it('of a connection in one channel: what it says', async () => {
    const a = await call('a');
    await call('b');
    engine.join('a', 'b');
    const path = join(directory, 'r.wav');
    const recording = engine.record('a', { path, channels: 1 });
    a.phone.say(sineWave(440, 500));
    run(500);
    recording.stop();
    await recording.done;
    expect(share((await recorded(path)).left, 440)).toBeGreaterThan(0.95);
  });

  it('keeps the channels aligned though one side sends nothing for a while', async () => {
    const a = await call('a');
    const b = await call('b');
    engine.join('a', 'b');
    const path = join(directory, 'r.wav');
    run(200);
    const recording = engine.record('a', { path, channels: 2 });
    a.phone.fallSilent();
    run(1000);
    a.phone.fallSilent(false);
    a.phone.say(sineWave(440, 500));
    b.phone.say(sineWave(880, 500));
    run(700);
    recording.stop();
    await recording.done;
    const { left, right } = await recorded(path);
    const firstLoud = (samples: Int16Array) => samples.findIndex((sample) => Math.abs(sample) > 1000);
    expect(left.length).toBe(right.length);
    expect(Math.abs(firstLoud(left) - firstLoud(right))).toBeLessThanOrEqual(60 * 8);
    expect(firstLoud(right)).toBeGreaterThanOrEqual(8000);
  });

  it('of a conference: the full mix', async () => {
    engine.createConference('room');
    for (const [id, tone] of [
      ['a', 440],
      ['b', 880],
    ] as const) {
      const { phone } = await call(id);
      engine.join(id, 'room');
      phone.say(sineWave(tone, 1000));
    }
    const path = join(directory, 'r.wav');
    const recording = engine.record('room', { path, channels: 1 });
    run(1000);
    engine.destroyConference('room');
    await expect(recording.done).resolves.toEqual({ reason: 'stopped', lengthMs: 1000 });
    const { left } = await recorded(path);
    expect(share(left, 440)).toBeGreaterThan(0.4);
    expect(share(left, 880)).toBeGreaterThan(0.4);
  });

  it('ends at its longest time, to the sample', async () => {
    await call('a');
    const path = join(directory, 'r.wav');
    const recording = engine.record('a', { path, channels: 1, maxtimeMs: 510 });
    run(1000);
    await expect(recording.done).resolves.toEqual({ reason: 'maxlength', lengthMs: 510 });
    expect((await recorded(path)).left).toHaveLength(510 * 8);
  });

  it('leaves out what happens while it is paused', async () => {
    const { phone } = await call('a');
    const path = join(directory, 'r.wav');
    run(100);
    const recording = engine.record('a', { path, channels: 1 });
    run(500);
    recording.pause();
    phone.say(sineWave(440, 400));
    run(1000);
    recording.resume();
    run(500);
    recording.stop();
    await expect(recording.done).resolves.toEqual({ reason: 'stopped', lengthMs: 1000 });
    expect(loudness((await recorded(path)).left)).toBe(0);
  });

  it('holds silence for what happens while it is silenced', async () => {
    const { phone } = await call('a');
    const path = join(directory, 'r.wav');
    const recording = engine.record('a', { path, channels: 1 });
    phone.say(sineWave(440, 3000));
    run(500);
    recording.pause('silence');
    recording.pause('skip');
    run(1000);
    recording.resume();
    run(500);
    recording.stop();
    await expect(recording.done).resolves.toEqual({ reason: 'stopped', lengthMs: 2000 });
    const { left } = await recorded(path);
    expect(loudness(left.subarray(4000, 12_000))).toBe(0);
    expect(share(left.subarray(12_000), 440)).toBeGreaterThan(0.9);
  });

  it('ends at its longest time while it is silenced', async () => {
    await call('a');
    const recording = engine.record('a', { path: join(directory, 'r.wav'), channels: 1, maxtimeMs: 1000 });
    run(500);
    recording.pause('silence');
    run(2000);
    await expect(recording.done).resolves.toEqual({ reason: 'maxlength', lengthMs: 1000 });
  });

  it('has a manifest from the beginning, which tells of pauses and proves the file', async () => {
    await call('a');
    const path = join(directory, 'r.wav');
    const manifest = async () =>
      JSON.parse(await readFile(`${path}.json`, 'utf8')) as Record<string, unknown>;
    const recording = engine.record('a', { path, channels: 2, manifest: { callId: 'call_1' } });
    run(400);
    recording.pause('silence', 'card number');
    run(200);
    recording.resume();
    recording.pause();
    run(300);
    recording.stop();
    await expect(recording.done).resolves.toMatchObject({ reason: 'stopped', lengthMs: 600 });
    expect(await manifest()).toEqual({
      callId: 'call_1',
      file: 'r.wav',
      state: 'stopped',
      startedAt: new Date(clock.wallTime() - 900).toISOString(),
      endedAt: new Date(clock.wallTime()).toISOString(),
      sampleRate: 8000,
      channels: 2,
      samples: 4800,
      gaps: [],
      pauses: [
        { atMs: 400, durationMs: 200, mode: 'silence', note: 'card number' },
        { atMs: 600, durationMs: 300, mode: 'skip' },
      ],
      sha256: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    });
    expect((await readdir(directory)).sort()).toEqual(['r.wav', 'r.wav.json']);
    const cancelled = engine.record('a', { path: join(directory, 'c.wav'), channels: 1, manifest: {} });
    cancelled.cancel();
    await cancelled.done;
    expect((await readdir(directory)).sort()).toEqual(['r.wav', 'r.wav.json']);
  });

  it('fails when its manifest can not be written', async () => {
    await call('a');
    const path = join(directory, 'r.wav');
    await mkdir(`${path}.json.new`);
    const recording = engine.record('a', { path, channels: 1, manifest: {} });
    run(100);
    recording.stop();
    await expect(recording.done).resolves.toMatchObject({ reason: 'failed', lengthMs: 100 });
  });

  it('ends when nobody speaks', async () => {
    await call('a');
    const recording = engine.record('a', { path: join(directory, 'r.wav'), channels: 1, prespeechMs: 2000 });
    run(3000);
    await expect(recording.done).resolves.toEqual({ reason: 'prespeech', lengthMs: 2000 });
  });

  it('ends when nobody speaks any more', async () => {
    const { phone } = await call('a');
    const options = {
      path: join(directory, 'r.wav'),
      channels: 1 as const,
      prespeechMs: 2000,
      postspeechMs: 1000,
    };
    const recording = engine.record('a', options);
    run(1000);
    phone.say(sineWave(440, 3000));
    run(5000);
    const { reason, lengthMs } = await recording.done;
    expect(reason).toBe('postspeech');
    expect(lengthMs).toBeGreaterThanOrEqual(5000);
    expect(lengthMs).toBeLessThanOrEqual(5100);
  });

  it('cuts off the silence at its end when told to, and nothing of an earlier recording (§9.7.4)', async () => {
    const { phone } = await call('a');
    const path = await wavFile('r.wav', 440, 200);
    const recording = engine.record('a', { path, channels: 1, append: true });
    phone.say(sineWave(880, 500));
    run(2000);
    recording.stop('finalsilence');
    const { lengthMs } = await recording.done;
    expect(Math.abs(lengthMs - 560)).toBeLessThanOrEqual(60);
    expect((await recorded(path)).left).toHaveLength(1600 + lengthMs * 8);
    const silent = engine.record('a', { path, channels: 1, append: true });
    run(1000);
    silent.stop('finalsilence');
    await expect(silent.done).resolves.toMatchObject({ lengthMs: 0 });
    expect((await recorded(path)).left).toHaveLength(1600 + lengthMs * 8);
  });

  it('begins after the beep, which the target hears', async () => {
    const { phone } = await call('a');
    const path = join(directory, 'r.wav');
    const recording = engine.record('a', { path, channels: 2, beep: true });
    run(300);
    expect(share(phone.heard(), 1000)).toBeGreaterThan(0.9);
    run(500);
    recording.stop();
    await expect(recording.done).resolves.toMatchObject({ reason: 'stopped', lengthMs: 500 });
    expect(loudness((await recorded(path)).right)).toBe(0);
  });

  it('ends with its beep', async () => {
    const { phone } = await call('a');
    const recording = engine.record('a', { path: join(directory, 'r.wav'), channels: 1, beep: true });
    run(100);
    recording.stop();
    phone.heard();
    run(200);
    expect(loudness(phone.heard())).toBe(0);
    await expect(recording.done).resolves.toMatchObject({ reason: 'stopped', lengthMs: 0 });
  });

  it('stays paused over the beep when it was paused before it', async () => {
    await call('a');
    const recording = engine.record('a', { path: join(directory, 'r.wav'), channels: 1, beep: true });
    recording.pause();
    run(1000);
    recording.resume();
    run(200);
    recording.stop();
    await expect(recording.done).resolves.toMatchObject({ lengthMs: 200 });
  });

  it('continues an earlier recording', async () => {
    const { phone } = await call('a');
    const path = await wavFile('r.wav', 440, 500);
    const recording = engine.record('a', { path, channels: 1, append: true, manifest: {} });
    phone.say(sineWave(880, 500));
    run(500);
    recording.stop();
    await expect(recording.done).resolves.toMatchObject({ lengthMs: 500 });
    const { left } = await recorded(path);
    expect(left).toHaveLength(8000);
    // Of the whole file, as its checksum is.
    expect(JSON.parse(await readFile(`${path}.json`, 'utf8'))).toMatchObject({ samples: 8000 });
    expect(share(left.subarray(0, 4000), 440)).toBeGreaterThan(0.95);
    expect(share(left.subarray(4000), 880)).toBeGreaterThan(0.9);
  });

  it('deletes the file when it is cancelled', async () => {
    await call('a');
    const recording = engine.record('a', { path: join(directory, 'r.wav'), channels: 1 });
    run(500);
    recording.cancel();
    recording.stop();
    await expect(recording.done).resolves.toMatchObject({ reason: 'cancelled', lengthMs: 500 });
    expect(await readdir(directory)).toEqual([]);
  });

  it('fails alone when the disk does, and the other recording is whole', async () => {
    const { phone } = await call('a');
    phone.say(sineWave(440, 1000));
    const path = join(directory, 'r.wav');
    const good = engine.record('a', { path, channels: 1 });
    const bad = engine.record('a', { path: join(directory, 'missing', 'r.wav'), channels: 1 });
    await expect(bad.done).resolves.toMatchObject({
      reason: 'failed',
      error: expect.stringContaining('ENOENT') as string,
    });
    run(1000);
    good.stop();
    await expect(good.done).resolves.toMatchObject({ reason: 'stopped', lengthMs: 1000 });
    expect(share((await recorded(path)).left, 440)).toBeGreaterThan(0.95);
    await expect(engine.record('nobody', { path, channels: 1 }).done).resolves.toMatchObject({
      reason: 'failed',
    });
  });

  it('is finished when its connection closes, before the close resolves', async () => {
    const { connection } = await call('a');
    const path = join(directory, 'r.wav');
    engine.record('a', { path, channels: 2 });
    run(400);
    await connection.close();
    expect((await recorded(path)).left).toHaveLength(3200);
    expect(engine.counts()).toMatchObject({ connections: 0, recordings: 0 });
  });
});

describe('sample rates (RFC 3551)', () => {
  it('joins connections of any codecs', async () => {
    const narrow = await call('narrow', { codec: 'PCMA', payloadType: 8 });
    const wide = await call('wide', { codec: 'G722', payloadType: 9 });
    engine.join('narrow', 'wide');
    narrow.phone.say(sineWave(1000, 1000, 8000));
    wide.phone.say(sineWave(600, 1000, 16_000));
    run(1200);
    expect(energyShareAt(wide.phone.heard(), 16_000, 1000)).toBeGreaterThan(0.9);
    expect(share(narrow.phone.heard(), 600)).toBeGreaterThan(0.9);
  });

  it('keeps what the lower rate could not hold between two of the same rate', async () => {
    const a = await call('a', { codec: 'L16/48000', payloadType: 96 });
    const b = await call('b', { codec: 'L16/48000', payloadType: 96 });
    engine.join('a', 'b');
    a.phone.say(sineWave(15_000, 500, 48_000));
    run(700);
    expect(Math.max(...b.phone.packets.map(({ payload }) => payload.length))).toBeLessThanOrEqual(1400);
    const stamps = b.phone.packets.slice(0, 3).map(({ timestamp }) => timestamp);
    expect(((stamps[1] ?? 0) - (stamps[0] ?? 0)) >>> 0).toBe(480);
    expect(((stamps[2] ?? 0) - (stamps[1] ?? 0)) >>> 0).toBe(480);
    expect(energyShareAt(b.phone.heard(), 48_000, 15_000)).toBeGreaterThan(0.95);
  });

  it('mixes a conference at its own rate', async () => {
    engine.createConference('room', { sampleRate: 16_000 });
    const a = await call('a', { codec: 'G722', payloadType: 9 });
    const b = await call('b', { codec: 'G722', payloadType: 9 });
    const narrow = await call('narrow');
    for (const id of ['a', 'b', 'narrow']) engine.join(id, 'room');
    a.phone.say(sineWave(5000, 1000, 16_000));
    narrow.phone.say(sineWave(700, 1000, 8000));
    run(1200);
    const heard = b.phone.heard();
    expect(energyShareAt(heard, 16_000, 5000)).toBeGreaterThan(0.4);
    expect(energyShareAt(heard, 16_000, 700)).toBeGreaterThan(0.4);
    expect(energyShareAt(a.phone.heard(), 16_000, 700)).toBeGreaterThan(0.9);
    // 5 kHz does not fit into 8 kHz, and must not fold back to 3 kHz.
    expect(loudness(narrow.phone.heard())).toBeLessThan(100);
  });

  it('records at 8 kHz, or at the rate that is asked for', async () => {
    const { phone } = await call('a', { codec: 'G722', payloadType: 9 });
    const narrow = engine.record('a', { path: join(directory, 'narrow.wav'), channels: 2 });
    const wide = engine.record('a', { path: join(directory, 'wide.wav'), channels: 1, sampleRate: 16_000 });
    phone.say(Int16Array.from(sineWave(5000, 500, 16_000)));
    phone.say(Int16Array.from(sineWave(1000, 500, 16_000)));
    run(1000);
    for (const recording of [narrow, wide]) {
      recording.stop();
      await expect(recording.done).resolves.toMatchObject({ lengthMs: 1000 });
    }
    const file = await recorded(join(directory, 'wide.wav'));
    expect([file.sampleRate, file.left.length]).toEqual([16_000, 16_000]);
    expect(energyShareAt(file.left.subarray(0, 8000), 16_000, 5000)).toBeGreaterThan(0.9);
    const low = await recorded(join(directory, 'narrow.wav'));
    expect([low.sampleRate, low.left.length]).toEqual([8000, 8000]);
    expect(share(low.left, 1000)).toBeGreaterThan(0.9);
  });

  it('plays on through a re-INVITE to another codec', async () => {
    const { connection, phone, remote } = await call('a');
    const playback = engine.play('a', [await wavFile('p.wav', 440, 1000)]);
    await playback.loaded;
    run(400);
    expect(share(phone.heard(), 440)).toBeGreaterThan(0.95);
    connection.configure({ ...remote, codec: 'G722', payloadType: 9 });
    const wide = new FakePhone(network, phone.host, phone.port, codecNamed('G722') ?? PCMU);
    wide.payloadType = 9;
    run(700);
    expect(energyShareAt(wide.heard(), 16_000, 440)).toBeGreaterThan(0.9);
    await expect(playback.done).resolves.toEqual({ reason: 'complete', amountMs: 1000 });
  });
});

describe('a late clock', () => {
  /** A clock that can jump over timers, as one does in a process that was held up. */
  class JumpingClock extends FakeClock {
    jumpedMs = 0;
    override now(): number {
      return super.now() + this.jumpedMs;
    }
  }

  it('drops ticks: one packet comes, its timestamp tells of the time, and recordings keep their length', async () => {
    await engine.stop();
    const jumping = new JumpingClock();
    build({ clock: jumping });
    const { phone } = await call('a');
    const path = join(directory, 'r.wav');
    const recording = engine.record('a', { path, channels: 2, manifest: {} });
    const pass = () => {
      phone.tick();
      jumping.advance(20);
    };
    for (let i = 0; i < 10; i++) pass();
    phone.packets.length = 0;
    pass();
    jumping.jumpedMs = 100;
    pass();
    expect(phone.packets).toHaveLength(2);
    const [before, after] = phone.packets;
    expect(((after?.timestamp ?? 0) - (before?.timestamp ?? 0)) >>> 0).toBe(6 * 160);
    expect(((after?.sequenceNumber ?? 0) - (before?.sequenceNumber ?? 0)) & 0xffff).toBe(1);
    recording.stop();
    await expect(recording.done).resolves.toMatchObject({ lengthMs: 12 * 20 + 100 });
    const { gaps } = JSON.parse(await readFile(`${path}.json`, 'utf8')) as { gaps: unknown };
    expect(gaps).toEqual([{ atMs: 11 * 20, durationMs: 100 }]);
    await engine.stop();
    expect(jumping.armed).toBe(0);
  });
});

describe('end of the engine', () => {
  it('closes everything, and opens nothing any more', async () => {
    await call('a');
    engine.createConference('room');
    engine.join('a', 'room');
    engine.play('room', [await wavFile('p.wav', 440, 5000)]);
    const recording = engine.record('room', { path: join(directory, 'r.wav'), channels: 1 });
    run(200);
    const opening = engine.openConnection('late').catch((error: Error) => error.message);
    await engine.stop();
    await expect(recording.done).resolves.toMatchObject({ reason: 'stopped' });
    expect(await opening).toBe('STOPPED: late');
    await expect(engine.openConnection('b')).rejects.toThrow('STOPPED');
    await engine.stop();
  });
});
