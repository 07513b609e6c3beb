import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { ControlHarness, RecordedController } from '../../spec/control-harness';

describe('the MSML interpreter', () => {
  let clock: FakeClock;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(() => {
    clock = new FakeClock();
    server = new ControlHarness({ media: new FakeMediaEngine(), clock, log: silentLog });
  });

  afterEach(() => server.close());

  const PLAY = '<play barge="false" cleardb="false"><audio uri="file://welcome.wav"/></play>';
  const start = (target: string, name: string, mark = '') =>
    `<dialogstart target="${target}" type="application/moml+xml" name="${name}"${mark && ` mark="${mark}"`}>${PLAY}</dialogstart>`;

  describe('what a request looks like', () => {
    it.each([
      ['<msml version="1.1"><join', '400'],
      ['<!DOCTYPE msml><msml version="1.1"/>', '400'],
      ['<moml version="1.1"/>', '400'],
      ['<msml version="1.1"><event name="x" id="conf:a"/></msml>', '400'],
      ['<msml version="1.1"><result response="200"/></msml>', '400'],
      ['<msml version="1.1"><dance/></msml>', '401'],
      ['<msml version="1.1"><join id1="conn:a"/></msml>', '408'],
    ])('answers %s with %s and executes nothing (§5)', (text, response) => {
      expect(server.document(text).response).toBe(response);
    });

    it('answers an empty request with 200', () => {
      expect(server.request('')).toMatchObject({ response: '200', confIds: [], dialogIds: [] });
    });
  });

  it('point 1: infers no target from the SIP dialog: any request may ride on any of them (§3.1)', async () => {
    await server.connect('a');
    await server.connect('b');
    const other = new RecordedController('conn:elsewhere');
    expect(server.request('<join id1="conn:a" id2="conn:b"/>', other).response).toBe('200');
    expect([...server.media.streams]).toEqual(['conn:a>conn:b', 'conn:b>conn:a']);
  });

  it('point 2: sends events to the SIP dialog that carried the causing request (§3.1)', async () => {
    await server.connect('a');
    const cause = new RecordedController('conn:cause');
    server.request(start('conn:a', 'd'), cause);
    await server.media.playbacks[0]?.end();
    expect(cause.lines).toEqual(['msml.dialog.exit conn:a/dialog:d']);
    expect(server.control.lines).toEqual([]);
  });

  describe('point 3: checks the whole request before anything of it is executed (§5)', () => {
    it.each([
      ['an unsupported operation', '<transfer/>', '401'],
      [
        'an unsupported primitive',
        '<dialogstart target="conn:a" type="application/moml+xml"><faxdetect/></dialogstart>',
        '402',
      ],
      ['VoiceXML', '<dialogstart target="conn:a" type="application/vxml+xml" src="http://a/b.vxml"/>', '420'],
      ['a prompt outside of the folder', start('conn:a', 'd').replace('welcome', '../secret'), '410'],
      ['video mixing', '<createconference><videolayout/></createconference>', '402'],
    ])('refuses %s although it comes last', async (_what, operation, response) => {
      await server.connect('a');
      const result = server.request(`<createconference name="c" mark="1"/>${operation}`);
      expect(result.response).toBe(response);
      expect(result.mark).toBeUndefined();
      expect(server.media.conferences.size).toBe(0);
    });

    it('refuses what it has no room for with 520, and nothing ran', () => {
      const small = new ControlHarness({
        media: new FakeMediaEngine(),
        clock,
        log: silentLog,
        limits: { conferences: 1, dialogs: 1 },
      });
      expect(small.request('<createconference name="a"/><createconference name="b"/>').response).toBe('520');
      expect(small.media.conferences.size).toBe(0);
      expect(
        small.request(`<createconference name="a"/>${start('conf:a', 'x')}${start('conf:a', 'y')}`).response,
      ).toBe('520');
      small.close();
    });

    it('executes in order, stops at the first error and does not roll back', async () => {
      await server.connect('a');
      const result = server.request(
        '<createconference name="c" mark="1"/><join id1="conn:a" id2="conf:c" mark="2"/><join id1="conn:gone" id2="conf:c" mark="3"/><createconference name="d" mark="4"/>',
      );
      expect(result).toMatchObject({ response: '430', mark: '2' });
      expect(result.description).toContain('conn:gone');
      expect([...server.media.conferences]).toEqual(['conf:c']);
      expect(server.media.streams.size).toBe(2);
    });
  });

  describe('point 4: the mark is that of the last element that was executed and had one (§5, §7.3)', () => {
    it('is returned on success too', () => {
      expect(
        server.request('<createconference name="c" mark="m1"/><destroyconference id="conf:c"/>'),
      ).toMatchObject({
        response: '200',
        mark: 'm1',
      });
    });

    it('is not that of the element that failed', () => {
      expect(server.request('<destroyconference id="conf:none" mark="m1"/>').mark).toBeUndefined();
    });
  });

  it('point 6: a dialog forks: what fails later is an event, never in the result (§5, §9.6.1)', async () => {
    await server.connect('a');
    expect(server.request(start('conn:a', 'd')).response).toBe('200');
    await server.media.playbacks[0]?.end('failed', 'no such file');
    expect(server.control.lines).toEqual([
      'msml.dialog.exit conn:a/dialog:d dialog.exit.status=423 dialog.exit.description=External document fetch error: no such file',
    ]);
  });

  describe('identifiers', () => {
    it('point 7: compares connection ids case and all (§6.2)', async () => {
      await server.connect('AbC');
      await server.connect('x');
      expect(server.request('<join id1="conn:abc" id2="conn:x"/>').response).toBe('430');
      expect(server.request('<join id1="conn:AbC" id2="conn:x"/>').response).toBe('200');
    });

    it('returns those of objects that it named, and of no others (§7.3)', async () => {
      await server.connect('a');
      const result = server.request(
        `<createconference/><createconference name="mine"/>${start('conn:a', 'mine')}${start('conn:a', 'x').replace('name="x"', '')}`,
      );
      expect(result.response).toBe('200');
      expect(result.confIds).toEqual(['conf:id1']);
      expect(result.dialogIds).toEqual(['conn:a/dialog:id2']);
    });

    it.each([
      ['dialogend', '<dialogend id="conn:a/dialog:*"/>', '410'],
      ['a join', '<join id1="conn:*" id2="conf:c"/>', '440'],
      ['a dialog in a wildcard root', '<dialogend id="conf:*/dialog:x"/>', '410'],
      ['a new conference', '<createconference name="a*"/>', '410'],
      ['both ends of an unjoin', '<unjoin id1="conn:*" id2="conf:*"/>', '410'],
    ])('point 18: refuses a wildcard in %s (§6.2)', async (_where, operation, response) => {
      await server.connect('a');
      expect(server.request(operation).response).toBe(response);
    });

    it('refuses names that are in use: 431 for dialogs of one target, 432 for conferences', async () => {
      await server.connect('a');
      await server.connect('b');
      expect(server.request(`${start('conn:a', 'd')}${start('conn:b', 'd')}`).response).toBe('200');
      expect(server.request(start('conn:a', 'd')).response).toBe('431');
      expect(server.request('<createconference name="c"/><createconference name="c"/>').response).toBe('432');
    });

    it('frees a name with its object', async () => {
      await server.connect('a');
      server.request(start('conn:a', 'd'));
      await server.media.playbacks[0]?.end();
      expect(server.request(start('conn:a', 'd')).response).toBe('200');
    });
  });

  it('answers 500 when the engine throws, and lives on', async () => {
    await server.connect('a');
    server.media.createConference = () => {
      throw new Error('broken');
    };
    expect(server.request('<createconference name="c"/>').response).toBe('500');
    expect(server.request('<join id1="conn:a" id2="conn:a"/>').response).toBe('410');
  });

  it('refuses new conferences with 510 while it drains', () => {
    server.context.draining = true;
    expect(server.request('<createconference name="c"/>').response).toBe('510');
  });

  describe('send (§7.2)', () => {
    it('reaches a primitive inside of a dialog', async () => {
      await server.connect('a');
      server.request(start('conn:a', 'd'));
      expect(server.request('<send event="pause" target="conn:a/dialog:d/play"/>').response).toBe('200');
      expect(server.media.playbacks[0]?.log).toEqual(['pause']);
    });

    it('ends a dialog by terminate', async () => {
      await server.connect('a');
      server.request(start('conn:a', 'd'));
      server.request('<send event="terminate" target="conn:a/dialog:d"/>');
      await settled();
      expect(server.control.lines).toEqual(['msml.dialog.exit conn:a/dialog:d']);
    });

    it('refuses what is not there with 430', () => {
      expect(server.request('<send event="x" target="conn:a/dialog:d"/>').response).toBe('430');
      expect(server.request('<send event="x" target="conf:c"/>').response).toBe('430');
    });
  });
});
