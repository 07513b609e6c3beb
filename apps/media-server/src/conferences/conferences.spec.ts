import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { ControlHarness, RecordedController } from '../../spec/control-harness';

describe('conferences (§8)', () => {
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock: new FakeClock(), log: silentLog });
    for (const tag of ['a', 'b', 'c']) await server.connect(tag);
  });

  afterEach(() => server.close());

  const responseTo = (operations: string) => server.request(operations).response;
  const connection = (tag: string) => {
    const found = server.context.connections.get(`conn:${tag}`);
    if (!found) throw new Error(`no ${tag}`);
    return found;
  };
  /** Streams that are heard. */
  const flows = () =>
    [...media.streams]
      .filter((stream) => media.shapes.get(stream)?.gain !== 'mute')
      .map((stream) => stream.replaceAll(/con[nf]:/g, ''))
      .sort();

  describe('createconference (§8.3)', () => {
    it('point 11: makes an audio mixer when it names none', () => {
      expect(responseTo('<createconference name="x"/>')).toBe('200');
      expect(server.context.conferences.get('conf:x')?.audiomix).toEqual({});
      expect(media.conferences.has('conf:x')).toBe(true);
    });

    it('deletes with the last participant when nothing else is said', () => {
      server.request('<createconference name="x"/>');
      expect(server.context.conferences.get('conf:x')?.options).toMatchObject({
        deletewhen: 'nomedia',
        term: true,
      });
    });

    it.each([
      ['<audiomix><n-loudest n="3"/></audiomix>', '200'],
      ['<audiomix><n-loudest n="0"/></audiomix>', '410'],
      ['<audiomix><asn ri="10s" asth="-40"/></audiomix>', '200'],
      ['<audiomix><asn ri="10s" asth="-97"/></audiomix>', '410'],
      ['<audiomix><asn ri="0s"/></audiomix>', '200'],
      ['<audiomix samplerate="11025"/>', '410'],
      ['<reserve required="true"><resource n="2"/></reserve>', '200'],
    ])('points 16, 17: answers %s with %s', (content, response) => {
      expect(responseTo(`<createconference name="x">${content}</createconference>`)).toBe(response);
    });
  });

  describe('point 8: deletewhen (§8.3)', () => {
    it('nomedia: goes with its last participant, and says so where it was created', async () => {
      const creator = new RecordedController('conn:creator');
      server.request('<createconference name="x" deletewhen="nomedia" term="false"/>', creator);
      server.request('<join id1="conn:a" id2="conf:x"/><join id1="conn:b" id2="conf:x"/>');
      server.request('<unjoin id1="conn:a" id2="conf:x"/>');
      expect(creator.lines).toEqual([]);
      await server.hangUp(connection('b'));
      expect(creator.events).toEqual([{ name: 'msml.conf.nomedia', id: 'conf:x', values: [] }]);
      expect(media.conferences.size).toBe(0);
    });

    it('nomedia: a fresh conference waits for its first participant', async () => {
      server.request('<createconference name="x"/>');
      await server.hangUp(connection('a'));
      expect(server.context.conferences.size).toBe(1);
    });

    it('nomedia: another conference is no participant', () => {
      server.request('<createconference name="x"/><createconference name="y"/>');
      server.request('<join id1="conf:x" id2="conf:y"/><join id1="conn:a" id2="conf:x"/>');
      server.request('<unjoin id1="conn:a" id2="conf:x"/>');
      expect([...server.context.conferences.keys()]).toEqual(['conf:y']);
      expect(flows()).toEqual([]);
    });

    it('nomedia: a participant that hears only is still there', () => {
      server.request('<createconference name="x"/><join id1="conn:a" id2="conf:x"/>');
      server.request('<unjoin id1="conn:a" id2="conf:x"><stream media="audio" dir="from-id1"/></unjoin>');
      expect(server.context.conferences.size).toBe(1);
      server.request('<unjoin id1="conn:a" id2="conf:x"/>');
      expect(server.context.conferences.size).toBe(0);
    });

    it('nomedia: who is moved within one request does not desert the conference', () => {
      server.request('<createconference name="x"/><join id1="conn:a" id2="conf:x"/>');
      expect(responseTo('<unjoin id1="conn:a" id2="conf:x"/><join id1="conn:b" id2="conf:x"/>')).toBe('200');
      expect(server.context.conferences.size).toBe(1);
      expect(server.control.lines).toEqual([]);
    });

    it('never: stays', () => {
      server.request('<createconference name="x" deletewhen="never"/><join id1="conn:a" id2="conf:x"/>');
      server.request('<unjoin id1="conn:a" id2="conf:x"/>');
      expect(server.context.conferences.size).toBe(1);
    });
  });

  describe('destroyconference (§8.5)', () => {
    beforeEach(() => {
      server.request('<createconference name="x" term="true"/><createconference name="y" term="false"/>');
      server.request('<join id1="conn:a" id2="conf:x"/><join id1="conn:b" id2="conf:y"/>');
    });

    it('hangs up the participants when term says so', () => {
      server.request('<destroyconference id="conf:x"/>');
      expect(server.hungUp).toEqual(['conn:a']);
      expect(flows()).toEqual(['b>y', 'y>b']);
    });

    it('lets them be otherwise', () => {
      server.request('<destroyconference id="conf:y"/>');
      expect(server.hungUp).toEqual([]);
      expect([...media.conferences]).toEqual(['conf:x']);
    });

    it('sends no msml.conf.nomedia: who destroys it knows', () => {
      server.request('<destroyconference id="conf:y"/>');
      expect(server.control.lines).toEqual([]);
    });

    it('point 9: answers 430 when it is gone already', () => {
      server.request('<unjoin id1="conn:b" id2="conf:y"/>');
      expect(responseTo('<destroyconference id="conf:y"/>')).toBe('430');
    });

    it('point 10: with its last mixer the conference goes (§8.5)', () => {
      server.request('<destroyconference id="conf:y"><audiomix/></destroyconference>');
      expect(server.context.conferences.has('conf:y')).toBe(false);
    });

    it('point 10: a mixer that it does not have takes nothing away', () => {
      expect(responseTo('<destroyconference id="conf:y"><videolayout/></destroyconference>')).toBe('200');
      expect(server.context.conferences.has('conf:y')).toBe(true);
    });

    it('ends its dialogs gracefully, and their results come', async () => {
      server.dialog(
        'conf:y',
        '<record dest="file://r.wav" format="audio/wav" maxtime="60s"><recordexit><exit namelist="record.len"/></recordexit></record>',
      );
      server.request('<destroyconference id="conf:y"/>');
      await settled();
      expect(media.recordings[0]?.log).toEqual(['stop']);
      expect(server.control.lines).toEqual(['msml.dialog.exit conf:y/dialog:d record.len=2000']);
    });
  });

  describe('modifyconference (§8.4)', () => {
    it('point 12: replaces the features that it names wholly, and leaves the others', () => {
      server.request(
        '<createconference name="x"><audiomix id="m"><asn ri="0s" asth="-40"/></audiomix></createconference>',
      );
      server.request('<modifyconference id="conf:x"><audiomix><asn ri="0s"/></audiomix></modifyconference>');
      expect(server.context.conferences.get('conf:x')?.audiomix).toEqual({ id: 'm', asn: { ri: '0s' } });
    });

    it('point 5: makes all of its changes or none', () => {
      server.request('<createconference name="x"><audiomix id="m"/></createconference>');
      const operation =
        '<modifyconference id="conf:x"><audiomix id="new" samplerate="16000"><n-loudest n="2"/></audiomix></modifyconference>';
      expect(responseTo(operation)).toBe('407');
      expect(media.mixes.get('conf:x')).toEqual({ sampleRate: 8000 });
      expect(server.context.conferences.get('conf:x')?.audiomix).toEqual({ id: 'm' });
    });

    it('answers 430 for one that is not there', () => {
      expect(responseTo('<modifyconference id="conf:none"/>')).toBe('430');
    });
  });

  describe('join (§8.8)', () => {
    it('point 13: without stream joins audio in both directions, and nothing else', () => {
      server.request('<join id1="conn:a" id2="conn:b"/>');
      expect(flows()).toEqual(['a>b', 'b>a']);
    });

    it('point 13: bridges more than one stream into a connection (§8.2)', () => {
      server.request(
        '<join id1="conn:a" id2="conn:b"/><join id1="conn:b" id2="conn:c"/><join id1="conn:a" id2="conn:c"><stream media="audio" dir="to-id1"/></join>',
      );
      expect(flows()).toEqual(['a>b', 'b>a', 'b>c', 'c>a', 'c>b']);
    });

    it('points 13, 37: refuses video with 441: there is no region that could show it', () => {
      expect(responseTo('<join id1="conn:a" id2="conn:b"><stream media="video"/></join>')).toBe('441');
    });

    it('point 5: makes all of its streams or none (§8.2)', () => {
      expect(
        responseTo('<join id1="conn:a" id2="conn:b"><stream media="audio"/><stream media="video"/></join>'),
      ).toBe('441');
      expect(flows()).toEqual([]);
    });

    it('point 14: a direction is relative to id1 of its operation: swapped ids flip it', () => {
      server.request('<join id1="conn:a" id2="conn:b"><stream media="audio" dir="from-id1"/></join>');
      expect(flows()).toEqual(['a>b']);
      server.request('<unjoin id1="conn:b" id2="conn:a"><stream media="audio" dir="to-id1"/></unjoin>');
      expect(flows()).toEqual([]);
    });

    it('point 14: adds the direction that is missing', () => {
      server.request('<join id1="conn:a" id2="conn:b"><stream media="audio" dir="from-id1"/></join>');
      server.request('<join id1="conn:a" id2="conn:b"><stream media="audio" dir="to-id1"/></join>');
      expect(flows()).toEqual(['a>b', 'b>a']);
    });

    it('can be said again: a controller that was replaced repeats itself', () => {
      server.request('<join id1="conn:a" id2="conn:b"/>');
      expect(responseTo('<join id1="conn:a" id2="conn:b"/>')).toBe('200');
      expect(flows()).toEqual(['a>b', 'b>a']);
    });

    it.each([
      ['a dialog', '<join id1="conn:a/dialog:d" id2="conn:b"/>', '440'],
      ['a wildcard', '<join id1="conn:*" id2="conn:b"/>', '440'],
      ['itself', '<join id1="conn:a" id2="conn:a"/>', '410'],
      ['who is not there', '<join id1="conn:a" id2="conn:z"/>', '430'],
      ['a conference that is not there', '<join id1="conn:a" id2="conf:z"/>', '430'],
      [
        'compressed streams',
        '<join id1="conn:a" id2="conn:b"><stream media="audio" compressed="true"/></join>',
        '450',
      ],
    ])('refuses %s', (_what, operation, response) => {
      expect(responseTo(operation)).toBe(response);
      expect(flows()).toEqual([]);
    });

    it('point 16: takes preferred for streams into a conference, and refuses it for others with 409 (§8.12.1)', () => {
      server.request('<createconference name="x"/>');
      const preferred = (id2: string, dir: string) =>
        `<join id1="conn:a" id2="${id2}"><stream media="audio" ${dir} preferred="true"/></join>`;
      expect(responseTo(preferred('conf:x', 'dir="from-id1"'))).toBe('200');
      expect(responseTo(preferred('conf:x', 'dir="to-id1"'))).toBe('409');
      expect(responseTo(preferred('conn:b', ''))).toBe('409');
    });
  });

  describe('unjoin (§8.10)', () => {
    beforeEach(() => {
      server.request('<createconference name="x" deletewhen="never"/>');
      server.request(
        '<join id1="conn:a" id2="conf:x"/><join id1="conn:b" id2="conf:x"/><join id1="conn:a" id2="conn:b"/>',
      );
    });

    it('ends all streams between the two, and no others', () => {
      server.request('<unjoin id1="conn:a" id2="conf:x"/>');
      expect(flows()).toEqual(['a>b', 'b>a', 'b>x', 'x>b']);
    });

    it('point 14: with a direction ends one half', () => {
      server.request('<unjoin id1="conn:a" id2="conf:x"><stream media="audio" dir="from-id1"/></unjoin>');
      expect(flows()).toContain('x>a');
      expect(flows()).not.toContain('a>x');
    });

    it('point 18: with a wildcard reaches every object of the class (§6.2)', () => {
      server.request('<unjoin id1="conf:x" id2="conn:*"/>');
      expect(flows()).toEqual(['a>b', 'b>a']);
      server.request('<unjoin id1="conn:*" id2="conn:a"/>');
      expect(flows()).toEqual([]);
    });

    it('point 18: takes a bare * for all connections from clients that write it so', () => {
      server.request('<unjoin id1="conf:x" id2="*"/>', server.control, 'lenient');
      expect(flows()).toEqual(['a>b', 'b>a']);
    });

    it('answers 430 for an object that is not there', () => {
      expect(responseTo('<unjoin id1="conn:z" id2="conf:x"/>')).toBe('430');
    });
  });

  describe('modifystream (§8.9)', () => {
    beforeEach(() => {
      server.request('<createconference name="x" deletewhen="never"/>');
      server.request('<join id1="conn:a" id2="conf:x"/><join id1="conn:b" id2="conf:x"/>');
    });

    const mute = (id1: string, id2: string, amt: string, dir = 'dir="from-id1"') =>
      `<modifystream id1="${id1}" id2="${id2}"><stream media="audio" ${dir}><gain amt="${amt}"/></stream></modifystream>`;

    it('point 14: mutes one direction and leaves the other', () => {
      server.request(mute('conn:a', 'conf:x', 'mute'));
      expect(flows()).toEqual(['b>x', 'x>a', 'x>b']);
      server.request(mute('conn:a', 'conf:x', 'unmute'));
      expect(flows()).toEqual(['a>x', 'b>x', 'x>a', 'x>b']);
    });

    it('point 14: mutes by either order of the ids', () => {
      server.request(mute('conf:x', 'conn:a', 'mute', 'dir="to-id1"'));
      expect(flows()).toEqual(['b>x', 'x>a', 'x>b']);
      server.request(mute('conf:x', 'conn:a', '0', 'dir="to-id1"'));
      expect(flows()).toContain('a>x');
    });

    it('point 18: mutes all with a wildcard', () => {
      server.request(mute('conf:x', 'conn:*', 'mute', 'dir="to-id1"'));
      expect(flows()).toEqual(['x>a', 'x>b']);
    });

    it('point 12: leaves properties that are not named', () => {
      server.request(
        '<modifystream id1="conn:a" id2="conf:x"><stream media="audio" dir="from-id1" preferred="true"/></modifystream>',
      );
      server.request(mute('conn:a', 'conf:x', 'mute'));
      expect(server.context.streams.find('conn:a', 'conf:x')?.properties).toEqual({
        preferred: true,
        gain: { amt: 'mute' },
      });
    });

    it('a muted participant is one still', () => {
      server.request(mute('conn:a', 'conf:x', 'mute', ''));
      expect(server.context.conferences.get('conf:x')?.participants).toHaveLength(2);
    });

    it.each([
      ['a stream that is not there', mute('conn:a', 'conn:b', 'mute'), '430'],
      ['an object that is not there', mute('conn:z', 'conf:x', 'mute'), '430'],
      ['nothing to change', '<modifystream id1="conn:a" id2="conf:x"/>', '403'],
      [
        'amt and agc together',
        mute('conn:a', 'conf:x', '1').replace('amt="1"', 'amt="1" agc="true" tgtlvl="0"'),
        '409',
      ],
    ])('refuses %s', (_what, operation, response) => {
      expect(responseTo(operation)).toBe(response);
    });
  });
});
