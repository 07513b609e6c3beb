import { FlowRunner } from '@legato/b2bua';
import type { MemoryCallTable } from '@legato/b2bua';
import { applicationFlow, checkFlow, readWebhookAnswer } from '@legato/flows';
import type { FlowDocument } from '@legato/flows';
import { err, silentLog } from '@legato/kernel';
import { encodeMsml } from '@legato/msml';
import type { SipRequest } from '@legato/sip';
import fc from 'fast-check';
import type { FlowPeer, PeerDialog } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const SDP = audio('192.0.2.2', 4000);
const HOUR_MS = 3_600_000;
/** Longer than any call may last. */
const HOURS = 5;

const flow = ((): FlowDocument => {
  const checked = checkFlow({
    name: 'test',
    start: 'a',
    steps: {
      a: { type: 'play', sources: [{ file: 'a.wav' }], next: 'b', on: { failed: 'b' } },
      b: { type: 'gather', max: 1, next: 'c', on: { no_input: 'c', failed: 'c' } },
      c: { type: 'dial', to: 'sip:bob@192.0.2.3:5060' },
    },
  });
  if (!checked.ok) throw new Error('no flow');
  return checked.value;
})();

const ANSWERS: readonly unknown[] = [
  [],
  [{ type: 'reject', status: 404 }],
  [{ type: 'play', sources: [{ file: 'a.wav' }] }],
  [{ type: 'record', max_s: 5 }],
  [{ type: 'flow', flow: 'menu' }],
];

const ROUTES = {
  '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' },
  '2000': { to: 'sip:bob@192.0.2.3:5060', mode: 'anchored', record: 'dual' },
  '3000': { target: { kind: 'webhook', name: 'crm' } },
  '4000': {
    target: { kind: 'application', name: 'https://app.example/' },
    document: applicationFlow({ url: 'https://app.example/', fallback: { flow: 'menu' } }),
  },
  '5000': { target: { kind: 'flow', name: 'menu' } },
  '6000': { target: { kind: 'flow', name: 'nowhere' } },
} as const;

const PEERS = ['alice', 'bob', 'ms'] as const;
type PeerName = (typeof PEERS)[number];
const HOSTS: Readonly<Record<PeerName, readonly [string, number]>> = {
  alice: ['192.0.2.2', 5060],
  bob: ['192.0.2.3', 5060],
  ms: ['192.0.2.9', 5080],
};

const isOpening = (request: SipRequest): boolean => request.method === 'INVITE';

/** Calls in a world where anything can happen at any moment, the death of the process too. */
class Mess {
  world!: FlowWorld;
  private lives = 0;
  private tags = 0;
  private peers!: Record<PeerName, FlowPeer>;
  /** What the peers have been asked and have not answered. */
  private readonly asked: Record<PeerName, SipRequest[]> = { alice: [], bob: [], ms: [] };
  private readonly dialogs: Record<PeerName, PeerDialog[]> = { alice: [], bob: [], ms: [] };
  private readonly invites: SipRequest[] = [];
  private readonly worlds: FlowWorld[] = [];
  private answers = 0;

  static async begin(): Promise<Mess> {
    const mess = new Mess();
    await mess.live();
    return mess;
  }

  /** A process begins, and takes up what the one before it has left. */
  async live(table?: MemoryCallTable): Promise<void> {
    this.lives += 1;
    this.world = await FlowWorld.start({ routes: ROUTES, ...(table && { table }) });
    this.worlds.push(this.world);
    new FlowRunner({
      registry: this.world.registry,
      flows: {
        document: (id) => Promise.resolve(id === 'menu' ? { version: 1, document: flow } : undefined),
      },
      applications: { ask: () => Promise.resolve(this.answer()), tell: () => undefined },
      conferences: { join: () => Promise.resolve(false) },
      routes: {},
      log: silentLog,
    }).register();
    const peer = (name: PeerName) => this.world.peer(`${name}${this.lives}`, ...HOSTS[name]);
    this.peers = { alice: peer('alice'), bob: peer('bob'), ms: peer('ms') };
    await this.world.registry.restore('node-1');
    await this.settled();
  }

  private answer() {
    this.answers += 1;
    const answer = readWebhookAnswer(ANSWERS[this.answers % (ANSWERS.length + 1)]);
    return answer.ok ? answer : err({ code: 'application_timeout', detail: 'There was none.' } as const);
  }

  /** Everything that goes by itself has gone; what the peers were asked is known. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
    for (const name of PEERS) {
      for (const message of this.peers[name].inbox.splice(0)) this.hear(name, message);
    }
  }

  private hear(name: PeerName, message: FlowPeer['inbox'][number]): void {
    const peer = this.peers[name];
    if (message.kind === 'request') {
      if (message.method !== 'ACK') this.asked[name].push(message);
      return;
    }
    const dialog = this.dialogs[name].find(({ callId }) => callId === message.callId);
    if (!dialog || message.cseq.method !== 'INVITE') return;
    if (message.status < 300) peer.follow(dialog, message);
    if (message.status >= 200 && message.status < 300) peer.within(dialog, 'ACK');
  }

  readonly acts = {
    call: (choice: number) => {
      const numbers = Object.keys(ROUTES);
      const number = numbers[choice % numbers.length] ?? '';
      const dialog = this.peers.alice.invite(`sip:${number}@${LEGATO.host}:${LEGATO.port}`, { text: SDP });
      this.dialogs.alice.push(dialog);
      this.invites.push(dialog.invite);
    },
    cancel: () => {
      const invite = this.invites.at(-1);
      if (invite) this.peers.alice.cancel(invite);
    },
    answer: (choice: number) => this.respond(choice, 200),
    ring: (choice: number) => this.respond(choice, choice % 2 === 0 ? 180 : 183),
    refuse: (choice: number) =>
      this.respond(choice, [486, 302, 408, 481, 488, 500, 503, 603][choice % 8] ?? 500),
    within: (choice: number) => {
      const name = PEERS[choice % PEERS.length] ?? 'alice';
      const dialog = this.dialogs[name].at(-1);
      const method = ['BYE', 'INVITE', 'INFO', 'OPTIONS', 'UPDATE', 'BYE'][choice % 6] ?? 'BYE';
      if (dialog) this.peers[name].within(dialog, method, method === 'INVITE' ? { text: SDP } : undefined);
    },
    exit: (choice: number) => this.tellExit(choice),
    command: (choice: number) => this.command(choice),
    wait: (choice: number) => {
      this.world.clock.advance([200, 2_000, 10_000, 33_000, 61_000][choice % 5] ?? 0);
    },
    die: async () => {
      await this.live(this.world.table);
    },
  } satisfies Readonly<Record<string, (choice: number) => void | Promise<void>>>;

  /** Answers one of the requests that wait. */
  private respond(choice: number, status: number): void {
    const waiting = PEERS.flatMap((name) => this.asked[name].map((request) => ({ name, request })));
    const chosen = waiting[choice % Math.max(1, waiting.length)];
    if (!chosen) return;
    const { name, request } = chosen;
    const peer = this.peers[name];
    if (status >= 200) this.asked[name].splice(this.asked[name].indexOf(request), 1);
    else if (!isOpening(request)) return;
    this.tags += isOpening(request) ? 1 : 0;
    const tag = `${name}-${this.tags}`;
    const isFine = status === 200;
    if (isFine && request.method === 'INFO') {
      const result = { response: '200', confIds: [], dialogIds: [] };
      const text = encodeMsml({ kind: 'result', result }).toString();
      peer.respond(request, 200, { type: 'application/msml+xml', text });
    } else peer.respond(request, status, isFine && isOpening(request) ? { text: SDP } : undefined, tag);
    if (isFine && isOpening(request) && request.to.tag === undefined)
      this.dialogs[name].push(peer.accepted(request, tag));
  }

  /** The media server says that something is over. */
  private tellExit(choice: number): void {
    const dialog = this.dialogs.ms.at(-1);
    const [call] = [...this.world.registry.snapshots()];
    const watched = Object.keys(call?.mediaDialogs ?? {});
    const id = watched[choice % Math.max(1, watched.length)];
    if (!dialog || id === undefined) return;
    const event = { name: 'msml.dialog.exit', id, values: [] };
    const text = encodeMsml({ kind: 'event', event }).toString();
    this.peers.ms.within(dialog, 'INFO', { type: 'application/msml+xml', text });
  }

  private command(choice: number): void {
    const { commands, plays, collects, recordings, b2bua, registry } = this.world;
    const [call] = [...registry.snapshots()];
    if (!call) return;
    const { id } = call;
    const collect = { leg: 'caller', digits: { min: 1, max: 4 }, prompt: [], barge: true } as const;
    const all: readonly (() => Promise<unknown>)[] = [
      () => commands.answer(id, {}),
      () => commands.reject(id, { status: 486 }),
      () => commands.bridge(id, { to: 'sip:bob@192.0.2.3:5060', mode: 'anchored', stays: choice % 2 === 0 }),
      () => commands.hold(id),
      () => commands.resume(id),
      () => commands.mute(id, 'caller'),
      () => commands.move(id, choice % 2 === 0 ? 'anchored' : 'direct'),
      () => plays.startPlay(id, { sources: [{ file: 'a.wav' }], loop: 1, barge: false }),
      () =>
        collects.startCollect(id, {
          ...collect,
          firstDigitMs: 5_000,
          interDigitMs: 3_000,
          retries: 0,
          sensitive: choice % 2 === 0,
        }),
      () => recordings.startRecording(id, { channels: 'mono' }),
      () => b2bua.hangup(id),
    ];
    void all[choice % all.length]?.();
  }

  /** Nobody says anything any more; every call is over when its time is. */
  async quiet(): Promise<void> {
    for (let hour = 0; hour < HOURS; hour += 1) {
      this.world.clock.advance(HOUR_MS);
      await this.settled();
    }
  }

  /** What was told of each call, in all lives. */
  async told(): Promise<Map<string, string[]>> {
    const told = new Map<string, string[]>();
    for (const { events } of this.worlds) {
      for (const { subject, type } of (await events.read('', 100_000)).events) {
        told.set(subject, [...(told.get(subject) ?? []), type]);
      }
    }
    return told;
  }

  async records(): Promise<string[]> {
    const all = await Promise.all(this.worlds.map((world) => world.records()));
    return all.flat().map(({ call_id: id }) => id);
  }

  get errors(): unknown[] {
    return this.worlds.flatMap(({ errors }) => errors);
  }
}

type Act = keyof Mess['acts'];
const WEIGHTS: Readonly<Record<Act, number>> = {
  call: 2,
  cancel: 1,
  answer: 10,
  ring: 2,
  refuse: 2,
  within: 2,
  exit: 2,
  command: 5,
  wait: 2,
  die: 1,
};

const act = fc.oneof(
  ...Object.entries(WEIGHTS).map(([name, weight]) => ({
    weight,
    arbitrary: fc.tuple(fc.constant(name as Act), fc.nat(10_000)),
  })),
);

describe('a call', () => {
  it('ends with one call.ended and one record, whatever happens, and holds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), fc.array(act, { maxLength: 40 }), async (first, acts) => {
        const mess = await Mess.begin();
        mess.acts.call(first);
        await mess.settled();
        for (const [name, choice] of acts) {
          await mess.acts[name](choice);
          await mess.settled();
        }
        await mess.quiet();
        const told = await mess.told();
        const records = await mess.records();
        expect(records.sort()).toEqual([...told.keys()].sort());
        for (const types of told.values()) {
          expect(types.filter((type) => type === 'call.ended')).toHaveLength(1);
          expect(types.at(-1)).toBe('call.ended');
          expect(types.filter((type) => type === 'call.answered').length).toBeLessThanOrEqual(1);
          const flows = types.filter((type) => type === 'flow.completed').length;
          expect(flows).toBeLessThanOrEqual(2);
        }
        expect(mess.errors).toEqual([]);
        expect(mess.world.settle()).toEqual(NOTHING_HELD);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
