import { silentLog } from '@legato/kernel';
import { MediaEngine, codecNamed, energyShareAt, sineWave } from '@legato/media';
import { FakeClock, FakePhone, FakeRtpNetwork } from '@legato/testing';
import { ControlHarness } from '../../spec/control-harness';

describe('conferences as they are heard (§8.6, §8.12.1)', () => {
  let clock: FakeClock;
  let network: FakeRtpNetwork;
  let engine: MediaEngine;
  let server: ControlHarness<MediaEngine>;
  let phones: FakePhone[];

  beforeEach(() => {
    clock = new FakeClock();
    network = new FakeRtpNetwork();
    engine = new MediaEngine({
      host: '127.0.0.1',
      rtpPorts: { first: 0, last: 0 },
      clock,
      rtpPortFactory: network,
    });
    engine.start();
    server = new ControlHarness({ media: engine, clock, log: silentLog });
    phones = [];
  });

  afterEach(async () => {
    await engine.stop();
    server.close();
  });

  /** A connection whose phone says a tone of this level. */
  async function phone(tag: string, frequencyHz = 440, share = 0.5): Promise<FakePhone> {
    const codec = codecNamed('PCMU');
    if (!codec) throw new Error('no PCMU');
    const { media } = await server.connect(tag);
    const made = new FakePhone(network, '192.0.2.1', 4000 + 2 * phones.length, codec);
    made.remotePort = media.localPort;
    media.configure({
      host: made.host,
      port: made.port,
      codec: 'PCMU',
      payloadType: 0,
      direction: 'sendrecv',
    });
    made.say(sineWave(frequencyHz, 10_000).map((sample) => sample * share));
    phones.push(made);
    return made;
  }

  function run(ms: number): void {
    for (let elapsed = 0; elapsed < ms; elapsed += 20) {
      for (const each of phones) each.tick();
      clock.advance(20);
    }
  }

  const request = (operations: string): void => {
    expect(server.request(operations).response).toBe('200');
  };
  const join = (tag: string) => `<join id1="conn:${tag}" id2="conf:x"/>`;
  const change = (tag: string, content: string, attributes = '') =>
    request(
      `<modifystream id1="conn:${tag}" id2="conf:x"><stream media="audio" dir="from-id1" ${attributes}>${content}</stream></modifystream>`,
    );
  /** What a phone hears in the next 600 ms, once changes have settled. */
  const heard = (by: FakePhone): Int16Array => {
    run(400);
    by.heard();
    run(600);
    return by.heard();
  };
  const share = (samples: Int16Array, hertz: number) => energyShareAt(samples, 8000, hertz);
  const levelDb = (samples: Int16Array) =>
    10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

  it('point 16: each hears the others and not itself', async () => {
    const [a, b] = [await phone('a', 440), await phone('b', 1000)];
    await phone('c', 1700);
    request(`<createconference name="x"/>${join('a')}${join('b')}${join('c')}`);
    const toA = heard(a);
    expect(share(toA, 440)).toBeLessThan(0.01);
    expect(share(toA, 1000)).toBeGreaterThan(0.4);
    expect(share(toA, 1700)).toBeGreaterThan(0.4);
    expect(share(heard(b), 440)).toBeGreaterThan(0.4);
  });

  it('point 16: only the loudest is mixed, and who is preferred besides', async () => {
    const listener = await phone('c', 1700, 0);
    await phone('a', 440, 0.5);
    await phone('b', 1000, 0.2);
    request(
      `<createconference name="x"><audiomix><n-loudest n="1"/></audiomix></createconference>${join('a')}${join('b')}${join('c')}`,
    );
    expect(share(heard(listener), 440)).toBeGreaterThan(0.95);
    change('b', '', 'preferred="true"');
    expect(share(heard(listener), 1000)).toBeGreaterThan(0.08);
    change('b', '', 'preferred="false"');
    expect(share(heard(listener), 1000)).toBeLessThan(0.01);
  });

  it('point 12: a larger n of modifyconference is heard at once', async () => {
    const listener = await phone('c', 1700, 0);
    await phone('a', 440, 0.5);
    await phone('b', 1000, 0.4);
    request(
      `<createconference name="x"><audiomix><n-loudest n="1"/></audiomix></createconference>${join('a')}${join('b')}${join('c')}`,
    );
    expect(share(heard(listener), 1000)).toBeLessThan(0.01);
    request('<modifyconference id="conf:x"><audiomix><n-loudest n="2"/></audiomix></modifyconference>');
    expect(share(heard(listener), 1000)).toBeGreaterThan(0.3);
  });

  it('point 17: tells who speaks above the level, at most once in the interval', async () => {
    const a = await phone('a', 440, 0.5);
    await phone('b', 1000, 0.01);
    request(
      `<createconference name="x"><audiomix><asn ri="1s" asth="-20"/></audiomix></createconference>${join('a')}${join('b')}`,
    );
    run(3000);
    expect(server.control.lines).toEqual(['msml.conf.asn conf:x speaker=conn:a']);
    a.fallSilent();
    run(3000);
    expect(server.control.lines).toEqual(['msml.conf.asn conf:x speaker=conn:a', 'msml.conf.asn conf:x']);
  });

  it.each([-12, -6, 6])(
    'points 14, 38: a gain of %d dB is as many dB, and the other direction stays',
    async (amt) => {
      const listener = await phone('b', 1000, 0.1);
      const speaker = await phone('a', 440, 0.1);
      request(`<createconference name="x"/>${join('a')}${join('b')}`);
      const [before, back] = [levelDb(heard(listener)), levelDb(heard(speaker))];
      change('a', `<gain amt="${amt}"/>`);
      expect(levelDb(heard(listener)) - before).toBeCloseTo(amt, 0);
      expect(levelDb(heard(speaker))).toBeCloseTo(back, 0);
    },
  );

  it('point 14: mutes one direction, and unmute brings the gain back', async () => {
    const listener = await phone('b', 1000, 0);
    await phone('a', 440, 0.1);
    request(`<createconference name="x"/>${join('a')}${join('b')}`);
    change('a', '<gain amt="6"/>');
    const before = levelDb(heard(listener));
    change('a', '<gain amt="mute"/>');
    expect(Math.max(0, ...heard(listener).map(Math.abs))).toBeLessThan(10);
    change('a', '<gain amt="unmute"/>');
    expect(levelDb(heard(listener))).toBeCloseTo(before, 0);
  });

  it('takes tones out of a stream, and keys only when it is told to (§8.12.1.2)', async () => {
    const listener = await phone('c', 1700, 0);
    await phone('a', 425);
    request(`<createconference name="x"/>${join('a')}${join('c')}`);
    expect(share(heard(listener), 425)).toBeGreaterThan(0.9);
    change('a', '<clamp dtmf="true" tone="false"/>');
    expect(share(heard(listener), 425)).toBeGreaterThan(0.9);
    change('a', '<clamp tone="true"/>');
    expect(heard(listener).every((sample) => sample === 0)).toBe(true);
  });

  it('point 14: a coach hears the conference and is heard by the one alone', async () => {
    const [agent, caller] = [await phone('agent', 440), await phone('caller', 1000)];
    const coach = await phone('coach', 1700);
    request(
      `<createconference name="x"/>${join('agent')}${join('caller')}<join id1="conn:coach" id2="conf:x"><stream media="audio" dir="to-id1"/></join><join id1="conn:coach" id2="conn:agent"><stream media="audio" dir="from-id1"/></join>`,
    );
    expect(share(heard(agent), 1700)).toBeGreaterThan(0.4);
    expect(share(heard(caller), 1700)).toBeLessThan(0.01);
    expect(share(heard(coach), 440)).toBeGreaterThan(0.4);
  });
});
