import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerPort } from '@legato/testing';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { Shell } from './support/shell';
import { snippetsOf } from './support/tutorial';

const ROOT = join(__dirname, '../..');
const SECRET = `whsec_${Buffer.from('24 bytes are a secret...').toString('base64')}`;
const PIN = '8391';

/** The block of a language in a page, below a heading. */
function snippet(page: string, heading: string, language: string): string {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const found = snippetsOf(text.slice(text.indexOf(heading))).find((each) => each.language === language);
  if (!found) throw new Error(`no ${language} in ${page} below ${heading}`);
  return found.text;
}

const compiled = (code: string): string =>
  transpileModule(code, { compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 } })
    .outputText;

interface Logged {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Callers of numbers that lead to applications: those of docs/flows-ivr.md, as processes that know nothing else, and one that is not
 * there.
 */
describe('an application that decides everything', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  const shells: Shell[] = [];
  let media: MediaServer;
  let control: ControlPlane;
  let rest: Rest;

  beforeAll(async () => {
    const [inTypeScript, inPython, nobody] = [await workerPort(), await workerPort(), await workerPort()];
    const heading = '## An application that decides everything';
    const files = {
      'verify.mjs': compiled(snippet('events.md', '### Verification', 'ts')),
      'application.mjs': compiled(snippet('flows-ivr.md', heading, 'ts')),
      'verify.py': snippet('events.md', '### Verification', 'python'),
      'application.py': snippet('flows-ivr.md', heading, 'python'),
      'routes.json': JSON.stringify({
        routes: [
          { number: '1', webhook: `http://127.0.0.1:${inTypeScript}/calls?key=of-the-application` },
          { number: '2', webhook: `http://127.0.0.1:${inPython}/calls` },
          { number: '3', webhook: `http://127.0.0.1:${nobody}/`, fallback: { status: 486 } },
          { number: '4', webhook: `http://127.0.0.1:${nobody}/`, fallback: { flow: 'sorry' } },
          { number: '5', flow: 'nowhere' },
        ],
      }),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const applications = [
      { port: inTypeScript, shell: begin(`exec '${process.execPath}' application.mjs`, inTypeScript) },
      { port: inPython, shell: begin('exec python3 application.py', inPython) },
    ];
    media = await startMediaServer({ LEGATO_MS_PROMPTS_DIR: join(ROOT, 'apps/demo/prompts') });
    control = await startControlPlane({
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: join(folder, 'routes.json'),
      LEGATO_WEBHOOK_ALLOW: '127.0.0.1',
      LEGATO_FLOW_SECRET: SECRET,
    });
    rest = new Rest(control.http);
    const flow = {
      name: 'Sorry',
      start: 'a',
      steps: { a: { type: 'play', sources: [{ file: 'sorry.wav' }] } },
    };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${control.http}/v1/flows/sorry`, { method: 'PUT', headers, body: JSON.stringify(flow) });
    await rest.post('/v1/flows/sorry/activate');
    for (const { port, shell } of applications) {
      await eventually(
        'the application listens',
        () => fetch(`http://127.0.0.1:${port}/`).then(() => true),
        40_000,
      ).catch((error: unknown) => {
        throw new Error(`the application does not listen: ${shell.said}`, { cause: error });
      });
    }
  }, 120_000);

  afterAll(async () => {
    await Promise.all(shells.map((shell) => shell.stop()));
    await control?.child.stop();
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  function begin(script: string, port: number): Shell {
    const env = { PORT: String(port), LEGATO_FLOW_SECRET: SECRET };
    const shell = new Shell(folder, env, script);
    shells.push(shell);
    return shell;
  }

  /** A telephone that dials: the one of the demo. */
  async function dial(name: string, number: string): Promise<Shell> {
    const shell = new Shell(
      folder,
      {},
      `exec '${process.execPath}' '${ROOT}/dist/apps/demo/src/phone.js' ${name}`,
    );
    shells.push(shell);
    await shell.until('the phone is ready', (output) => output.includes(' is sip:'));
    shell.type(`dial sip:${number}@127.0.0.1:${control.sipPort}`);
    return shell;
  }

  async function logged(): Promise<Logged[]> {
    return (await rest.get<{ data: Logged[] }>('/v1/events?limit=1000')).data;
  }

  /** The events of the only call to a number, when it has ended. */
  const eventsOf = (number: string) =>
    eventually(
      `the call to ${number} has ended`,
      async () => {
        const all = await logged();
        const isTo = ({ type, data }: Logged) =>
          type === 'call.ended' && String(data['to']).startsWith(`sip:${number}@`);
        const subject = all.find(isTo)?.subject;
        return subject === undefined ? undefined : all.filter((event) => event.subject === subject);
      },
      40_000,
    );

  const steps = (events: readonly Logged[]) =>
    events
      .filter(({ type }) => type === 'flow.step')
      .map(({ data }) => `${String(data['step'])}: ${String(data['outcome'])}`);
  const ended = (events: readonly Logged[]) => events.find(({ type }) => type === 'call.ended')?.data;

  it.each([
    ['TypeScript', '1'],
    ['Python', '2'],
  ])(
    'in %s says what its callers hear, as the page shows it',
    async (_language, number) => {
      const phone = await dial('alice', number);
      await eventually('the PIN is asked for', async () => {
        const { data } = await rest.get<{ data: { id: string }[] }>('/v1/calls?state=in_progress');
        const [call] = data;
        if (!call) return false;
        const collects = await rest.get<{ data: { state: string }[] }>(`/v1/calls/${call.id}/collects`);
        return collects.data[0]?.state === 'collecting';
      });
      phone.type(`press ${PIN}`);
      const events = await eventsOf(number);
      expect(steps(events)).toEqual([
        'application: answered',
        'answered1: completed',
        'pin: matched',
        'application: answered',
        'answered1: completed',
        'answered2: completed',
      ]);
      expect(ended(events)).toMatchObject({ ended_reason: 'completed', target: { kind: 'application' } });
      expect(JSON.stringify(await logged())).not.toContain('of-the-application');
    },
    60_000,
  );

  it('refuses a caller before it is answered', async () => {
    await dial('nuisance', '1');
    const events = await eventually('both calls to 1 have ended', async () => {
      const all = await logged();
      const refused = all.find(({ data }) => data['ended_reason'] === 'rejected');
      return refused && all.filter(({ subject }) => subject === refused.subject);
    });
    expect(ended(events)).toMatchObject({ sip: { status: 403 } });
    expect(events.map(({ type }) => type)).not.toContain('call.answered');
  }, 30_000);

  it('that is not there is told of, and the call goes the way that its route says', async () => {
    await dial('bob', '3');
    const refused = await eventsOf('3');
    expect(ended(refused)).toMatchObject({ ended_reason: 'rejected', sip: { status: 486 } });
    expect(refused.find(({ type }) => type === 'flow.step')?.data).toMatchObject({
      outcome: 'failed',
      error: { code: 'application_unreachable' },
    });
    await dial('carol', '4');
    const sorry = await eventsOf('4');
    expect(steps(sorry)).toEqual(['application: failed', 'fallback: handed_over', 'a: completed']);
  }, 60_000);

  it('is not what a number without its flow has: that is refused unanswered', async () => {
    await dial('dave', '5');
    const events = await eventsOf('5');
    expect(ended(events)).toMatchObject({ ended_reason: 'failed', sip: { status: 480 } });
    expect(events.map(({ type }) => type)).not.toContain('call.answered');
    expect(events.find(({ type }) => type === 'flow.completed')?.data).toMatchObject({
      flow: 'nowhere',
      error: { code: 'flow_not_active' },
    });
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
  }, 30_000);
});
