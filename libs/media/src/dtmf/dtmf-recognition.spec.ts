import { FakeClock, FakePhone, FakeRtpNetwork, seededRandom } from '@legato/testing';
import { PCMU } from '../codecs/g711';
import { MediaEngine } from '../engine/media-engine';
import { dtmfTones } from './dtmf-tones';

const DIGITS = '0123456789*#ABCD';
const COUNT = 1000;
const EVENTS = 101;
const TICK_MS = 20;
/** Of the energy of a tone. */
const NOISE_SHARE = 0.1;

describe('a thousand digits (RFC 4733, ITU-T Q.24)', () => {
  let clock: FakeClock;
  let engine: MediaEngine;
  let phone: FakePhone;
  let heard: string[];

  async function open(events: number | undefined): Promise<void> {
    clock = new FakeClock();
    const network = new FakeRtpNetwork();
    engine = new MediaEngine({
      host: '127.0.0.1',
      rtpPorts: { first: 0, last: 0 },
      clock,
      rtpPortFactory: network,
    });
    engine.start();
    const connection = await engine.openConnection('a');
    phone = new FakePhone(network, '192.0.2.1', 4000, PCMU);
    phone.remotePort = connection.localPort;
    connection.configure({
      host: phone.host,
      port: phone.port,
      codec: 'PCMU',
      payloadType: 0,
      direction: 'sendrecv',
      ...(events === undefined ? {} : { telephoneEventPayloadType: events }),
    });
    heard = [];
    connection.onDigit((digit) => heard.push(digit));
  }

  afterEach(() => engine.stop());

  function run(ms: number): void {
    for (let elapsed = 0; elapsed < ms; elapsed += TICK_MS) {
      phone.tick();
      clock.advance(TICK_MS);
    }
  }

  it('are recognized all of them as telephone-events, of any length and close to each other', async () => {
    await open(EVENTS);
    const random = seededRandom(4733);
    const keyed: string[] = [];
    for (let count = 0; count < COUNT; count++) {
      const event = Math.floor(random() * DIGITS.length);
      keyed.push(DIGITS.charAt(event));
      phone.press(event, EVENTS, 320 + Math.floor(random() * 2000));
      run(TICK_MS * (1 + Math.floor(random() * 5)));
    }
    run(200);
    expect(heard).toEqual(keyed);
  });

  it('are recognized at least 99 of 100 as tones with a tenth of noise, and none is heard that was not pressed', async () => {
    await open(undefined);
    const random = seededRandom(24);
    // Of mean 0 and variance 1, close enough to a normal distribution.
    const gaussian = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
    const keyed: string[] = [];
    for (let count = 0; count < COUNT; count++) {
      const digit = DIGITS.charAt(Math.floor(random() * DIGITS.length));
      keyed.push(digit);
      const durationMs = 60 + Math.floor(random() * 80);
      const levelDbm0 = -6 - 14 * random();
      const tone = dtmfTones(digit, { durationMs, intervalMs: 0 }).map(
        (sample) => sample * 10 ** ((levelDbm0 + 6) / 20),
      );
      const sigma = Math.sqrt(
        (NOISE_SHARE * tone.reduce((sum, sample) => sum + sample * sample, 0)) / tone.length,
      );
      const pause = new Int16Array(8 * (60 + Math.floor(random() * 60)));
      const clean = [...tone, ...pause];
      phone.say(Int16Array.from(clean, (sample) => sample + sigma * gaussian()));
      run(clean.length / 8);
    }
    run(400);
    expect(commonLength(keyed, heard)).toBeGreaterThanOrEqual(0.99 * COUNT);
    expect(heard.length).toBeLessThanOrEqual(COUNT);
  });
});

/** The length of the longest sequence that is in both, in order: what was recognized, wherever something is missing. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Uint16Array(b.length + 1);
  for (const each of a) {
    const next = new Uint16Array(b.length + 1);
    for (let at = 1; at <= b.length; at++) {
      const same = each === b[at - 1];
      next[at] = same ? (row[at - 1] ?? 0) + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
