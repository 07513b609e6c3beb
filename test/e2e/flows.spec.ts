import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { energyShareAt, sineWave, writeWav } from '@legato/media';
import { RedisServer } from '@legato/testing';
import { Webhook as Verifier } from 'standardwebhooks';
import { type ControlPlane, type MediaServer, startControlPlane, startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { Phone } from './support/phone';
import { redisContents } from './support/redis-contents';
import { Rest } from './support/rest';

/** Digits that stand nowhere by chance. */
const PIN = '604827';
const TONE_HZ = 1500;
/** Long enough to be noticed on a busy machine; a key ends it. */
const TONE_MS = 3_000;
const TONE_SAMPLES_WANTED = 800;
const SECRET = `whsec_${Buffer.from('24 bytes are a secret...').toString('base64')}`;

interface Step {
  number: number;
  step: string;
  step_type?: string;
  type?: string;
  outcome: string;
  next?: string | null;
}
interface Simulation {
  outcome: string;
  step: string;
  steps: Step[];
  variables: Record<string, string>;
}
interface Logged<Data> {
  type: string;
  subject: string;
  data: Data;
}
interface Completed {
  outcome: string;
  step: string;
  version: number;
  variables: Record<string, string>;
}

interface Question {
  variables: Record<string, string>;
  last: { step: string; outcome: string } | null;
  webhookId: string;
}

const tone = [{ file: 'tone.wav' }];

/** The flow of a bank: its caller is recorded, keys a PIN, hears the balance's digits and leaves a message. */
const bank = (application: string, firstDigitMs: number) => ({
  name: 'Bank',
  start: 'tape',
  variables: { tries: '0' },
  steps: {
    tape: { type: 'record', what: 'call', channels: 'dual', into: 'tape', next: 'welcome' },
    welcome: { type: 'play', sources: [{ file: 'hello.wav' }], next: 'pin' },
    pin: {
      type: 'gather',
      prompt: tone,
      min: 4,
      max: 8,
      term: '#',
      first_digit_ms: firstDigitMs,
      inter_digit_ms: 3_000,
      retries: 1,
      sensitive: true,
      into: 'pin',
      next: 'check',
      on: { no_input: 'bye', no_match: 'bye' },
    },
    check: { type: 'webhook', url: application, send: ['pin', 'tries'], next: 'menu', on: { failed: 'bye' } },
    menu: { type: 'gather', prompt: tone, max: 1, into: 'choice', next: 'which', on: { no_input: 'bye' } },
    which: {
      type: 'branch',
      variable: 'choice',
      cases: [{ equals: '3', next: 'message' }],
      next: 'again',
    },
    again: { type: 'set', add: { tries: 1 }, next: 'menu' },
    message: { type: 'record', max_s: 20, term: '#', next: 'bye' },
    bye: { type: 'hangup' },
  },
});

const SCRIPT = [null, `${PIN}#`, '7', '3'];
const ANSWER = { variables: { customer: 'c-17' } };
/** What an application answers that decides everything itself. */
const DRIVE = [
  {
    steps: [
      { type: 'play', sources: [{ file: 'hello.wav' }] },
      { id: 'code', type: 'gather', prompt: tone, max: 2 },
    ],
  },
  { steps: [{ id: 'missing', type: 'play', sources: [{ file: 'missing.wav' }] }] },
  { steps: [] },
];

/** A flow as a call and as a simulation; both applications run as processes over a real Redis. */
describe('a flow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-e2e-'));
  const questions: Question[] = [];
  let application: Server;
  let redis: RedisServer;
  let media: MediaServer;
  let control: ControlPlane;
  let phone: Phone;
  let rest: Rest;
  let call: string;
  const controlEnv: Record<string, string> = {};

  beforeAll(async () => {
    const recordings = join(folder, 'recordings');
    const prompts = join(folder, 'prompts');
    mkdirSync(recordings);
    mkdirSync(prompts);
    const format = { sampleRate: 8000, channels: 1 };
    writeFileSync(join(prompts, 'hello.wav'), writeWav(format, sineWave(600, 200)));
    writeFileSync(join(prompts, 'tone.wav'), writeWav(format, sineWave(TONE_HZ, TONE_MS)));
    redis = await RedisServer.start();
    media = await startMediaServer({
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: prompts,
      LEGATO_LOG_LEVEL: 'debug',
    });
    Object.assign(controlEnv, {
      LEGATO_REDIS_URL: redis.url,
      LEGATO_NODE_ID: 'flows',
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_WEBHOOK_ALLOW: '127.0.0.1',
      LEGATO_FLOW_SECRET: SECRET,
      LEGATO_LOG_LEVEL: 'debug',
    });
    control = await startControlPlane(controlEnv);
    // A process that comes back is where it was.
    Object.assign(controlEnv, {
      LEGATO_SIP_PORT: String(control.sipPort),
      LEGATO_HTTP_PORT: new URL(control.http).port,
    });
    rest = new Rest(control.http);
    phone = await Phone.open(control.sipPort, sineWave(440, 1000));
    application = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = request.headers as Record<string, string>;
        const asked = new Verifier(SECRET).verify(Buffer.concat(chunks).toString(), headers);
        const question = { ...(asked as Question), webhookId: headers['webhook-id'] ?? '' };
        questions.push(question);
        const answer = request.url === '/drive' ? DRIVE.shift() : ANSWER;
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    const { port } = application.address() as AddressInfo;
    await store('bank', bank(`http://127.0.0.1:${port}/next`, 1_500));
    const drive = { type: 'webhook', url: `http://127.0.0.1:${port}/drive` };
    await store('driven', { name: 'Driven', start: 'application', steps: { application: drive } });
    await store('patient-bank', bank(`http://127.0.0.1:${port}/next`, 60_000));
  }, 120_000);

  afterAll(async () => {
    await phone?.close();
    await control?.child.stop();
    await media?.child.stop();
    await redis?.stop();
    application?.closeAllConnections();
    await new Promise((resolve) => (application ? application.close(resolve) : resolve(undefined)));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function store(id: string, document: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const put = { method: 'PUT', headers, body: JSON.stringify(document) };
    expect((await fetch(`${control.http}/v1/flows/${id}`, put)).status).toBe(201);
    expect((await rest.post(`/v1/flows/${id}/activate`)).status).toBe(200);
  }

  async function eventsOf<Data>(type: string): Promise<Data[]> {
    const page = await rest.get<{ data: Logged<Data>[] }>('/v1/events?limit=1000');
    return page.data.filter((event) => event.subject === call && event.type === type).map(({ data }) => data);
  }

  async function begin(flow: string): Promise<void> {
    const asked = { from: 'sip:bank@example.com', to: [phone.uri], flow };
    const answer = await rest.post<{ id: string }>('/v1/calls', asked);
    expect(answer.status).toBe(202);
    call = answer.body.id;
  }

  async function key(count: number, attempts: number, keys: string): Promise<void> {
    await asks(count, attempts);
    await phone.press(keys);
  }

  /** The collection number `count` of the call is at its prompt. */
  async function asks(count: number, attempts: number): Promise<void> {
    await eventually(`collection ${count} asks`, async () => {
      const page = await rest.get<{ data: { state: string; attempts: number }[] }>(
        `/v1/calls/${call}/collects`,
      );
      const collect = page.data[count - 1];
      return collect?.state === 'collecting' && collect.attempts === attempts;
    });
    // An attempt is shown before the media server has begun with it; what is keyed before its prompt does not count.
    const from = phone.heardMs;
    await eventually('its prompt is heard', () => {
      const heard = phone.since(from);
      return (
        heard.length > TONE_SAMPLES_WANTED &&
        energyShareAt(heard.slice(-TONE_SAMPLES_WANTED), 8000, TONE_HZ) > 0.5
      );
    });
  }

  const stepOf = (step: string) =>
    eventually(`${step} is done`, async () =>
      (await eventsOf<Step>('flow.step')).find((taken) => taken.step === step),
    );

  it('is as a call what its simulation is', async () => {
    const simulated = await rest.post<Simulation>('/v1/flows/bank/simulate', {
      digits: SCRIPT,
      answers: { check: [ANSWER] },
    });
    expect(simulated.status).toBe(200);
    expect(simulated.body).toMatchObject({ outcome: 'completed', step: 'bye' });

    await begin('bank');
    await key(1, 2, SCRIPT[1] ?? '');
    await key(2, 1, SCRIPT[2] ?? '');
    await key(3, 1, SCRIPT[3] ?? '');
    await eventually('the message is recorded', async () => {
      const page = await rest.get<{ data: { state: string }[] }>(`/v1/calls/${call}/recordings`);
      return page.data[1]?.state === 'recording';
    });
    await phone.press('#');
    await rest.until(`/v1/calls/${call}`, ['ended']);

    const steps = await eventsOf<Step>('flow.step');
    const told = ({ number, step, type, step_type: alias, outcome, next }: Step) =>
      `${number} ${step} (${type ?? alias}): ${outcome} -> ${next ?? 'end'}`;
    expect(steps.map(told)).toEqual(simulated.body.steps.map(told));
    const [completed, ...more] = await eventsOf<Completed>('flow.completed');
    expect(more).toEqual([]);
    expect(completed).toMatchObject({
      outcome: simulated.body.outcome,
      step: simulated.body.step,
      version: 1,
    });
    expect(Object.keys(completed?.variables ?? {}).sort()).toEqual(
      Object.keys(simulated.body.variables).sort(),
    );
    expect(completed?.variables).toMatchObject({ customer: 'c-17', choice: '3', tries: '1' });
    const { data } = await rest.get<{ data: { id: string; state: string }[] }>(
      `/v1/calls/${call}/recordings`,
    );
    const { tape, recording } = completed?.variables ?? {};
    expect(data.map(({ id, state }) => [id, state])).toEqual([
      [tape, 'completed'],
      [recording, 'completed'],
    ]);
    expect((await eventsOf<{ ended_reason: string }>('call.ended'))[0]?.ended_reason).toBe('completed');
  }, 90_000);

  it('told its application, and nobody else, what was keyed in confidence', async () => {
    expect(questions).toMatchObject([{ variables: { pin: PIN, tries: '0' }, webhookId: `${call}.4` }]);
    const collects = await rest.get<{ data: { id: string }[] }>(`/v1/calls/${call}/collects`);
    const views = [
      collects,
      ...(await Promise.all(collects.data.map(({ id }) => rest.get(`/v1/calls/${call}/collects/${id}`)))),
      await rest.get(`/v1/calls/${call}`),
      await rest.get('/v1/flows/bank'),
    ];
    const events = await rest.get('/v1/events?limit=1000');
    const metrics = await (await fetch(`${control.http}/metrics`)).text();
    const logs = [...control.child.lines, ...media.child.lines].join('\n');
    const stored = await redisContents(redis);
    expect(stored.includes(call)).toBe(true);
    // Only whether it is there: what is searched is long.
    const places = { views: JSON.stringify(views), events: JSON.stringify(events), metrics, logs, stored };
    expect(Object.entries(places).filter(([, text]) => text.includes(PIN))).toEqual([]);
  }, 60_000);

  it('goes on in the process that takes its call up', async () => {
    await begin('patient-bank');
    await asks(1, 1);
    control.child.kill('SIGKILL');
    await control.child.exit();
    control = await startControlPlane(controlEnv);
    rest = new Rest(control.http);
    await phone.press(`${PIN}#`);
    await key(2, 1, '3');
    await stepOf('which');
    await phone.press('#');
    await rest.until(`/v1/calls/${call}`, ['ended']);
    const outcomes = (await eventsOf<Step>('flow.step')).map(({ step, outcome }) => `${step}: ${outcome}`);
    expect(outcomes).toEqual([
      'tape: started',
      'welcome: completed',
      'pin: matched',
      'check: answered',
      'menu: matched',
      'which: case',
      'message: completed',
      'bye: completed',
    ]);
    expect(await eventsOf<Completed>('flow.completed')).toMatchObject([{ outcome: 'completed' }]);
    expect((await redisContents(redis)).includes(PIN)).toBe(false);
  }, 90_000);

  it('is driven by an application that answers with the next steps', async () => {
    questions.length = 0;
    await begin('driven');
    await key(1, 1, '42');
    await rest.until(`/v1/calls/${call}`, ['ended']);
    expect(questions.map(({ last, webhookId }) => [last?.step, last?.outcome, webhookId])).toEqual([
      [undefined, undefined, `${call}.1`],
      ['code', 'matched', `${call}.4`],
      ['missing', 'failed', `${call}.6`],
    ]);
    expect(questions[1]?.variables).toEqual({ digits: '42' });
    expect(await eventsOf<Completed>('flow.completed')).toMatchObject([
      { outcome: 'answered', step: 'application' },
    ]);
  }, 60_000);

  it('ends with its caller', async () => {
    await begin('bank');
    await stepOf('welcome');
    await rest.post(`/v1/calls/${call}/hangup`);
    await rest.until(`/v1/calls/${call}`, ['ended']);
    expect(await eventsOf<Completed>('flow.completed')).toMatchObject([{ outcome: 'hung_up', step: 'pin' }]);
    await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
  }, 60_000);
});
