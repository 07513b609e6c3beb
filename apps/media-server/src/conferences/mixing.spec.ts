import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine } from '@legato/testing';
import { ControlHarness, RecordedController } from '../../spec/control-harness';

describe('how conferences are mixed (§8.6, §8.12.1)', () => {
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock: new FakeClock(), log: silentLog });
    for (const tag of ['a', 'b', 'c']) await server.connect(tag);
  });

  afterEach(() => server.close());

  const create = (audiomix: string, origin = server.control) =>
    server.request(`<createconference name="x">${audiomix}</createconference>`, origin).response;
  const modify = (audiomix: string, origin = server.control) =>
    server.request(`<modifyconference id="conf:x">${audiomix}</modifyconference>`, origin).response;
  const join = (properties: string, attributes = 'dir="from-id1"') =>
    server.request(
      `<join id1="conn:a" id2="conf:x"><stream media="audio" ${attributes}>${properties}</stream></join>`,
    ).response;
  const change = (properties: string, attributes = 'dir="from-id1"') =>
    server.request(
      `<modifystream id1="conn:a" id2="conf:x"><stream media="audio" ${attributes}>${properties}</stream></modifystream>`,
    ).response;
  const shape = (stream = 'conn:a>conf:x') => media.shapes.get(stream);
  const streamsOf = (id: string) =>
    server.request(`<audit queryid="${id}" statelist="audit.conn.stream.*"/>`).auditResults?.[0]?.stream;

  describe('createconference and modifyconference', () => {
    it('point 11: mixes everybody at 8 kHz where nothing else is said', () => {
      create('');
      expect(media.mixes.get('conf:x')).toEqual({ sampleRate: 8000 });
    });

    it.each([
      ['8000', 8000],
      ['16000', 16_000],
      ['48', 48_000],
    ])('point 38: mixes at the rate %s, in Hz or kHz', (samplerate, sampleRate) => {
      create(`<audiomix samplerate="${samplerate}"/>`);
      expect(media.mixes.get('conf:x')).toEqual({ sampleRate });
    });

    it('points 16, 17: hands on n-loudest, the least time between reports and the level', () => {
      create('<audiomix><n-loudest n="3"/><asn ri="1500ms" asth="-40"/></audiomix>');
      expect(media.mixes.get('conf:x')).toEqual({
        sampleRate: 8000,
        nLoudest: 3,
        activeSpeakers: { intervalMs: 1500, thresholdDbm0: -40 },
      });
    });

    it('point 17: asks for no reports with ri="0s" or without ri', () => {
      create('<audiomix><asn ri="0s" asth="-40"/></audiomix>');
      expect(media.mixes.get('conf:x')).toEqual({ sampleRate: 8000 });
      modify('<audiomix><asn asth="-40"/></audiomix>');
      expect(media.mixes.get('conf:x')).toEqual({ sampleRate: 8000 });
    });

    it('point 12: replaces a named feature wholly, with its defaults, and leaves the other (§8.4)', () => {
      create('<audiomix id="m"><n-loudest n="3"/><asn ri="10s" asth="-40"/></audiomix>');
      expect(modify('<audiomix><asn ri="5s"/></audiomix>')).toBe('200');
      expect(media.mixes.get('conf:x')).toEqual({
        sampleRate: 8000,
        nLoudest: 3,
        activeSpeakers: { intervalMs: 5000, thresholdDbm0: -96 },
      });
      expect(server.context.conferences.get('conf:x')?.audiomix).toEqual({
        id: 'm',
        'n-loudest': { n: '3' },
        asn: { ri: '5s' },
      });
    });

    it('point 5: takes the rate that it has, and nothing of a change with another one (§8.4)', () => {
      create('<audiomix samplerate="16000"/>');
      expect(modify('<audiomix samplerate="16"><n-loudest n="2"/></audiomix>')).toBe('200');
      expect(modify('<audiomix samplerate="8000"><n-loudest n="9"/></audiomix>')).toBe('407');
      expect(media.mixes.get('conf:x')).toEqual({ sampleRate: 16_000, nLoudest: 2 });
    });

    it('point 5: a change with a feature that is not there at all changes nothing', () => {
      create('<audiomix><n-loudest n="2"/></audiomix>');
      expect(modify('<audiomix><n-loudest n="4"/></audiomix><videolayout/>')).toBe('402');
      expect(media.mixes.get('conf:x')?.nLoudest).toBe(2);
    });
  });

  describe('point 17: msml.conf.asn (§8.6.2)', () => {
    it('names each speaker in an item of its own, the loudest first', () => {
      create('<audiomix><asn ri="1s"/></audiomix>');
      media.speak('conf:x', ['conn:b', 'conn:a']);
      expect(server.control.lines).toEqual(['msml.conf.asn conf:x speaker=conn:b speaker=conn:a']);
    });

    it('tells of changes only, and of silence too', () => {
      create('<audiomix><asn ri="1s"/></audiomix>');
      media.speak('conf:x', ['conn:b', 'conn:a']);
      media.speak('conf:x', ['conn:a', 'conn:b']);
      media.speak('conf:x', []);
      expect(server.control.lines).toEqual([
        'msml.conf.asn conf:x speaker=conn:b speaker=conn:a',
        'msml.conf.asn conf:x',
      ]);
    });

    it('is not repeated because another feature was changed', () => {
      create('<audiomix><asn ri="1s"/></audiomix>');
      media.speak('conf:x', ['conn:a']);
      modify('<audiomix><n-loudest n="2"/></audiomix>');
      media.speak('conf:x', ['conn:a']);
      expect(server.control.lines).toHaveLength(1);
    });

    it('takes no other conference for a speaker', () => {
      create('<audiomix><asn ri="1s"/></audiomix>');
      media.speak('conf:x', ['conf:y']);
      expect(server.control.lines).toEqual([]);
    });

    it('point 2: goes to whoever asked for it last', () => {
      const creator = new RecordedController('conn:b');
      const changer = new RecordedController('conn:c');
      create('<audiomix><asn ri="1s"/></audiomix>', creator);
      media.speak('conf:x', ['conn:a']);
      modify('<audiomix><asn ri="2s"/></audiomix>', changer);
      media.speak('conf:x', ['conn:a']);
      expect(creator.lines).toEqual(['msml.conf.asn conf:x speaker=conn:a']);
      expect(changer.lines).toEqual(['msml.conf.asn conf:x speaker=conn:a']);
    });
  });

  describe('streams (§8.12.1)', () => {
    beforeEach(() => void server.request('<createconference name="x" deletewhen="never"/>'));

    it('point 14: joins with a gain in dB, of the one direction', () => {
      expect(join('<gain amt="-6"/>', '')).toBe('200');
      expect(shape('conn:a>conf:x')).toEqual({ gain: -6 });
      join('');
      change('<gain amt="12"/>');
      expect(shape('conn:a>conf:x')).toEqual({ gain: 12 });
      expect(shape('conf:x>conn:a')).toEqual({ gain: -6 });
    });

    it.each(['97', '-97', 'loud'])('point 38: refuses a gain of %s with 410', (amt) => {
      expect(join(`<gain amt="${amt}"/>`)).toBe('410');
    });

    it('point 12: unmute goes back to the gain that was there before', () => {
      join('<gain amt="-6"/>');
      change('<gain amt="mute"/>');
      expect(shape()).toEqual({ gain: 'mute' });
      change('<gain amt="unmute"/>');
      expect(shape()).toEqual({ gain: -6 });
      expect(streamsOf('conn:a')?.[0]?.gain).toEqual({ amt: '-6' });
    });

    it('unmute without a gain before leaves none', () => {
      join('<gain amt="mute"/>');
      change('<gain amt="unmute"/>');
      expect(shape()).toEqual({});
      expect(streamsOf('conn:a')?.[0]).not.toHaveProperty('gain');
    });

    it('holds speech at a level, with 10 dB at most where nothing else is said (§8.12.1.1)', () => {
      join('<gain agc="true" tgtlvl="-20"/>');
      expect(shape()).toEqual({ agc: { targetDbm0: -20, maxGainDb: 10 } });
      change('<gain agc="true" tgtlvl="-15" maxgain="30"/>');
      expect(shape()).toEqual({ agc: { targetDbm0: -15, maxGainDb: 30 } });
    });

    it.each([
      ['without a level', '<gain agc="true"/>', '408'],
      ['with a gain as well', '<gain agc="true" tgtlvl="-20" amt="3"/>', '409'],
    ])('refuses automatic gain %s', (_what, gain, response) => {
      expect(join(gain)).toBe(response);
    });

    it('takes DTMF out, and other tones not (§8.12.1.2)', () => {
      expect(join('<clamp dtmf="true" tone="false"/>')).toBe('200');
      expect(shape()).toEqual({ clampDtmf: true, clampTones: false });
      expect(change('<clamp dtmf="false" tone="true"/>')).toBe('200');
      expect(shape()).toEqual({ clampDtmf: false, clampTones: true });
    });

    it('points 12, 16: leaves the properties that a change does not name (§8.9)', () => {
      join('<gain amt="3"/><clamp dtmf="true"/>', 'dir="from-id1" preferred="true"');
      change('<gain amt="mute"/>');
      expect(shape()).toEqual({ gain: 'mute', clampDtmf: true, preferred: true });
      change('', 'dir="from-id1" preferred="false"');
      expect(shape()).toEqual({ gain: 'mute', clampDtmf: true, preferred: false });
    });

    it('point 16: refuses preferred with 409 for what does not go into a conference', () => {
      join('', '');
      expect(change('', 'dir="to-id1" preferred="true"')).toBe('409');
      expect(shape('conf:x>conn:a')).toEqual({});
    });

    it('point 16: a stream of both directions is preferred where it goes into the conference', () => {
      join('', 'preferred="true"');
      expect(streamsOf('conn:a')).toEqual([
        { joinwith: 'conf:x', media: 'audio', dir: 'from', preferred: true },
        { joinwith: 'conf:x', media: 'audio', dir: 'to' },
      ]);
    });

    it('tells the properties of each direction to who audits (§10.5)', () => {
      join('<gain agc="true" tgtlvl="-20"/><clamp dtmf="true"/>', 'dir="from-id1" preferred="true"');
      expect(streamsOf('conn:a')).toEqual([
        {
          joinwith: 'conf:x',
          media: 'audio',
          dir: 'from',
          preferred: true,
          gain: { agc: true, tgtlvl: '-20' },
          clamp: { dtmf: true },
        },
      ]);
    });
  });
});
