import { energyShareAt, dtmfTones, readWav } from '@legato/media';
import type { FakePhone } from '@legato/testing';
import { readFileSync } from 'node:fs';
import { AudibleServer } from '../../../spec/audible-server';

const levelDb = (samples: Int16Array) =>
  10 * Math.log10(1 + samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe('transformers in a dialog (§9.9), in the topologies of groups (§9.8)', () => {
  let server: AudibleServer;
  let a: FakePhone;
  let b: FakePhone;

  beforeEach(async () => {
    server = new AudibleServer();
    a = await server.phone('a', { frequencyHz: 440, amplitude: 0.1 });
    b = await server.phone('b', { frequencyHz: 1000, amplitude: 0.1 });
  });

  afterEach(() => server.close());

  const request = (operations: string) => expect(server.control.request(operations).response).toBe('200');
  const start = (content: string) => server.control.dialog('conn:a', content);
  const event = (target: string, name: string, values = '') =>
    request(
      `<send event="${name}" target="conn:a/dialog:d/${target}" ${values && `valuelist="${values}"`}/>`,
    );
  const joined = () => request('<join id1="conn:a" id2="conn:b"/>');
  const level = (by: FakePhone) => levelDb(server.heard(by));

  it('relay gives the target back what it says, until the dialog ends', () => {
    start('<relay/>');
    const heard = server.heard(a);
    expect(energyShareAt(heard, 8000, 440)).toBeGreaterThan(0.95);
    request('<dialogend id="conn:a/dialog:d"/>');
    expect(server.control.control.lines).toEqual(['msml.dialog.exit conn:a/dialog:d']);
    expect(level(a)).toBe(0);
  });

  it('gain changes it by as many dB, louder and softer by its step, amt to a value, reset to none', () => {
    start('<gain id="g" amt="-6" incr="4"/>');
    const quiet = level(a);
    const steps: [string, string, number][] = [
      ['louder', '', 4],
      ['softer', '', 0],
      ['reset', '', 6],
      ['amt', '12', 18],
      ['amt.-12', '', -6],
    ];
    for (const [name, values, changeDb] of steps) {
      event('gain.g', name, values);
      expect(Math.abs(level(a) - quiet - changeDb)).toBeLessThan(0.5);
    }
  });

  it('gain, agc and gate are muted, and unmuted to what they were', () => {
    for (const content of ['<gain amt="6"/>', '<agc tgtlvl="-10"/>', '<gate/>']) {
      start(content);
      const kind = content.slice(1, content.search(/[ /]/));
      const before = level(a);
      event(kind, 'mute');
      expect(level(a)).toBe(0);
      event(kind, 'unmute');
      expect(Math.abs(level(a) - before)).toBeLessThan(0.5);
      request('<dialogend id="conn:a/dialog:d"/>');
    }
  });

  it('a gate that is halted lets nothing pass until it is unmuted', () => {
    start('<gate initial="halt"/>');
    expect(level(a)).toBe(0);
    event('gate', 'unmute');
    expect(level(a)).toBeGreaterThan(40);
  });

  it('agc brings speech to its level, with no more gain than it may', () => {
    start('<agc tgtlvl="-20" maxgain="40"/>');
    const near = level(a);
    request('<dialogend id="conn:a/dialog:d"/>');
    start('<agc tgtlvl="0" maxgain="6"/>');
    server.run(2000);
    expect(Math.abs(level(a) - near)).toBeGreaterThan(0.5);
    request('<dialogend id="conn:a/dialog:d"/>');
    start('<relay/>');
    const plain = level(a);
    request('<dialogend id="conn:a/dialog:d"/>');
    start('<agc tgtlvl="0" maxgain="6"/>');
    server.run(2000);
    expect(Math.abs(level(a) - plain - 6)).toBeLessThan(0.5);
  });

  it('a serial group is one after the other, a parallel one the sum', () => {
    start('<relay/>');
    const plain = level(a);
    request('<dialogend id="conn:a/dialog:d"/>');
    start('<group topology="serial"><gain amt="6"/><gain amt="-12" id="x"/></group>');
    expect(Math.abs(level(a) - plain + 6)).toBeLessThan(0.5);
    request('<dialogend id="conn:a/dialog:d"/>');
    start(
      '<group topology="parallel"><relay/><group id="s" topology="serial"><relay/><relay/></group></group>',
    );
    expect(Math.abs(level(a) - plain - 6)).toBeLessThan(0.5);
  });

  it('a full-duplex group stands in both directions of the target’s streams, and goes with its dialog', () => {
    joined();
    const [toA, toB] = [level(a), level(b)];
    start('<group topology="fullduplex"><gain id="said" amt="-6"/><gain id="heard" amt="6"/></group>');
    expect(Math.abs(level(b) - toB + 6)).toBeLessThan(0.5);
    expect(Math.abs(level(a) - toA - 6)).toBeLessThan(0.5);
    event('gain.heard', 'mute');
    expect(level(a)).toBe(0);
    event('group', 'terminate');
    expect(Math.abs(level(b) - toB)).toBeLessThan(0.5);
    expect(Math.abs(level(a) - toA)).toBeLessThan(0.5);
  });

  it('a half without output lets nothing pass, and relay lets everything pass', () => {
    joined();
    start('<group topology="fullduplex"><dtmf><pattern digits="1"/></dtmf><relay/></group>');
    expect(level(b)).toBe(0);
    expect(level(a)).toBeGreaterThan(40);
  });

  it('gain is controlled by keys of the same dialog (§13.6)', async () => {
    await server.control.hangUp([...server.control.context.connections.values()][0]!);
    const keys = await server.phone('c', { frequencyHz: 600, amplitude: 0.1, events: 101 });
    request('<join id1="conn:c" id2="conn:b"/>');
    const dtmf =
      '<dtmf iterate="forever"><pattern digits="1" iterate="forever"><send target="gain" event="louder"/></pattern></dtmf>';
    const content = `<group topology="fullduplex"><group id="in" topology="parallel">${dtmf}<relay/></group><gain amt="0" incr="5"/></group>`;
    server.control.dialog('conn:c', content);
    const before = level(keys);
    keys.press(1, 101);
    expect(Math.abs(level(keys) - before - 5)).toBeLessThan(0.5);
    expect(level(b)).toBeGreaterThan(40);
  });

  it('clamp takes the tones of keys out of what is recorded behind it', async () => {
    const tones = dtmfTones('5', { durationMs: 400, intervalMs: 0 });
    const levels: number[] = [];
    for (const before of ['<clamp/>', '<relay/>']) {
      const phone = await server.phone(before.slice(1, 6), {});
      const target = `conn:${before.slice(1, 6)}`;
      const record = `<record dest="file://${before.slice(1, 6)}.wav" format="audio/wav" maxtime="1s"/>`;
      server.control.dialog(target, `<group topology="serial">${before}${record}</group>`);
      server.run(100);
      phone.say(tones);
      server.run(1200);
      const wav = await recorded(`${before.slice(1, 6)}.wav`);
      levels.push(wav.reduce((sum, sample) => sum + sample * sample, 0));
    }
    expect(levels[0]! / levels[1]!).toBeLessThan(0.15);
  });

  async function recorded(name: string): Promise<Int16Array> {
    let samples: Int16Array | undefined;
    await server.settle(() => {
      try {
        const wav = readWav(readFileSync(server.control.recordingPath(name)));
        if (wav.ok && wav.value.samples.length > 0) samples = wav.value.samples;
      } catch {
        return false;
      }
      return samples !== undefined;
    });
    return samples ?? new Int16Array(0);
  }

  it.each([
    ['a transformer on a conference', '<gain amt="1"/>', '410'],
    ['a full-duplex group on one', '<group topology="fullduplex"><relay/><relay/></group>', '410'],
  ])('refuses %s', (_what, content, response) => {
    request('<createconference name="x"/>');
    const result = server.control.request(
      `<dialogstart target="conf:x" type="application/moml+xml">${content}</dialogstart>`,
    );
    expect(result.response).toBe(response);
  });
});
