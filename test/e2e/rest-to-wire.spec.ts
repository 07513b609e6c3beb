import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave } from '@legato/media';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { Phone } from './support/phone';
import { Rest } from './support/rest';
import { WirePage } from './support/wire-page';

const PAGE = join(__dirname, '../../docs/rest-to-wire.md');
const ABOUT = [
  '# From REST to the wire',
  '',
  'What becomes of three commands: each as it is sent over REST, then what passes between the control plane, the reference media server',
  'and a phone. Ids and random values have names here, `…` stands for times and measures, and XML is indented. Left out are session',
  'descriptions, Content-Length, provisional answers, repetitions, OPTIONS and audits.',
  '',
  'Made by `test/e2e/rest-to-wire.spec.ts` from the SIP trace of a real run (`LEGATO_SIP_TRACE`), which fails when a run differs from',
  'this page; `LEGATO_WRITE_FLOWS=1 npx jest --selectProjects e2e --testPathPatterns rest-to-wire` writes it anew. Whole calls are',
  'in [flows](flows/README.md), the words in [concepts](concepts.md).',
];

interface Resource {
  id: string;
  state: string;
}

describe('docs/rest-to-wire.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-wire-'));
  const recordings = join(folder, 'recordings');
  const trace = join(folder, 'trace.pcap');
  let media: MediaServer;
  let control: ControlPlane;
  let phone: Phone;
  let rest: Rest;
  let page: WirePage;

  beforeAll(async () => {
    mkdirSync(recordings);
    media = await startMediaServer({ LEGATO_MS_RECORDINGS_DIR: recordings });
    control = await startControlPlane({
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_SIP_TRACE: trace,
    });
    rest = new Rest(control.http);
    phone = await Phone.open(control.sipPort, sineWave(440, 1000));
    const cast = [
      { name: 'Legato', port: control.sipPort },
      { name: 'media server', port: media.sipPort },
      { name: 'phone', port: phone.sip.port },
    ];
    page = new WirePage(cast, {
      [control.sip]: '127.0.0.1:5060',
      [media.sip]: '127.0.0.1:5080',
      [phone.uri.slice(phone.uri.indexOf('@') + 1)]: '127.0.0.1:6000',
      [recordings]: '/recordings',
    });
    await eventually('a media server is there', async () => (await fetch(`${control.http}/readyz`)).ok);
  }, 60_000);

  afterAll(async () => {
    await phone?.close();
    await control?.child.stop();
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** Sends a command and shows it. */
  async function post(path: string, body?: object): Promise<Resource> {
    const answer = await rest.post<Resource>(path, body);
    page.rest('POST', path, body, answer.status, answer.body);
    return answer.body;
  }

  /** Shows what passed the wire, once these are in the trace. */
  async function showWire(...wanted: readonly string[]): Promise<void> {
    await eventually(`${wanted.join()} in the trace`, () => page.wire(readFileSync(trace), wanted));
  }

  async function call(): Promise<Resource> {
    const made = await post('/v1/calls', {
      from: 'sip:bank@example.com',
      to: [phone.uri],
      mode: 'anchored',
    });
    await rest.until(`/v1/calls/${made.id}`, ['in_progress']);
    return made;
  }

  it('shows a call that is recorded, digits that are asked for, and a conference that is joined', async () => {
    page.say(...ABOUT);
    page.say('## A call is made and recorded');
    const { id } = await call();
    await showWire(`ACK ${phone.uri}`, 'ACK sip:msml@');
    const recording = await post(`/v1/calls/${id}/recordings`, { channels: 'mono' });
    await rest.until(`/v1/recordings/${recording.id}`, ['recording']);
    await showWire('<record ');
    await post(`/v1/recordings/${recording.id}/stop`);
    await rest.until(`/v1/recordings/${recording.id}`, ['completed']);
    await showWire('<dialogend', 'msml.dialog.exit');

    page.say('## Digits are asked for');
    const collect = await post(`/v1/calls/${id}/collects`, { max: 4, term: '#' });
    await rest.until(`/v1/calls/${id}/collects/${collect.id}`, ['collecting']);
    await showWire('<collect');
    await phone.press('42#');
    await rest.until(`/v1/calls/${id}/collects/${collect.id}`, ['matched']);
    await showWire('msml.dialog.exit');

    page.say('## The call joins a conference');
    const conference = await post('/v1/conferences', { name: 'standup', speaker_interval_ms: 0 });
    const participant = await post(`/v1/conferences/${conference.id}/participants`, { call_id: id });
    await rest.until(`/v1/conferences/${conference.id}/participants/${participant.id}`, ['connected']);
    await showWire('<join');
    page.check(PAGE);
  }, 60_000);
});
