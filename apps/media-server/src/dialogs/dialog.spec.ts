import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine, settled } from '@legato/testing';
import { ControlHarness, RecordedController } from '../../spec/control-harness';
import { PATIENCE_MS } from './dialog';

const play = (inner = '', attributes = '') =>
  `<play barge="false" cleardb="false" ${attributes}><audio uri="file://welcome.wav"/>${inner}</play>`;
const record = (inner = '', attributes = '') =>
  `<record dest="file://r.wav" format="audio/wav" maxtime="60s" ${attributes}>${inner}</record>`;

describe('a dialog', () => {
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

  const events = () => server.control.lines;
  const end = async () => {
    server.request('<dialogend id="conn:a/dialog:d"/>');
    await settled();
  };

  it('runs its primitives one after the other (§9.1)', async () => {
    server.dialog('conn:a', play() + play());
    expect(media.playbacks).toHaveLength(1);
    await media.playbacks[0]?.end();
    expect(media.playbacks).toHaveLength(2);
    await media.playbacks[1]?.end();
    expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d']);
    expect(server.context.dialogs.size).toBe(0);
  });

  it('sends events between its primitives, under names of the application (§9.6.3)', async () => {
    server.dialog('conn:a', `${play()}<send target="source" event="app.startingRecord"/>${record()}`);
    expect(events()).toEqual([]);
    await media.playbacks[0]?.end();
    expect(events()).toEqual(['app.startingRecord conn:a/dialog:d']);
    expect(media.recordings).toHaveLength(1);
  });

  it('point 19: reports nothing that was not asked for: a dialog without send and exit only exits (§9.1)', async () => {
    server.dialog('conn:a', play());
    await media.playbacks[0]?.end();
    expect(server.control.events).toEqual([{ name: 'msml.dialog.exit', id: 'conn:a/dialog:d', values: [] }]);
  });

  it('takes a moml around its content for nothing (§9.7.6)', () => {
    server.dialog('conn:a', `<moml version="1.0" id="x">${play()}</moml>`);
    expect(media.playbacks).toHaveLength(1);
  });

  describe('exit', () => {
    it('brings its results with msml.dialog.exit, in the order of the namelist (§9.6.1)', async () => {
      server.dialog('conn:a', play('<playexit><exit namelist="play.end play.amt record.len"/></playexit>'));
      await media.playbacks[0]?.end();
      expect(events()).toEqual([
        'msml.dialog.exit conn:a/dialog:d play.end=play.complete play.amt=1000 record.len=undefined',
      ]);
    });

    it('brings them in moml.exit, and msml.dialog.exit after it, to clients that want that (§7.4)', async () => {
      const xms = new RecordedController('conn:xms', 'moml.exit');
      server.dialog('conn:a', `${play()}<exit namelist="play.end"/>`, xms);
      await media.playbacks[0]?.end();
      expect(xms.lines).toEqual([
        'moml.exit conn:a/dialog:d play.end=play.complete',
        'msml.dialog.exit conn:a/dialog:d',
      ]);
    });

    it('point 22: anywhere ends the whole dialog, what runs beside it too (§9.8)', async () => {
      server.dialog(
        'conn:a',
        `<group topology="parallel">${play('<playexit><exit/></playexit>')}<collect fdt="0s"/>${record('<recordexit><send target="source" event="never"/></recordexit>')}</group>${play()}`,
      );
      await media.playbacks[0]?.end();
      expect(media.recordings[0]?.log).toEqual(['stop']);
      expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d']);
      expect(media.playbacks).toHaveLength(1);
    });

    it('waits until files are safe', async () => {
      server.dialog(
        'conn:a',
        `<group topology="parallel">${play('<playexit><exit/></playexit>')}${record()}</group>`,
      );
      const recording = media.recordings[0];
      if (recording) recording.stopsAtOnce = false;
      await media.playbacks[0]?.end();
      expect(events()).toEqual([]);
      await recording?.end('stopped');
      expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d']);
    });

    it('does not wait for ever', async () => {
      server.dialog(
        'conn:a',
        `<group topology="parallel">${play('<playexit><exit/></playexit>')}${record()}</group>`,
      );
      const recording = media.recordings[0];
      if (recording) recording.stopsAtOnce = false;
      await media.playbacks[0]?.end();
      clock.advance(PATIENCE_MS);
      expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d']);
      expect(clock.armed).toBe(0);
    });
  });

  describe('point 32: dialogend (§9.6.2)', () => {
    it('is graceful: handlers run, results follow, and the dialog lives until then', async () => {
      server.dialog('conn:a', record('<recordexit><exit namelist="record.len record.end"/></recordexit>'));
      const recording = media.recordings[0];
      if (recording) recording.stopsAtOnce = false;
      await end();
      expect(recording?.log).toEqual(['stop']);
      expect(events()).toEqual([]);
      expect(server.context.dialogs.find('conn:a/dialog:d')).toBeDefined();
      await recording?.end('stopped');
      expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d record.len=2000 record.end=terminate']);
      expect(server.context.dialogs.size).toBe(0);
    });

    it('executes the sends that report what was ended, and starts nothing new', async () => {
      server.dialog('conn:a', `${play()}<send target="source" event="done" namelist="play.end"/>`);
      await end();
      expect(events()).toEqual([
        'done conn:a/dialog:d play.end=terminate',
        'msml.dialog.exit conn:a/dialog:d',
      ]);
    });

    it('does not announce what will not happen', async () => {
      server.dialog('conn:a', `${play()}<send target="source" event="app.startingRecord"/>${record()}`);
      await end();
      expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d']);
      expect(media.recordings).toHaveLength(0);
    });

    it('answers 430 for a dialog that is not there', () => {
      expect(server.request('<dialogend id="conn:a/dialog:none"/>').response).toBe('430');
    });
  });

  describe('disconnect (§9.6.5)', () => {
    it('point 33: reports, then hangs up the connection it runs on', async () => {
      server.dialog('conn:a', `${play()}<disconnect namelist="play.end"/>`);
      await media.playbacks[0]?.end();
      expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d play.end=play.complete']);
      expect(server.hungUp).toEqual(['conn:a']);
    });

    it('is moml.disconnect to clients that want the events apart (§7.4)', async () => {
      const xms = new RecordedController('conn:xms', 'moml.exit');
      server.dialog('conn:a', `${play()}<disconnect/>`, xms);
      await media.playbacks[0]?.end();
      expect(xms.lines).toEqual(['moml.disconnect conn:a/dialog:d', 'msml.dialog.exit conn:a/dialog:d']);
    });
  });

  describe('events inside (§9.3, §9.6.3)', () => {
    it('point 20: act by their longest prefix that the primitive knows', async () => {
      server.dialog(
        'conn:a',
        `<group topology="parallel">${play('<playexit><send target="record" event="terminate.frowning"/></playexit>')}${record('<recordexit><send target="source" event="done" namelist="record.end"/></recordexit>')}</group>`,
      );
      await media.playbacks[0]?.end();
      expect(media.recordings[0]?.log).toEqual(['stop']);
      expect(events()[0]).toBe('done conn:a/dialog:d record.end=terminate.frowning');
    });

    it('go to the one primitive whose id is named', () => {
      server.dialog(
        'conn:a',
        `<group topology="parallel">${play('', 'id="one"')}${play('', 'id="two"')}</group>`,
      );
      server.request('<send event="pause" target="conn:a/dialog:d/play.two"/>');
      expect(media.playbacks.map(({ log }) => log)).toEqual([[], ['pause']]);
    });

    it('have no effect on what does not run', () => {
      server.dialog('conn:a', `<send target="record" event="terminate"/>${play()}`);
      expect(media.playbacks[0]?.log).toEqual([]);
      expect(events()).toEqual([]);
    });

    it('to names that are no primitives are for the world outside', () => {
      server.dialog(
        'conn:a',
        `<send target="source.billing" event="one"/><send target="application" event="two"/>`,
      );
      expect(events()).toEqual([
        'one conn:a/dialog:d',
        'two conn:a/dialog:d',
        'msml.dialog.exit conn:a/dialog:d',
      ]);
    });
  });

  describe('point 21: shadow variables (§9.2)', () => {
    it('are "undefined" before their primitive was used', () => {
      server.dialog('conn:a', `<exit namelist="play.amt record.recordid dtmf.digits nonsense"/>`);
      expect(events()).toEqual([
        'msml.dialog.exit conn:a/dialog:d play.amt=undefined record.recordid=undefined dtmf.digits=undefined nonsense=undefined',
      ]);
    });

    it('outlive the primitive; a second one without name writes over the first', async () => {
      server.dialog('conn:a', `${play('', 'id="intro"')}${play()}<exit namelist="play.intro.amt play.amt"/>`);
      if (media.playbacks[0]) media.playbacks[0].amountMs = 700;
      await media.playbacks[0]?.end();
      await media.playbacks[1]?.end();
      expect(events()).toEqual(['msml.dialog.exit conn:a/dialog:d play.intro.amt=700 play.amt=1000']);
    });

    it('of a collect are those of dtmf, by either name', async () => {
      const connection = media.connections.get('conn:a');
      server.dialog(
        'conn:a',
        '<collect><pattern digits="5"/></collect><exit namelist="collect.digits dtmf.digits dtmf.end"/>',
      );
      connection?.press('5');
      await settled();
      expect(events()).toEqual([
        'msml.dialog.exit conn:a/dialog:d collect.digits=5 dtmf.digits=5 dtmf.end=dtmf.match',
      ]);
    });
  });

  it('fails by itself when something in it breaks', async () => {
    media.play = () => {
      throw new Error('broken');
    };
    server.dialog('conn:a', `<group topology="parallel">${play()}${record()}</group>`);
    await settled();
    expect(events()).toEqual([
      'msml.dialog.exit conn:a/dialog:d dialog.exit.status=500 dialog.exit.description=Internal media server error: play',
    ]);
    expect(server.context.dialogs.size).toBe(0);
  });

  it('ends with its target; its name is free at once, and its results still come', async () => {
    const b = await server.connect('b');
    server.dialog('conn:b', record('<recordexit><exit namelist="record.end"/></recordexit>'));
    const recording = media.recordings[0];
    if (recording) recording.stopsAtOnce = false;
    await server.hangUp(b);
    expect(server.context.dialogs.find('conn:b/dialog:d')).toBeUndefined();
    expect(server.context.dialogs.size).toBe(1);
    await recording?.end('stopped');
    expect(events()).toEqual(['msml.dialog.exit conn:b/dialog:d record.end=terminate']);
    expect(server.context.dialogs.size).toBe(0);
  });
});
