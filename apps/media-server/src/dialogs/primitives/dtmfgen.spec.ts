import { energyShareAt } from '@legato/media';
import { AudibleServer } from '../../../spec/audible-server';

const EVENTS = 101;
const VOLUME = 0x3f;

describe('dtmfgen as it is heard (§9.7.2)', () => {
  let server: AudibleServer;

  beforeEach(() => {
    server = new AudibleServer();
  });

  afterEach(() => server.close());

  it('sends telephone-events of its length and level (RFC 4733)', async () => {
    const phone = await server.phone('a', { events: EVENTS });
    server.control.dialog('conn:a', '<dtmfgen digits="5#" level="-20" dur="120ms" interval="80ms"/>');
    server.run(1000);
    expect(phone.events(EVENTS)).toEqual([
      { event: 5, duration: 960, ends: 3 },
      { event: 11, duration: 960, ends: 3 },
    ]);
    const volumes = phone.packets
      .filter(({ payloadType }) => payloadType === EVENTS)
      .map(({ payload }) => (payload[1] ?? 0) & VOLUME);
    expect(new Set(volumes)).toEqual(new Set([20]));
  });

  it.each([
    ['', -6],
    ['level="-26"', -26],
  ])('is a tone of its level to a phone that knows no events %s', async (attribute, dbm0) => {
    const phone = await server.phone('a');
    server.control.dialog('conn:a', `<dtmfgen digits="5" dur="400ms" ${attribute}/>`);
    server.run(300);
    const heard = phone.heard().subarray(800, 2000);
    expect(energyShareAt(heard, 8000, 770)).toBeGreaterThan(0.4);
    expect(energyShareAt(heard, 8000, 1336)).toBeGreaterThan(0.4);
    const power = heard.reduce((sum, sample) => sum + sample * sample, 0) / heard.length;
    expect(Math.abs(10 * Math.log10(power / (32_768 ** 2 / 2)) + 3.14 - dbm0)).toBeLessThan(0.5);
  });
});
