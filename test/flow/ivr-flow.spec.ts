import type { CallSnapshot, EndOfCall, FlowQuestion } from '@legato/b2bua';
import { FlowRunner, NamedConferences, simulateFlow } from '@legato/b2bua';
import type { AskedApplication, FlowDocument, WebhookAnswer } from '@legato/flows';
import { applicationFlow, checkFlow, readWebhookAnswer } from '@legato/flows';
import { err, ok, silentLog } from '@legato/kernel';
import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const at = (number: string) => `sip:${number}@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const PLAYED = { 'play.amt': '900', 'play.end': 'play.complete' };
const keyed = (digits: string) => ({ 'dtmf.digits': digits, 'dtmf.end': 'dtmf.match' });
const PIN = '83917';
const NO_ANSWER = { code: 'application_timeout', detail: 'There was none.' } as const;

function documentOf(steps: Record<string, unknown>): FlowDocument {
  const checked = checkFlow({ name: 'test', start: 'a', steps });
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return checked.value;
}

/** One caller in a flow, with everything else in the hands of the test. */
class Ivr {
  readonly caller: FlowPeer;
  readonly callee: FlowPeer;
  readonly media: FlowMediaServer;
  readonly questions: FlowQuestion[] = [];
  /** What applications were told at the end. */
  readonly ends: EndOfCall[] = [];
  answer: WebhookAnswer | 'never' | undefined;
  /** How often the store does not answer. */
  failures = 0;
  dialog!: ReturnType<FlowPeer['invite']>;
  ofCaller!: ReturnType<FlowMediaServer['accept']>;

  private constructor(
    readonly world: FlowWorld,
    private readonly documents: Readonly<Record<string, FlowDocument>>,
  ) {
    this.caller = world.peer('alice', '192.0.2.2', 5060);
    this.callee = world.peer('bob', '192.0.2.3', 5060);
    this.media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
    if (!world.conferences) throw new Error('a world with conferences is wanted');
    new FlowRunner({
      registry: world.registry,
      flows: {
        document: (id, version = 1) =>
          this.failures-- > 0
            ? Promise.reject(new Error('the store is away'))
            : Promise.resolve(this.documents[id] && { version, document: this.documents[id] }),
      },
      applications: {
        ask: (question) => {
          this.questions.push(question);
          const { answer } = this;
          if (answer === 'never') return new Promise(() => undefined);
          return Promise.resolve(answer ? ok(answer) : err(NO_ANSWER));
        },
        tell: (end) => void this.ends.push(end),
      },
      conferences: new NamedConferences(world.conferences, silentLog),
      routes: {},
      log: silentLog,
    }).register();
  }

  static async start(
    documents: Readonly<Record<string, FlowDocument>>,
    { table, application }: { table?: FlowWorld['table']; application?: FlowDocument } = {},
  ): Promise<Ivr> {
    const world = await FlowWorld.start({
      routes: {
        '7000': { target: { kind: 'flow', name: 'menu' } },
        ...(application && {
          '7001': {
            target: { kind: 'application', name: 'https://app.example/calls' },
            document: application,
          },
        }),
      },
      conferences: true,
      ...(table && { table }),
    });
    return new Ivr(world, documents);
  }

  /** The caller rings, and the flow begins. */
  async ring(number = '7000'): Promise<void> {
    this.dialog = this.caller.invite(at(number), { text: OFFER });
    await this.settled();
    this.caller.follow(this.dialog, this.caller.response(180));
  }

  async call(number?: string): Promise<void> {
    await this.ring(number);
    await this.connect();
  }

  /** The media server takes the caller, who is answered. */
  async connect(): Promise<void> {
    this.ofCaller = this.media.accept();
    this.media.peer.request('ACK');
    this.caller.follow(this.dialog, this.caller.response(200));
    this.caller.within(this.dialog, 'ACK');
    await this.settled();
  }

  /** Promises that are through have been heard. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  get snapshot(): CallSnapshot {
    return this.world.call;
  }

  /** The next MSML request, answered with 200: the name of the dialog that it starts, and what that does. */
  next(): { name: string; does: string; step: unknown } {
    const { info, operations } = this.media.msml();
    this.media.result(info);
    const [operation] = operations;
    // What a media server did not start is ended for safety.
    if (operation?.element === 'dialogend') return this.next();
    if (operation?.element !== 'dialogstart') throw new Error(`no dialogstart: ${operation?.element}`);
    const [step] = operation.content;
    return { name: operation.name ?? '', does: step?.element ?? '', step };
  }

  exit(name: string, values: Readonly<Record<string, string>>): void {
    this.media.event(
      this.ofCaller.dialog,
      'msml.dialog.exit',
      `${this.ofCaller.connection}/dialog:${name}`,
      values,
    );
  }

  async events(type: string): Promise<Record<string, unknown>[]> {
    const { events } = await this.world.events.read('', 1000);
    return events.filter((event) => event.type === type).map(({ data }) => data);
  }

  /** The steps that were taken, as "step: outcome". */
  async steps(): Promise<string[]> {
    return (await this.events('flow.step')).map(({ step, outcome }) => `${String(step)}: ${String(outcome)}`);
  }

  hungUpOn(): void {
    this.caller.respond(this.caller.request('BYE'), 200);
    this.media.peer.respond(this.media.peer.request('BYE'), 200);
  }
}

const play = (rest: object = {}) => ({ type: 'play', sources: [{ file: 'a.wav' }], ...rest });

describe('a call in a flow', () => {
  let ivr: Ivr;

  afterEach(() => {
    expect(ivr.world.errors).toEqual([]);
  });

  it('goes from step to step, and ends with its flow', async () => {
    ivr = await Ivr.start({
      menu: documentOf({
        a: play({ next: 'ask' }),
        ask: { type: 'gather', max: 4, term: '#', prompt: [{ file: 'ask.wav' }], next: 'which' },
        which: { type: 'branch', variable: 'digits', cases: [{ equals: '12', next: 'say' }] },
        say: { type: 'say', as: 'digits', value: '{{digits}}', next: 'message' },
        message: { type: 'record', max_s: 30, max_silence_s: 4, beep: true, term: '#' },
      }),
    });
    await ivr.call();
    const hello = ivr.next();
    expect(hello.step).toMatchObject({ element: 'play', audio: [{ uri: 'file://a.wav' }] });
    ivr.exit(hello.name, PLAYED);
    const ask = ivr.next();
    expect(ask.step).toMatchObject({
      element: 'collect',
      play: [{ barge: true, audio: [{ uri: 'file://ask.wav' }] }],
      pattern: [{ digits: 'min=1;max=4;rtk=#' }],
    });
    expect((await ivr.world.b2bua.getCall(ivr.snapshot.id))?.flow).toMatchObject({
      id: 'menu',
      version: 1,
      step: 'ask',
    });
    ivr.exit(ask.name, keyed('12#'));
    const say = ivr.next();
    expect(say.step).toMatchObject({ content: [{ element: 'var', type: 'digits', value: '12' }] });
    ivr.exit(say.name, PLAYED);
    const message = ivr.next();
    expect(message.step).toMatchObject({
      element: 'record',
      maxtime: '30s',
      postspeech: '4000ms',
      beep: true,
      termkey: '#',
    });
    ivr.exit(message.name, {
      'record.len': '2000',
      'record.end': 'record.complete.termkey',
      'record.recordid': `file://${message.name}.wav`,
    });
    ivr.hungUpOn();
    expect(await ivr.steps()).toEqual([
      'a: completed',
      'ask: matched',
      'which: case',
      'say: completed',
      'message: completed',
    ]);
    expect(await ivr.events('flow.completed')).toEqual([
      expect.objectContaining({
        flow: 'menu',
        version: 1,
        outcome: 'completed',
        step: 'message',
        steps: 5,
        variables: { digits: '12', recording: message.name },
      }),
    ]);
    const types = await ivr.world.eventTypes();
    expect(types.indexOf('flow.completed')).toBeLessThan(types.indexOf('call.ended'));
    expect((await ivr.events('call.ended'))[0]).toMatchObject({ ended_reason: 'completed' });
    expect(ivr.world.settle()).toEqual(NOTHING_HELD);
  });

  it('sends the media server what its simulation says, to the letter', async () => {
    const document = documentOf({
      a: { type: 'record', what: 'call', channels: 'dual', next: 'b' },
      b: play({ loop: 2, barge: true, next: 'pin' }),
      pin: {
        type: 'gather',
        prompt: [{ file: 'pin.wav' }, { silence_ms: 200 }],
        min: 4,
        max: 8,
        term: '#',
        retries: 1,
        sensitive: true,
        next: 'say',
      },
      say: { type: 'say', as: 'date', value: '20261121', language: 'en', next: 'message' },
      message: { type: 'record', max_s: 20, max_silence_s: 3, beep: true, term: '#' },
    });
    ivr = await Ivr.start({ menu: document });
    await ivr.call();
    const sent: string[] = [];
    const next = (): string => {
      const { info, operations } = ivr.media.msml();
      sent.push(info.body.toString());
      ivr.media.result(info);
      const start = operations.find(({ element }) => element === 'dialogstart');
      return start?.element === 'dialogstart' ? (start.name ?? '') : '';
    };
    const tape = next();
    ivr.exit(next(), PLAYED);
    ivr.exit(next(), { 'dtmf.end': 'dtmf.noinput' });
    ivr.exit(next(), keyed(`${PIN}#`));
    next();
    ivr.exit(next(), PLAYED);
    const message = next();
    const file = {
      'record.len': '900',
      'record.end': 'record.complete.termkey',
      'record.recordid': 'file://x.wav',
    };
    ivr.exit(message, file);
    // Each name stands for the step that the dialog is of.
    const names: Readonly<Record<string, string>> = {
      [ivr.ofCaller.connection]: 'conn:caller',
      [tape]: 'rec_1',
      [message]: 'rec_5',
    };
    const named = sent.map((body) =>
      Object.entries(names)
        .reduce((text, [from, to]) => text.replaceAll(from, to), body)
        .replace(/play_[0-9a-f-]{36}/, (_name, _at: number, text: string) =>
          text.includes('<var') ? 'play_4' : 'play_2',
        )
        .replace(/collect_[0-9a-f-]{36}/, 'collect_3'),
    );
    const simulation = simulateFlow(document, { digits: [null, `${PIN}#`] });
    expect(named).toEqual(simulation.steps.flatMap(({ msml }) => msml));
    expect(await ivr.steps()).toEqual(simulation.steps.map(({ step, outcome }) => `${step}: ${outcome}`));
    expect(await ivr.events('flow.completed')).toMatchObject([
      { outcome: simulation.outcome, step: simulation.step },
    ]);
  });

  it('has ended when the caller hangs up, once', async () => {
    ivr = await Ivr.start({ menu: documentOf({ a: play({ next: 'b', on: { failed: 'b' } }), b: play() }) });
    await ivr.call();
    ivr.next();
    ivr.caller.within(ivr.dialog, 'BYE');
    ivr.caller.response(200);
    ivr.media.peer.respond(ivr.media.peer.request('BYE'), 200);
    expect(await ivr.events('flow.completed')).toMatchObject([{ outcome: 'hung_up', step: 'a' }]);
    expect(await ivr.steps()).toEqual([]);
    expect(ivr.world.settle()).toEqual(NOTHING_HELD);
  });

  it('ends with its media, whatever its steps say', async () => {
    ivr = await Ivr.start({ menu: documentOf({ a: play({ on: { failed: 'b' } }), b: play() }) });
    await ivr.call();
    ivr.next();
    ivr.media.peer.within(ivr.ofCaller.dialog, 'BYE');
    ivr.media.peer.response(200);
    ivr.caller.respond(ivr.caller.request('BYE'), 200);
    expect(await ivr.steps()).toEqual([]);
    expect(await ivr.events('flow.completed')).toMatchObject([{ outcome: 'hung_up', step: 'a' }]);
    expect((await ivr.events('call.ended'))[0]).toMatchObject({ ended_reason: 'media_lost' });
    expect(ivr.world.settle()).toEqual(NOTHING_HELD);
  });

  it('takes the way of a step that the media server refuses', async () => {
    ivr = await Ivr.start({ menu: documentOf({ a: play({ on: { failed: 'b' } }), b: play() }) });
    await ivr.call();
    ivr.media.result(ivr.media.msml().info, '410', 'no such file');
    expect(ivr.next().does).toBe('play');
    expect(await ivr.steps()).toEqual(['a: failed']);
  });

  it('is refused before it is answered when there is no such flow', async () => {
    ivr = await Ivr.start({});
    await ivr.ring();
    const refused = ivr.caller.response(480);
    expect(refused.headers.get('Retry-After')).toBeUndefined();
    expect(ivr.world.settle()).toEqual(NOTHING_HELD);
    const error = expect.objectContaining({ code: 'flow_not_active' }) as object;
    expect(await ivr.events('flow.completed')).toEqual([
      expect.objectContaining({ flow: 'menu', outcome: 'failed', steps: 0, error }),
    ]);
    expect((await ivr.events('call.ended'))[0]).toMatchObject({
      ended_reason: 'failed',
      sip: { status: 480, reason: 'Flow not active' },
    });
    expect(await ivr.world.eventTypes()).not.toContain('call.answered');
    expect(ivr.media.peer.inbox).toEqual([]);
  });

  it('waits for a store that does not answer', async () => {
    ivr = await Ivr.start({ menu: documentOf({ a: play() }) });
    ivr.failures = 2;
    await ivr.ring();
    for (let second = 0; second < 2; second += 1) {
      ivr.world.clock.advance(1_000);
      await ivr.settled();
    }
    await ivr.connect();
    expect(ivr.next().does).toBe('play');
  });

  it('is refused when the store never answers', async () => {
    ivr = await Ivr.start({ menu: documentOf({ a: play() }) });
    ivr.failures = 1_000;
    await ivr.ring();
    for (let second = 0; second < 10; second += 1) {
      ivr.world.clock.advance(1_000);
      await ivr.settled();
    }
    const refused = ivr.caller.response(503);
    expect(refused.headers.get('Retry-After')).toBe('5');
    expect(await ivr.events('flow.completed')).toMatchObject([{ error: { code: 'flow_unavailable' } }]);
    expect(ivr.world.settle()).toEqual(NOTHING_HELD);
  });

  it('records the call while the flow goes on', async () => {
    ivr = await Ivr.start({
      menu: documentOf({ a: { type: 'record', what: 'call', channels: 'dual', next: 'b' }, b: play() }),
    });
    await ivr.call();
    expect(ivr.next()).toMatchObject({ does: 'record', step: { channels: '2' } });
    const { name, does } = ivr.next();
    expect(does).toBe('play');
    ivr.exit(name, PLAYED);
    expect(await ivr.steps()).toEqual(['a: started', 'b: completed']);
  });

  describe('that dials', () => {
    const dialing = documentOf({
      a: {
        type: 'dial',
        to: 'sip:bob@192.0.2.3:5060',
        timeout_s: 20,
        next: 'b',
        on: { busy: 'c', no_answer: 'd' },
      },
      b: play(),
      c: play({ sources: [{ file: 'busy.wav' }] }),
      d: play({ sources: [{ file: 'nobody.wav' }] }),
    });

    it('goes on when the second party has hung up', async () => {
      ivr = await Ivr.start({ menu: dialing });
      await ivr.call();
      ivr.media.accept();
      const invite = ivr.callee.request('INVITE');
      ivr.callee.respond(invite, 200, { text: ANSWER });
      ivr.callee.request('ACK');
      ivr.media.peer.request('ACK');
      ivr.media.result(ivr.media.msml().info);
      expect(await ivr.steps()).toEqual([]);
      ivr.callee.within(ivr.callee.accepted(invite), 'BYE');
      ivr.callee.response(200);
      ivr.media.peer.respond(ivr.media.peer.request('BYE'), 200);
      await ivr.settled();
      expect(ivr.next().step).toMatchObject({ audio: [{ uri: 'file://a.wav' }] });
      expect(await ivr.steps()).toEqual(['a: completed']);
    });

    it.each([
      [486, 'busy', 'file://busy.wav'],
      [480, 'no_answer', 'file://nobody.wav'],
    ])('goes on when the second party says %i', async (status, outcome, uri) => {
      ivr = await Ivr.start({ menu: dialing });
      await ivr.call();
      ivr.media.accept();
      ivr.callee.respond(ivr.callee.request('INVITE'), status);
      ivr.media.peer.request('ACK');
      ivr.media.peer.respond(ivr.media.peer.request('BYE'), 200);
      await ivr.settled();
      expect(ivr.next().step).toMatchObject({ audio: [{ uri }] });
      expect(await ivr.steps()).toEqual([`a: ${outcome}`]);
    });
  });

  describe('that asks an application', () => {
    const asking = documentOf({
      a: { type: 'gather', max: 5, sensitive: true, into: 'pin', next: 'b' },
      b: { type: 'webhook', url: 'https://app.example/', send: ['pin'], next: 'c', on: { failed: 'd' } },
      c: { type: 'say', as: 'money', value: '{{balance}}' },
      d: play({ sources: [{ file: 'sorry.wav' }] }),
    });

    it('tells it what it is named for, and speaks what it says', async () => {
      ivr = await Ivr.start({ menu: asking });
      ivr.answer = { variables: { balance: '12.50' } };
      await ivr.call();
      ivr.exit(ivr.next().name, keyed(PIN));
      await ivr.settled();
      expect(ivr.questions).toMatchObject([
        {
          call: { id: ivr.snapshot.id, direction: 'inbound' },
          flow: { id: 'menu', version: 1 },
          number: 2,
          command: {
            url: 'https://app.example/',
            question: { step: 'b', variables: { pin: PIN }, last: { step: 'a', outcome: 'matched' } },
          },
        },
      ]);
      expect(ivr.next().step).toMatchObject({ content: [{ type: 'money', value: '12.50' }] });
    });

    it('stores and logs nothing of what was keyed in confidence', async () => {
      ivr = await Ivr.start({ menu: asking });
      await ivr.call();
      ivr.exit(ivr.next().name, keyed(PIN));
      await ivr.settled();
      const { events } = await ivr.world.events.read('', 1000);
      expect(JSON.stringify([ivr.snapshot, events])).not.toContain(PIN);
      expect(await ivr.steps()).toEqual(['a: matched', 'b: failed']);
    });

    it('does what the application answers, and asks again', async () => {
      ivr = await Ivr.start({ menu: documentOf({ a: { type: 'webhook', url: 'https://app.example/' } }) });
      ivr.answer = {
        variables: {},
        steps: {
          one: { type: 'play', sources: [{ file: 'one.wav' }], next: 'two' },
          two: { type: 'gather', max: 1 },
        },
      };
      await ivr.call();
      ivr.exit(ivr.next().name, PLAYED);
      ivr.answer = { variables: {}, steps: {} };
      ivr.exit(ivr.next().name, keyed('7'));
      await ivr.settled();
      ivr.hungUpOn();
      expect(ivr.questions.map(({ number, command }) => [number, command.question.last?.outcome])).toEqual([
        [1, undefined],
        [4, 'matched'],
      ]);
      expect(await ivr.events('flow.completed')).toMatchObject([
        { outcome: 'answered', variables: { digits: '7' } },
      ]);
    });
  });

  describe('that an application has in hand', () => {
    const URL = 'https://app.example/calls?key=of-the-application';
    const answerOf = (input: unknown): WebhookAnswer => {
      const read = readWebhookAnswer(input);
      if (!read.ok) throw new Error(JSON.stringify(read.error));
      return read.value;
    };
    const begin = async (answer: unknown, fallback?: AskedApplication['fallback']): Promise<void> => {
      const application = applicationFlow({ url: URL, ...(fallback && { fallback }) });
      ivr = await Ivr.start({ menu: documentOf({ a: play() }) }, { application });
      ivr.answer = answer === undefined ? undefined : answerOf(answer);
    };
    const refusedWith = async (status: number) => {
      await ivr.ring('7001');
      ivr.caller.response(status);
      expect(ivr.world.settle()).toEqual(NOTHING_HELD);
      expect(await ivr.world.eventTypes()).not.toContain('call.answered');
      expect(await ivr.events('flow.completed')).toHaveLength(1);
      expect(await ivr.world.records()).toHaveLength(1);
      return (await ivr.events('call.ended'))[0];
    };

    it('rings until the application has answered, and hears what it says', async () => {
      await begin([
        { type: 'play', sources: [{ file: 'one.wav' }] },
        { type: 'gather', max: 1 },
      ]);
      await ivr.ring('7001');
      expect(ivr.questions).toMatchObject([
        {
          call: { state: 'ringing', direction: 'inbound', to: [at('7001')] },
          number: 1,
          command: { url: URL },
        },
      ]);
      await ivr.connect();
      ivr.exit(ivr.next().name, PLAYED);
      ivr.answer = answerOf([]);
      ivr.exit(ivr.next().name, keyed('7'));
      await ivr.settled();
      ivr.hungUpOn();
      expect(ivr.questions[1]).toMatchObject({
        call: { state: 'in_progress' },
        number: 4,
        command: {
          question: { variables: { digits: '7' }, last: { step: 'answered2', outcome: 'matched' } },
        },
      });
      expect(await ivr.events('flow.completed')).toMatchObject([{ outcome: 'answered', steps: 4 }]);
      expect(ivr.ends).toMatchObject([
        { url: URL, call: { state: 'ended', endedReason: 'completed' }, variables: { digits: '7' } },
      ]);
      // The query of the URL is for the application alone.
      const told = JSON.stringify((await ivr.world.events.read('', 1000)).events);
      expect(told).toContain('"name":"https://app.example/calls"');
      expect(told).not.toContain('of-the-application');
      expect(ivr.world.settle()).toEqual(NOTHING_HELD);
    });

    it.each([
      ['the status that the application says', [{ type: 'reject', status: 404 }], 404, 'rejected'],
      ['603 when it says no more', [{ type: 'reject' }], 603, 'rejected'],
      ['603 when it wants nothing of the call', [], 603, 'rejected'],
      ['480 when it gives no answer', undefined, 480, 'failed'],
    ])('is refused with %s', async (_what, answer, status, reason) => {
      await begin(answer);
      expect(await refusedWith(status)).toMatchObject({ ended_reason: reason, sip: { status } });
    });

    it('tells why there was no answer', async () => {
      await begin(undefined, { status: 486 });
      expect(await refusedWith(486)).toMatchObject({ ended_reason: 'rejected' });
      expect(await ivr.events('flow.step')).toMatchObject([
        { step: 'application', outcome: 'failed', error: NO_ANSWER },
        { step: 'fallback', outcome: 'rejected' },
      ]);
    });

    it('goes on with a flow when there is no answer, under numbers of its own', async () => {
      await begin(undefined, { flow: 'menu' });
      await ivr.call('7001');
      ivr.exit(ivr.next().name, PLAYED);
      ivr.hungUpOn();
      expect(await ivr.steps()).toEqual(['application: failed', 'fallback: handed_over', 'a: completed']);
      expect((await ivr.events('flow.step')).map(({ number }) => number)).toEqual([1, 2, 3]);
      expect((await ivr.events('flow.completed')).map(({ flow, outcome }) => [flow, outcome])).toEqual([
        ['https://app.example/calls', 'handed_over'],
        ['menu', 'completed'],
      ]);
      expect(ivr.world.settle()).toEqual(NOTHING_HELD);
    });

    it('is refused when the flow to go on with is not active', async () => {
      await begin(undefined, { flow: 'nowhere' });
      await ivr.ring('7001');
      ivr.caller.response(480);
      expect(ivr.world.settle()).toEqual(NOTHING_HELD);
      expect(await ivr.events('flow.completed')).toMatchObject([
        { outcome: 'handed_over' },
        { flow: 'nowhere', error: { code: 'flow_not_active' } },
      ]);
    });

    it('is over when the caller gives up while the application thinks', async () => {
      await begin([]);
      ivr.answer = 'never';
      await ivr.ring('7001');
      ivr.caller.cancel(ivr.dialog.invite);
      ivr.caller.response(487);
      expect(ivr.world.settle()).toEqual(NOTHING_HELD);
      expect(await ivr.events('flow.completed')).toMatchObject([{ outcome: 'hung_up' }]);
      expect((await ivr.events('call.ended'))[0]).toMatchObject({ ended_reason: 'canceled' });
      expect(ivr.ends).toMatchObject([{ call: { endedReason: 'canceled' } }]);
    });

    it('rings no longer than others when the application goes on thinking', async () => {
      await begin([]);
      ivr.answer = 'never';
      await ivr.ring('7001');
      ivr.world.clock.advance(60_000);
      ivr.caller.response(480);
      expect(ivr.world.settle()).toEqual(NOTHING_HELD);
      expect((await ivr.events('call.ended'))[0]).toMatchObject({ ended_reason: 'no_answer' });
    });

    it('can not be answered over REST: it is the application who decides', async () => {
      await begin([]);
      ivr.answer = 'never';
      await ivr.ring('7001');
      expect(await ivr.world.commands.answer(ivr.snapshot.id, {})).toMatchObject({
        code: 'call_not_waiting',
      });
    });

    it('is rung for one', async () => {
      await begin([{ type: 'play', sources: [{ file: 'one.wav' }] }]);
      await ivr.world.b2bua.originate({
        from: 'sip:app@example.com',
        to: [`sip:alice@${ivr.caller.hostPort}`],
        mode: 'anchored',
        target: { kind: 'application', name: 'https://app.example/calls' },
        document: applicationFlow({ url: URL }),
      });
      ivr.ofCaller = ivr.media.accept();
      ivr.caller.respond(ivr.caller.request('INVITE'), 200, { text: OFFER });
      ivr.caller.request('ACK');
      ivr.media.peer.request('ACK');
      await ivr.settled();
      expect(ivr.questions).toMatchObject([{ call: { state: 'in_progress', direction: 'outbound' } }]);
      expect(ivr.next().step).toMatchObject({ audio: [{ uri: 'file://one.wav' }] });
    });
  });

  it('is in a conference until it is out of it', async () => {
    ivr = await Ivr.start({
      menu: documentOf({ a: { type: 'conference', name: 'room', next: 'b' }, b: play() }),
    });
    await ivr.call();
    expect(ivr.snapshot.conferenceMembership).toBeDefined();
    const conference = ivr.snapshot.conferenceMembership?.conference ?? '';
    const participant = ivr.snapshot.conferenceMembership?.participant ?? '';
    await ivr.world.conferences?.participants.remove(conference, participant, { hangUp: false });
    await ivr.settled();
    expect(await ivr.steps()).toEqual(['a: completed']);
  });

  describe('whose process dies', () => {
    async function takenUp(
      documents: Readonly<Record<string, FlowDocument>>,
      answer?: WebhookAnswer,
    ): Promise<void> {
      const before = ivr;
      ivr = await Ivr.start(documents, { table: before.world.table });
      ivr.answer = answer;
      ivr.dialog = before.dialog;
      ivr.ofCaller = before.ofCaller;
      await ivr.world.registry.restore('node-1');
      await ivr.settled();
    }

    it('waits on for what the media server does', async () => {
      const documents = {
        menu: documentOf({ a: play({ next: 'b' }), b: play({ sources: [{ file: 'b.wav' }] }) }),
      };
      ivr = await Ivr.start(documents);
      await ivr.call();
      const { name } = ivr.next();
      await takenUp(documents);
      ivr.exit(name, PLAYED);
      expect(ivr.next().step).toMatchObject({ audio: [{ uri: 'file://b.wav' }] });
      expect(await ivr.steps()).toEqual(['a: completed']);
    });

    it('asks an application again, under the same number', async () => {
      const documents = {
        menu: documentOf({
          a: play({ next: 'b' }),
          b: { type: 'webhook', url: 'https://app.example/', next: 'c' },
          c: play(),
        }),
      };
      ivr = await Ivr.start(documents);
      ivr.answer = 'never';
      await ivr.call();
      ivr.exit(ivr.next().name, PLAYED);
      await ivr.settled();
      expect(ivr.questions).toHaveLength(1);
      await takenUp(documents, { variables: {} });
      expect(ivr.questions.map(({ number }) => number)).toEqual([2]);
      expect(ivr.next().does).toBe('play');
    });

    it('asks for sensitive digits again', async () => {
      const documents = {
        menu: documentOf({
          a: { type: 'gather', max: 5, sensitive: true, into: 'pin', next: 'b' },
          b: play({ next: 'c' }),
          c: { type: 'branch', variable: 'pin', cases: [{ equals: PIN, next: 'd' }] },
          d: { type: 'hangup' },
        }),
      };
      ivr = await Ivr.start(documents);
      await ivr.call();
      ivr.exit(ivr.next().name, keyed(PIN));
      const { name } = ivr.next();
      await takenUp(documents);
      ivr.exit(name, PLAYED);
      const again = ivr.next();
      expect(again.does).toBe('collect');
      ivr.exit(again.name, keyed(PIN));
      ivr.exit(ivr.next().name, PLAYED);
      ivr.hungUpOn();
      expect(await ivr.events('flow.completed')).toMatchObject([{ outcome: 'completed', step: 'd' }]);
    });
  });
});
