import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine } from '@legato/testing';
import { ControlHarness } from '../../spec/control-harness';

describe('reserve (§8.3.1)', () => {
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    server = new ControlHarness({
      media: new FakeMediaEngine(),
      clock: new FakeClock(),
      log: silentLog,
      limits: { conferences: 10, dialogs: 4 },
    });
    for (const tag of ['a', 'b']) await server.connect(tag);
  });

  afterEach(() => server.close());

  const create = (name: string, reserve: string) =>
    server.request(`<createconference name="${name}">${reserve}</createconference>`).response;
  const start = (target: string, name: string) =>
    server.request(
      `<dialogstart target="${target}" type="application/moml+xml" name="${name}"><play><audio uri="file://beep.wav"/></play></dialogstart>`,
    ).response;
  const THREE = '<reserve><resource n="2"/><resource type="shared"/></reserve>';

  it('keeps dialogs for the conference and its participants, and gives them back with it', () => {
    expect(create('x', THREE)).toBe('200');
    server.request('<join id1="conn:a" id2="conf:x"/>');
    expect(start('conn:b', '1')).toBe('200');
    expect(start('conn:b', '2')).toBe('520');
    expect(start('conf:x', '1')).toBe('200');
    expect(start('conn:a', '1')).toBe('200');
    expect(start('conn:b', '2')).toBe('520');
    server.request('<destroyconference id="conf:x"/>');
    expect(start('conn:b', '2')).toBe('200');
  });

  it('beyond its reservation a conference takes what is left', () => {
    create('x', '<reserve><resource/></reserve>');
    expect([1, 2, 3, 4, 5].map((at) => start('conf:x', String(at)))).toEqual([
      '200',
      '200',
      '200',
      '200',
      '520',
    ]);
  });

  it('what can not be reserved refuses the conference before anything of the request is done', () => {
    expect(create('x', THREE)).toBe('200');
    expect(
      server.request(`<createconference name="y"/><createconference name="z">${THREE}</createconference>`),
    ).toMatchObject({ response: '520' });
    expect([...server.media.conferences]).toEqual(['conf:x']);
  });

  it('unless it is not required: then nothing is reserved', () => {
    expect(create('x', '<reserve required="false"><resource n="5"/></reserve>')).toBe('200');
    expect([1, 2, 3, 4].map((at) => start('conn:b', String(at)))).toEqual(['200', '200', '200', '200']);
  });
});
