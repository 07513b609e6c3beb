import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { ControlHarness } from '../../../spec/control-harness';

describe('collect (§9.7.5)', () => {
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

  const REPORT = '<exit namelist="dtmf.digits dtmf.len dtmf.last dtmf.end"/>';
  const press = (digits: string, ms?: number) => media.connections.get('conn:a')?.press(digits, ms);
  const events = () => server.control.lines.map((line) => line.replace(' conn:a/dialog:d', ''));
  const start = (content: string) => server.dialog('conn:a', content);
  const toCollect = (event: string) =>
    server.request(`<send event="${event}" target="conn:a/dialog:d/collect"/>`);
  const PROMPT = '<play barge="true" cleardb="true"><audio uri="file://welcome.wav"/></play>';

  it('matches a pattern and reports the digits, how many, the last one and why it ended', async () => {
    start(`<collect><pattern digits="xx#"/><dtmfexit>${REPORT}</dtmfexit></collect>`);
    press('12#');
    await settled();
    expect(events()).toEqual(['msml.dialog.exit dtmf.digits=12# dtmf.len=3 dtmf.last=# dtmf.end=dtmf.match']);
  });

  it('compares with digit maps of MGCP and MEGACO', async () => {
    const sent = (event: string) => `<send target="source" event="${event}"/>`;
    start(
      `<collect iterate="2"><pattern digits="(0T|9[1-3]xx)" format="mgcp">${sent('mgcp')}</pattern><pattern digits="Z5x.E" format="megaco">${sent('megaco')}</pattern></collect>`,
    );
    press('9234');
    press('5', 2000);
    press('17*');
    await settled();
    expect(events()).toEqual(['mgcp']);
    server.request('<dialogend id="conn:a/dialog:d"/>');
    start(
      `<collect ldd="1s" idt="3s"><pattern digits="(0T|9[1-3]xx)" format="mgcp">${sent('mgcp')}</pattern><pattern digits="Z5x.E" format="megaco">${sent('megaco')}</pattern></collect>`,
    );
    press('5', 2000);
    press('17*');
    await settled();
    expect(events().at(-2)).toBe('megaco');
  });

  it('a map that ends with T matches when no more is keyed in time', async () => {
    start(
      `<collect idt="3s"><pattern digits="(0T|00T|011x.T)" format="mgcp"/><dtmfexit>${REPORT}</dtmfexit></collect>`,
    );
    press('00');
    clock.advance(2999);
    await settled();
    expect(events()).toEqual([]);
    clock.advance(1);
    await settled();
    expect(events()).toEqual(['msml.dialog.exit dtmf.digits=00 dtmf.len=2 dtmf.last=0 dtmf.end=dtmf.match']);
  });

  it('executes the pattern that matches, the first of several', async () => {
    start(
      '<collect><pattern digits="1"><send target="source" event="one"/></pattern><pattern digits="x"><send target="source" event="any"/></pattern></collect>',
    );
    press('1');
    await settled();
    expect(events()).toEqual(['one', 'msml.dialog.exit']);
  });

  it.each([
    ['12#', 'dtmf.match', '12#'],
    ['12345#', 'dtmf.match', '12345#'],
    ['123456', 'dtmf.nomatch', '123456'],
    ['#', 'dtmf.nomatch', '#'],
  ])('min=1;max=5;rtk=# takes %s as %s', async (keys, dtmfEnd, digits) => {
    start(
      `<collect><pattern digits="min=1;max=5;rtk=#"/><nomatch/><dtmfexit><exit namelist="dtmf.end dtmf.digits"/></dtmfexit></collect>`,
    );
    press(keys);
    await settled();
    expect(events()).toEqual([`msml.dialog.exit dtmf.end=${dtmfEnd} dtmf.digits=${digits}`]);
  });

  describe('point 23: the first-digit timer', () => {
    const COLLECT = `<collect fdt="5s" STARTTIMER><pattern digits="x"/><noinput>${REPORT}</noinput></collect>`;
    const NO_INPUT =
      'msml.dialog.exit dtmf.digits=undefined dtmf.len=undefined dtmf.last=undefined dtmf.end=undefined';

    it('does not run by itself', () => {
      start(COLLECT.replace('STARTTIMER', ''));
      clock.advance(60_000);
      expect(events()).toEqual([]);
    });

    it('runs with starttimer="true"', () => {
      start(COLLECT.replace('STARTTIMER', 'starttimer="true"'));
      clock.advance(4999);
      expect(events()).toEqual([]);
      clock.advance(1);
      expect(events()).toEqual([NO_INPUT]);
    });

    it('runs from the event starttimer on, which the end of a prompt sends in a group', async () => {
      start(
        `<group topology="parallel"><play><audio uri="file://welcome.wav"/><playexit><send target="dtmf" event="starttimer"/></playexit></play>${COLLECT.replace('STARTTIMER', '')}</group>`,
      );
      clock.advance(60_000);
      await media.playbacks[0]?.end();
      clock.advance(5000);
      expect(events()).toEqual([NO_INPUT]);
    });

    it('runs from the end of the prompt in the composite form', async () => {
      start(COLLECT.replace('STARTTIMER', '').replace('<pattern', `${PROMPT}<pattern`));
      clock.advance(60_000);
      await media.playbacks[0]?.end();
      clock.advance(5000);
      expect(events()).toEqual([NO_INPUT]);
    });

    it('waits for ever with fdt="0s"', () => {
      start('<collect fdt="0s" starttimer="true"><pattern digits="x"/><noinput/></collect>');
      clock.advance(86_400_000);
      expect(events()).toEqual([]);
    });

    it('is over with the first digit', () => {
      start(
        `<collect fdt="5s" idt="60s" starttimer="true"><pattern digits="xx"/><noinput>${REPORT}</noinput></collect>`,
      );
      press('1');
      clock.advance(30_000);
      expect(events()).toEqual([]);
    });

    it('reports dtmf.noinput when that reached its maximum', () => {
      start(
        '<collect fdt="5s" starttimer="true" iterate="2"><pattern digits="x"/><noinput><send target="source" event="again"/></noinput><dtmfexit><exit namelist="dtmf.end"/></dtmfexit></collect>',
      );
      clock.advance(5000);
      expect(events()).toEqual(['again']);
      clock.advance(5000);
      expect(events()).toEqual(['again', 'again', 'msml.dialog.exit dtmf.end=dtmf.noinput']);
    });
  });

  describe('point 24: the timers between and after digits', () => {
    it('idt ends what no pattern completes as nomatch', () => {
      start(
        '<collect idt="2s"><pattern digits="xxxx"/><nomatch><exit namelist="dtmf.digits"/></nomatch></collect>',
      );
      press('12');
      clock.advance(1999);
      expect(events()).toEqual([]);
      clock.advance(1);
      expect(events()).toEqual(['msml.dialog.exit dtmf.digits=12']);
    });

    it('idt begins anew with each digit', () => {
      start('<collect idt="2s"><pattern digits="xxxx"/><nomatch/></collect>');
      for (const digit of '123') {
        press(digit);
        clock.advance(1500);
      }
      expect(events()).toEqual([]);
    });

    it('idt completes a pattern whose length may vary', () => {
      start(
        '<collect idt="2s"><pattern digits="min=2;max=5"><exit namelist="dtmf.digits"/></pattern><nomatch/></collect>',
      );
      press('123');
      clock.advance(2000);
      expect(events()).toEqual(['msml.dialog.exit dtmf.digits=123']);
    });

    it('idt is 4 s when nothing else is said', () => {
      start('<collect><pattern digits="xx"/><nomatch/></collect>');
      press('1');
      clock.advance(3999);
      expect(events()).toEqual([]);
      clock.advance(1);
      expect(events()).toEqual(['msml.dialog.exit']);
    });

    it('edt waits for the return key only, after as many digits as may be', () => {
      start(
        '<collect idt="1s" edt="3s"><pattern digits="min=1;max=2;rtk=#"><exit namelist="dtmf.digits"/></pattern></collect>',
      );
      press('12');
      clock.advance(2999);
      expect(events()).toEqual([]);
      clock.advance(1);
      expect(events()).toEqual(['msml.dialog.exit dtmf.digits=12']);
    });

    it('edt is over with the return key', async () => {
      start(
        '<collect edt="3s"><pattern digits="min=1;max=2;rtk=#"><exit namelist="dtmf.digits"/></pattern></collect>',
      );
      press('12#');
      await settled();
      expect(events()).toEqual(['msml.dialog.exit dtmf.digits=12#']);
      expect(clock.armed).toBe(0);
    });
  });

  describe('point 25: the digit buffer', () => {
    it('is matched at once with cleardb="false"', () => {
      press('12');
      start(
        '<collect cleardb="false"><pattern digits="12"><exit namelist="dtmf.digits"/></pattern></collect>',
      );
      expect(events()).toEqual(['msml.dialog.exit dtmf.digits=12']);
    });

    it('is forgotten otherwise', () => {
      press('12');
      start('<collect><pattern digits="12"><exit/></pattern></collect>');
      expect(events()).toEqual([]);
    });

    it('keeps what comes after the match for the next collection', () => {
      press('1234');
      start(
        '<collect cleardb="false"><pattern digits="12"/></collect><collect cleardb="false"><pattern digits="34"><exit namelist="dtmf.digits"/></pattern></collect>',
      );
      expect(events()).toEqual(['msml.dialog.exit dtmf.digits=34']);
    });

    it('does not get the digits that a collection takes', async () => {
      start(
        '<collect><pattern digits="1"/></collect><collect cleardb="false"><pattern digits="1"><exit/></pattern></collect>',
      );
      press('1');
      await settled();
      expect(events()).toEqual([]);
    });
  });

  describe('point 27: how often', () => {
    it('detect happens once, with the first digit, before any pattern is complete (§9.7.5.3)', () => {
      start(
        '<collect idt="0s"><pattern digits="xxx"/><detect><send target="source" event="barged"/></detect></collect>',
      );
      press('1');
      expect(events()).toEqual(['barged']);
      press('2');
      expect(events()).toEqual(['barged']);
    });

    it('a pattern may match as often as its own iterate says, whatever that of the collection is', () => {
      start(
        '<collect iterate="5"><pattern digits="1" iterate="2"><send target="source" event="one"/></pattern><pattern digits="2" iterate="forever"><send target="source" event="two"/></pattern></collect>',
      );
      for (const digit of '2221') press(digit);
      expect(events()).toEqual(['two', 'two', 'two', 'one']);
      press('1');
      expect(events()).toEqual(['two', 'two', 'two', 'one', 'one', 'msml.dialog.exit']);
    });

    it('without nomatch, what matches nothing is forgotten and the collection goes on', () => {
      start(
        '<collect iterate="forever"><pattern digits="5"><send target="source" event="five"/></pattern></collect>',
      );
      press('95');
      expect(events()).toEqual(['five']);
    });
  });

  it('point 28: reports a key that is held as one long digit, and counts it as one (§9.7.5)', async () => {
    start(
      '<collect ldd="1s"><pattern digits="length=2"><exit namelist="dtmf.digits dtmf.len dtmf.last"/></pattern></collect>',
    );
    press('4', 200);
    press('5', 1000);
    await settled();
    expect(events()).toEqual(['msml.dialog.exit dtmf.digits=45L dtmf.len=2 dtmf.last=5L']);
  });

  describe('terminate', () => {
    it('ends it with the name of the event, without its exit handler', () => {
      start(
        `<collect><pattern digits="xxx"/><dtmfexit><send target="source" event="never"/></dtmfexit></collect>${REPORT}`,
      );
      press('1');
      toCollect('terminate.impatient');
      expect(events()).toEqual([
        'msml.dialog.exit dtmf.digits=1 dtmf.len=1 dtmf.last=1 dtmf.end=terminate.impatient',
      ]);
      expect(clock.armed).toBe(0);
    });

    it('ends it with its prompt', async () => {
      start(`<collect>${PROMPT}<pattern digits="x"/></collect><exit namelist="play.end dtmf.end"/>`);
      toCollect('terminate');
      await settled();
      expect(events()).toEqual(['msml.dialog.exit play.end=terminate dtmf.end=terminate']);
    });
  });

  it('is called dtmf as well, as an element and as the target of a send (§9.7.5)', () => {
    start('<dtmf><pattern digits="1"><exit namelist="dtmf.end dtmf.digits"/></pattern></dtmf>');
    expect(server.request('<send event="terminate" target="conn:a/dialog:d/dtmf"/>').response).toBe('200');
    expect(events()).toEqual(['msml.dialog.exit']);
  });

  it.each([
    ['a digit map that is none', '<pattern digits="(1|" format="mgcp"/>', '410'],
    ['a format that is none', '<pattern digits="1" format="regex"/>', '410'],
    ['digits that are none', '<pattern digits="1;2"/>', '410'],
  ])('refuses %s', (_what, pattern, response) => {
    const result = server.request(
      `<dialogstart target="conn:a" type="application/moml+xml"><collect>${pattern}</collect></dialogstart>`,
    );
    expect(result.response).toBe(response);
  });
});
