import { silentLog } from '@legato/kernel';
import { energyShareAt } from '@legato/media';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { ControlHarness } from '../../../spec/control-harness';

describe('generators', () => {
  let clock: FakeClock;
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    clock = new FakeClock();
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock, log: silentLog });
    await server.connect('a');
  });

  afterEach(() => server.close());

  const last = () => server.control.lines.at(-1);
  const terminate = () => {
    server.request('<dialogend id="conn:a/dialog:d"/>');
    return settled();
  };

  describe('dtmfgen (§9.7.2)', () => {
    const sent = () => media.connections.get('conn:a')?.sentDigits.join('');

    it('sends digit after digit, 100 ms and 100 ms of silence each', () => {
      server.dialog(
        'conn:a',
        '<dtmfgen digits="12ab#"><dtmfgenexit><exit namelist="dtmfgen.end"/></dtmfgenexit></dtmfgen>',
      );
      expect(sent()).toBe('1');
      clock.advance(200);
      expect(sent()).toBe('12');
      clock.advance(800);
      expect(sent()).toBe('12AB#');
      expect(last()).toBe('msml.dialog.exit conn:a/dialog:d dtmfgen.end=dtmfgen.complete');
    });

    it('leaves the rest unsent when it is terminated', async () => {
      server.dialog(
        'conn:a',
        '<dtmfgen digits="123" dur="50ms" interval="30ms"><dtmfgenexit><exit namelist="dtmfgen.end"/></dtmfgenexit></dtmfgen>',
      );
      clock.advance(80);
      await terminate();
      clock.advance(1000);
      expect(sent()).toBe('12');
      expect(last()).toBe('msml.dialog.exit conn:a/dialog:d dtmfgen.end=terminate');
    });

    it('refuses what is no digit with 410', () => {
      const start =
        '<dialogstart target="conn:a" type="application/moml+xml"><dtmfgen digits="12x"/></dialogstart>';
      expect(server.request(start).response).toBe('410');
    });
  });

  describe('tonegen (§9.7.3)', () => {
    const heard = (index: number): Int16Array => {
      const audio = media.playbacks[index]?.files[0];
      if (typeof audio !== 'object' || 'load' in audio) throw new Error('no tones are played');
      return audio.samples;
    };
    const tone = (attributes: string, inner = '') =>
      `<tone ${attributes}><tone1 freq="440" atten="-10"/><tone2 freq="1000" atten="-10"/>${inner}</tone>`;

    it('plays two frequencies together, and its pauses', () => {
      server.dialog(
        'conn:a',
        `<tonegen>${tone('duration="400ms"', '<silence duration="600ms"/>')}</tonegen>`,
      );
      const samples = heard(0);
      expect(samples).toHaveLength(8000);
      const sounding = samples.subarray(0, 3200);
      expect(energyShareAt(sounding, 8000, 440)).toBeGreaterThan(0.4);
      expect(energyShareAt(sounding, 8000, 1000)).toBeGreaterThan(0.4);
      expect(samples.subarray(3200).every((sample) => sample === 0)).toBe(true);
      expect(media.playbacks[0]?.options.iterate).toBe(1);
    });

    it('point 38: takes levels as dBm0: 3.14 dB below the largest sine is 0 dBm0', () => {
      server.dialog(
        'conn:a',
        '<tonegen><tone duration="1s"><tone1 freq="1000" atten="-20"/></tone></tonegen>',
      );
      const peak = Math.max(...heard(0));
      expect(20 * Math.log10(peak / 32_767)).toBeCloseTo(-23.14, 1);
    });

    it('repeats as often as it says, and tells how it ended', async () => {
      server.dialog(
        'conn:a',
        `<tonegen iterate="3">${tone('duration="100ms" iterate="2"')}<silence duration="100ms"/><tonegenexit><exit namelist="tonegen.end"/></tonegenexit></tonegen>`,
      );
      expect(heard(0)).toHaveLength(2400);
      expect(media.playbacks[0]?.options.iterate).toBe(3);
      await media.playbacks[0]?.end();
      expect(last()).toBe('msml.dialog.exit conn:a/dialog:d tonegen.end=tonegen.complete');
    });

    it('plays a tone without end after what comes before it, until it is terminated', async () => {
      server.dialog(
        'conn:a',
        `<tonegen>${tone('duration="100ms"')}${tone('duration="0s"')}</tonegen><exit namelist="tonegen.end"/>`,
      );
      expect(media.playbacks[0]?.options.iterate).toBe(1);
      await media.playbacks[0]?.end();
      expect(media.playbacks[1]?.options.iterate).toBe(-1);
      await terminate();
      expect(last()).toBe('msml.dialog.exit conn:a/dialog:d tonegen.end=terminate');
    });

    it('refuses rounds of more than a minute with 521', () => {
      const start = `<dialogstart target="conn:a" type="application/moml+xml"><tonegen>${tone('duration="1s" iterate="61"')}</tonegen></dialogstart>`;
      expect(server.request(start).response).toBe('521');
    });
  });
});
