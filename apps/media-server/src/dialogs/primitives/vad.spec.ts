import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine } from '@legato/testing';
import { ControlHarness } from '../../../spec/control-harness';

describe('vad (§9.9.1)', () => {
  let media: FakeMediaEngine;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    media = new FakeMediaEngine();
    server = new ControlHarness({ media, clock: new FakeClock(), log: silentLog });
    await server.connect('a');
  });

  afterEach(() => server.close());

  const said = (event: string) => `<send target="source" event="${event}"/>`;
  const start = (content: string, attributes = 'starttimer="true"') =>
    server.dialog('conn:a', `<vad ${attributes}>${content}</vad>`);
  const hear = (voiced: boolean, ms: number) => media.voice('conn:a', voiced, ms);
  const names = () => server.control.events.map(({ name }) => name);

  it('detects voice that is there long enough, and ends', () => {
    start(`<voice len="100ms">${said('voice')}</voice>`);
    hear(true, 80);
    expect(names()).toEqual([]);
    hear(true, 20);
    expect(names()).toEqual(['voice', 'msml.dialog.exit']);
    expect(media.voiceListeners.size).toBe(0);
  });

  it('only the first of the initial conditions is the initial one', () => {
    start(`<voice len="40ms">${said('voice')}</voice><silence len="1s">${said('silence')}</silence>`);
    hear(false, 980);
    hear(true, 40);
    expect(names()).toEqual(['voice', 'msml.dialog.exit']);
  });

  it('does not time initial conditions before starttimer', () => {
    start(`<silence len="500ms">${said('nospeech')}</silence>`, '');
    hear(false, 3000);
    expect(names()).toEqual([]);
    server.request('<send event="starttimer" target="conn:a/dialog:d/vad"/>');
    hear(false, 480);
    expect(names()).toEqual([]);
    hear(false, 20);
    expect(names()).toEqual(['nospeech', 'msml.dialog.exit']);
  });

  it('detects a transition only after the other condition, whatever the timer', () => {
    start(`<tsilence len="200ms">${said('over')}</tsilence>`, '');
    hear(false, 1000);
    expect(names()).toEqual([]);
    hear(true, 100);
    hear(false, 200);
    expect(names()).toEqual(['over', 'msml.dialog.exit']);
  });

  it('a contrary stretch of up to sen does not begin the length anew', () => {
    start(`<tvoice len="300ms" sen="100ms">${said('talk')}</tvoice>`);
    hear(false, 200);
    hear(true, 200);
    hear(false, 100);
    hear(true, 100);
    expect(names()).toEqual(['talk', 'msml.dialog.exit']);
  });

  it('a longer one does', () => {
    start(`<tvoice len="300ms" sen="100ms">${said('talk')}</tvoice>`);
    hear(false, 200);
    hear(true, 200);
    hear(false, 120);
    hear(true, 280);
    expect(names()).toEqual([]);
    hear(true, 20);
    expect(names()).toContain('talk');
  });

  it('detects as often as iterate says, each time after a new transition', () => {
    start(`<tvoice len="40ms" iterate="2">${said('talk')}</tvoice>`);
    hear(false, 40);
    hear(true, 500);
    expect(names()).toEqual(['talk']);
    hear(false, 40);
    hear(true, 40);
    expect(names()).toEqual(['talk', 'talk', 'msml.dialog.exit']);
  });

  it('goes on for ever without conditions that are exhausted, and ends by terminate', () => {
    start(`<tvoice len="40ms" iterate="forever">${said('talk')}</tvoice>`);
    server.request('<dialogend id="conn:a/dialog:d"/>');
    expect(names()).toEqual(['msml.dialog.exit']);
    expect(media.voiceListeners.size).toBe(0);
  });
});
