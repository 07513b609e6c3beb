import { FakeClock, FakePhone, FakeRtpNetwork, seededRandom } from '@legato/testing';
import { PCMU } from '../codecs/g711';
import { MediaEngine } from './media-engine';

const RATE = 8000;
const FRAME_MS = 20;
const FRAME = (RATE * FRAME_MS) / 1000;
/** Windows overlap: packets end where others have their middle. */
const HOP = FRAME / 2;
const LOSS = 0.05;
const JITTER_MS = 40;
const LENGTH_MS = 12_000;
/** One turn, and a window that is zero at both ends of a frame. */
const COS = Float64Array.from({ length: FRAME }, (_, at) => Math.cos((2 * Math.PI * at) / FRAME));
const SIN = Float64Array.from({ length: FRAME }, (_, at) => Math.sin((2 * Math.PI * at) / FRAME));
const WINDOW = Float64Array.from({ length: FRAME }, (_, at) => Math.sin((Math.PI * at) / FRAME) ** 2);

/** A voice: a fundamental with eight harmonics, each weaker than the one below, that glides a little. */
function voice(ms: number): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: (ms * RATE) / 1000 }, (_, at) => {
    phase += (2 * Math.PI * (140 + 20 * Math.sin((2 * Math.PI * at) / RATE / 3))) / RATE;
    let sum = 0;
    for (let harmonic = 1; harmonic <= 8; harmonic++) sum += Math.sin(harmonic * phase) / harmonic ** 2;
    return 6000 * sum;
  });
}

/** Energy of the second difference: it is small for a voice, and large where something breaks off. */
function clickiness(samples: Int16Array, start: number): number {
  let energy = 0;
  for (let at = start + 2; at < start + FRAME; at++) {
    const bend = (samples[at] ?? 0) - 2 * (samples[at - 1] ?? 0) + (samples[at - 2] ?? 0);
    energy += bend * bend;
  }
  return energy / FRAME;
}

/** The share of the energy above 2.5 kHz in windows of a frame, where the voice has nothing. */
function highShares(samples: Int16Array): number[] {
  const shares: number[] = [];
  for (let start = 0; start + FRAME <= samples.length; start += HOP) {
    let [high, all] = [0, 0];
    for (let bin = 1; bin < FRAME / 2; bin++) {
      let [re, im] = [0, 0];
      for (let at = 0; at < FRAME; at++) {
        const sample = (samples[start + at] as number) * (WINDOW[at] as number);
        re += sample * (COS[(bin * at) % FRAME] as number);
        im += sample * (SIN[(bin * at) % FRAME] as number);
      }
      const power = re * re + im * im;
      all += power;
      if ((bin * RATE) / FRAME > 2500) high += power;
    }
    shares.push(all < 1e9 ? 0 : high / all);
  }
  return shares;
}

describe('a line with 5 % loss and 40 ms jitter', () => {
  it('leaves no click: no frame has energy where the voice has none, and the voice goes on', async () => {
    const random = seededRandom(5);
    const clock = new FakeClock();
    const network = new FakeRtpNetwork();
    const engine = new MediaEngine({
      host: '127.0.0.1',
      rtpPorts: { first: 0, last: 0 },
      clock,
      rtpPortFactory: network,
    });
    engine.start();
    const phones: FakePhone[] = [];
    for (const [id, port] of [
      ['a', 4000],
      ['b', 4002],
    ] as const) {
      const connection = await engine.openConnection(id);
      const phone = new FakePhone(network, '192.0.2.1', port, PCMU);
      phone.remotePort = connection.localPort;
      connection.configure({
        host: phone.host,
        port,
        codec: 'PCMU',
        payloadType: 0,
        direction: 'sendrecv',
      });
      phones.push(phone);
    }
    engine.join('a', 'b');
    const [a, b] = phones;
    if (!a || !b) throw new Error('no phones');
    const samples = voice(LENGTH_MS);
    const encoder = PCMU.createEncoder();
    let lost = 0;
    for (let at = 0; at < samples.length; at += FRAME) {
      const payload = new Uint8Array(FRAME);
      encoder.encode(samples.subarray(at, at + FRAME), FRAME, payload, 0);
      const sequence = (1000 + at / FRAME) & 0xffff;
      const isLost = random() < LOSS;
      lost += isLost ? 1 : 0;
      if (!isLost)
        clock.schedule(random() * JITTER_MS, () => {
          a.sequenceNumber = sequence;
          a.send(0, payload, at);
        });
      b.tick();
      clock.advance(FRAME_MS);
    }
    await engine.stop();
    expect(lost).toBeGreaterThan(30);
    const heard = b.heard();
    const begin = heard.findIndex((sample) => sample !== 0);
    const steady = heard.subarray(begin + RATE, heard.length - FRAME);
    const shares = highShares(steady);
    expect(Math.max(...highShares(samples))).toBeLessThan(0.001);
    expect(shares.filter((share) => share > 0.02)).toEqual([]);
    const most = Math.max(...Array.from({ length: 400 }, (_, at) => clickiness(samples, at * HOP)));
    const frames = Math.floor(steady.length / FRAME);
    const breaks = Array.from({ length: 2 * frames - 1 }, (_, at) => clickiness(steady, at * HOP));
    expect(Math.max(...breaks)).toBeLessThan(4 * most);
    const silent = Array.from({ length: frames }, (_, frame) =>
      steady.subarray(frame * FRAME, (frame + 1) * FRAME),
    );
    const quiet = silent.filter((frame) => frame.every((sample) => Math.abs(sample) < 8)).length;
    expect(quiet / frames).toBeLessThan(0.01);
  });
});
