import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { ControlHarness } from '../../../spec/control-harness';

describe('group (§9.8)', () => {
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

  const PLAY = '<play><audio uri="file://welcome.wav"/></play>';
  const RECORD = '<record dest="file://r.wav" format="audio/wav" maxtime="60s"/>';
  const events = () => server.control.lines.map((line) => line.replace(' conn:a/dialog:d', ''));
  const start = (content: string) => server.dialog('conn:a', content);
  const responseTo = (content: string) =>
    server.request(`<dialogstart target="conn:a" type="application/moml+xml">${content}</dialogstart>`)
      .response;

  it('begins its children together', () => {
    start(`<group topology="parallel">${PLAY}${RECORD}<collect/></group>`);
    expect(media.playbacks).toHaveLength(1);
    expect(media.recordings).toHaveLength(1);
  });

  it('point 22: a child that ends stops no other; the group ends with the last of them', async () => {
    start(
      `<group topology="parallel">${PLAY}${RECORD}<groupexit><send target="source" event="done"/></groupexit></group>`,
    );
    await media.playbacks[0]?.end();
    expect(media.recordings[0]?.log).toEqual([]);
    expect(events()).toEqual([]);
    await media.recordings[0]?.end('maxlength');
    expect(events()).toEqual(['done', 'msml.dialog.exit']);
  });

  it('point 22: terminate reaches every child, and groupexit comes after their handlers', async () => {
    start(
      `<group topology="parallel"><play><audio uri="file://welcome.wav"/><playexit><send target="source" event="play.over"/></playexit></play><record dest="file://r.wav" format="audio/wav" maxtime="60s"><recordexit><send target="source" event="record.over"/></recordexit></record><collect><pattern digits="#"><send target="group" event="terminate"/></pattern></collect><groupexit><send target="source" event="group.over" namelist="play.end record.end dtmf.end"/></groupexit></group>`,
    );
    media.connections.get('conn:a')?.press('#');
    await settled();
    expect(events()).toEqual([
      'play.over',
      'record.over',
      'group.over play.end=terminate record.end=terminate dtmf.end=dtmf.match',
      'msml.dialog.exit',
    ]);
  });

  it('runs the voice mail retrieval of §13.3: digits steer the prompt', async () => {
    start(
      `<group topology="parallel"><play><audio uri="file://welcome.wav"/><playexit><send target="group" event="terminate"/></playexit></play><dtmf iterate="forever"><pattern digits="5"><send target="play" event="toggle-state"/></pattern><pattern digits="8"><send target="play" event="restart"/></pattern><pattern digits="#"><send target="play" event="terminate"/></pattern></dtmf></group>`,
    );
    const connection = media.connections.get('conn:a');
    connection?.press('55');
    expect(media.playbacks[0]?.log).toEqual(['pause', 'resume']);
    connection?.press('18');
    await settled();
    expect(media.playbacks[0]?.log).toEqual(['pause', 'resume', 'seek 0']);
    connection?.press('#');
    await settled();
    expect(events()).toEqual(['msml.dialog.exit']);
    expect(clock.armed).toBe(0);
  });

  it('runs the play and collect of §13.5: the first digit ends the prompt, the pattern the group', async () => {
    start(
      `<group topology="parallel"><play><audio uri="file://welcome.wav"/><playexit><send target="dtmf" event="starttimer"/></playexit></play><dtmf fdt="10s" idt="16s"><pattern digits="xxxx#"><send target="group" event="terminate"/></pattern><detect><send target="play" event="terminate"/></detect><noinput><send target="group" event="terminate"/></noinput><nomatch><send target="group" event="terminate"/></nomatch></dtmf><groupexit><send target="source" event="done" namelist="dtmf.digits dtmf.end"/></groupexit></group>`,
    );
    const connection = media.connections.get('conn:a');
    connection?.press('1');
    await settled();
    expect(media.playbacks[0]?.log).toEqual(['stop']);
    connection?.press('234#');
    await settled();
    expect(events()).toEqual(['done dtmf.digits=1234# dtmf.end=dtmf.match', 'msml.dialog.exit']);
  });

  it('nests: the inner group is a child like any other', async () => {
    start(
      `<group topology="parallel"><group topology="parallel" id="inner">${PLAY}<groupexit><send target="source" event="inner.over"/></groupexit></group>${RECORD}<groupexit><send target="source" event="outer.over"/></groupexit></group>`,
    );
    await media.playbacks[0]?.end();
    expect(events()).toEqual(['inner.over']);
    await media.recordings[0]?.end('maxlength');
    expect(events()).toEqual(['inner.over', 'outer.over', 'msml.dialog.exit']);
  });

  it('ends at once without children', () => {
    start('<group topology="parallel"><groupexit><send target="source" event="done"/></groupexit></group>');
    expect(events()).toEqual(['done', 'msml.dialog.exit']);
  });

  it('takes the other topologies for children that hand no media on', () => {
    start(`<group topology="fullduplex">${PLAY}<group topology="serial" id="g">${RECORD}</group></group>`);
    expect(media.playbacks).toHaveLength(1);
    expect(media.recordings).toHaveLength(1);
  });

  it.each([
    [
      'a full-duplex group within another',
      `<group topology="parallel"><group topology="fullduplex" id="x">${PLAY}${PLAY}</group></group>`,
      '404',
    ],
    ['a full-duplex group of one child', `<group topology="fullduplex">${PLAY}</group>`, '404'],
    ['video', '<group topology="parallel"><play><video uri="file://a.avi"/></play></group>', '402'],
    ['fax detection', '<group topology="parallel"><faxdetect/></group>', '402'],
  ])('refuses %s', (_what, content, response) => {
    expect(responseTo(content)).toBe(response);
  });
});
