import { MemoryDocumentStore } from '@legato/b2bua';
import type { DocumentStore } from '@legato/b2bua';
import { randomIds, silentLog } from '@legato/kernel';
import type { MsmlDocument } from '@legato/msml';
import { encodeMsml } from '@legato/msml';
import { TwoUserAgents, sdp } from '@legato/testing';
import { Drains } from './drains';
import { deliverFirst, MediaServers } from './media-servers';
import type { ConfiguredMediaServer } from './media-servers-file';

const MSML = 'application/msml+xml';
/** A server that is asked by OPTIONS alone. */
const OTHER = 'sip:192.0.2.8';
const settle = (): Promise<void> => new Promise(setImmediate);

interface World {
  /** How the media server answers: INVITE by `invite`, an audit by `audit`. */
  readonly answers: { options: boolean; other: boolean; invite: number; audit: string | undefined };
  readonly documents?: DocumentStore;
}

/** Alice is the control plane, Bob a media server that answers as it is told. */
async function setUp(world: Partial<World> = {}) {
  const answers: World['answers'] = {
    options: true,
    other: true,
    invite: 200,
    audit: '200',
    ...world.answers,
  };
  const both = await TwoUserAgents.start({ bob: { onCall: (call) => answerInvite(call) } });
  const { clock } = both;
  const answerInvite = ({ usage }: (typeof both.bob.calls)[number]): void => {
    if (answers.invite < 300) usage.accept(sdp('v=0 no media'));
    else usage.refuse(answers.invite);
  };
  both.bob.onEvent = (call, event) => {
    if (event.type !== 'request' || answers.audit === undefined) return;
    const result: MsmlDocument = {
      kind: 'result',
      result: {
        response: answers.audit,
        confIds: [],
        dialogIds: [],
        auditResults: answers.audit === '200' ? [{ targetid: 'conf:x' }] : [],
      },
    };
    call.usage.respond(event.transactionKey, 200, { contentType: MSML, bytes: encodeMsml(result) });
  };
  const servers: ConfiguredMediaServer[] = [
    { id: 'bob', uri: both.bob.uri, dialect: 'rfc', weight: 1, control: true },
    { id: 'other', uri: OTHER, dialect: 'rfc', weight: 1, control: false },
  ];
  const told: string[] = [];
  const asked: string[] = [];
  const base = { clock, ids: randomIds, log: silentLog };
  const documents = world.documents ?? new MemoryDocumentStore();
  const mediaServers = new MediaServers({
    ...base,
    servers,
    address: '192.0.2.1:5060',
    probe: (uri) => {
      asked.push(uri);
      return Promise.resolve(uri === OTHER ? answers.other : answers.options);
    },
    drains: new Drains({ ...base, documents }),
    report: (type, _subject, { id }) => Promise.resolve(void told.push(`${type} ${id}`)),
  });
  mediaServers.connectThrough(both.alice.runner);
  both.alice.runner.deliver = deliverFirst(mediaServers, () => undefined);
  /** Lets messages and promises take their turns. */
  const pass = async (ms = 0): Promise<void> => {
    clock.advance(ms);
    for (let turn = 0; turn < 12; turn += 1) {
      await settle();
      both.run();
    }
  };
  const states = (): string[] => mediaServers.standings().map(({ state }) => state);
  const start = async (): Promise<void> => {
    mediaServers.start();
    await pass();
  };
  return { both, mediaServers, answers, told, asked, documents, pass, states, start };
}

describe('the media servers of a node', () => {
  it('are down until they answer, and get work all the same', async () => {
    const { mediaServers, states, start, told } = await setUp();
    expect([states(), mediaServers.anyUp]).toEqual([['down', 'down'], false]);
    expect(mediaServers.pool.choose([])).toBeDefined();
    await start();
    expect([states(), mediaServers.anyUp]).toEqual([['up', 'up'], true]);
    expect(told.sort()).toEqual(['media_server.up bob', 'media_server.up other']);
    expect(mediaServers.counts()).toEqual({ up: 2, draining: 0, down: 0 });
  });

  it('are asked by audit over a dialog without media, which is closed in the end', async () => {
    const { both, mediaServers, start, pass } = await setUp();
    await start();
    expect(both.bob.calls.map(({ told }) => told)).toEqual([['acknowledged INVITE', 'request INFO']]);
    expect([mediaServers.hasChannel('bob'), mediaServers.hasChannel('other')]).toEqual([true, false]);
    await pass(15_000);
    expect(both.bob.call.told).toEqual(['acknowledged INVITE', 'request INFO', 'request INFO']);
    const stopped = mediaServers.stop();
    await pass();
    await stopped;
    expect(both.bob.call.hasEnded).toBe(true);
    expect(both.settle()).toMatchObject({ timers: 0, usages: 0, dialogs: 0 });
  });

  it('are down when they answer OPTIONS but no audit, and up again when they do', async () => {
    const { mediaServers, states, start, pass, answers, told } = await setUp();
    await start();
    answers.audit = undefined;
    await pass(15_000);
    await pass(4_000);
    expect(states()).toEqual(['down', 'up']);
    expect(mediaServers.pool.choose([OTHER])).toBeUndefined();
    answers.audit = '200';
    // The INFO that nobody answered has to run out before the next one leaves.
    await pass(32_000);
    await pass(4_000);
    await pass(4_000);
    expect(states()).toEqual(['up', 'up']);
    expect(told).toEqual([
      'media_server.up other',
      'media_server.up bob',
      'media_server.down bob',
      'media_server.up bob',
    ]);
  });

  it('are told to be silent when a second look finds that they do not answer OPTIONS, until they do', async () => {
    const { mediaServers, start, pass, answers } = await setUp();
    const silent: string[] = [];
    mediaServers.onSilent = (uri) => silent.push(uri);
    await start();
    answers.other = false;
    await pass(15_000);
    expect(silent).toEqual([]);
    await pass(2_000);
    await pass(2_000);
    expect(silent).toEqual([OTHER]);
    answers.other = true;
    await pass(2_000);
    await pass(15_000);
    expect(silent).toEqual([OTHER]);
  });

  it('are down when they say that they are out of service', async () => {
    const { states, start, pass, answers } = await setUp();
    await start();
    answers.audit = '510';
    await pass(15_000);
    expect(states()).toEqual(['down', 'up']);
  });

  it('are up when they do not know audit', async () => {
    const { states, start } = await setUp({
      answers: { options: true, other: true, invite: 200, audit: '402' },
    });
    await start();
    expect(states()).toEqual(['up', 'up']);
  });

  it('are asked by OPTIONS alone when they refuse a dialog without media for good', async () => {
    const refusing = { options: true, other: true, invite: 488, audit: '200' };
    const { both, states, start, pass } = await setUp({ answers: refusing });
    await start();
    await pass(15_000);
    expect(states()).toEqual(['up', 'up']);
    expect(both.bob.calls).toHaveLength(1);
  });

  it('are down when they can not take it now', async () => {
    const busy = { options: true, other: true, invite: 503, audit: '200' };
    const { both, states, start, pass } = await setUp({ answers: busy });
    await start();
    expect(states()).toEqual(['down', 'up']);
    await pass(2_000);
    expect(both.bob.calls).toHaveLength(2);
  });

  it('are asked at once when they hang up the control channel, which is opened again', async () => {
    const { both, mediaServers, start, pass, states } = await setUp();
    await start();
    both.bob.call.usage.bye();
    await pass();
    expect([both.bob.calls.length, mediaServers.hasChannel('bob'), states()]).toEqual([
      2,
      true,
      ['up', 'up'],
    ]);
  });

  it('are up when they do not know the control channel after a restart', async () => {
    const { both, start, pass, states, told, answers } = await setUp();
    await start();
    const before = both.bob.call;
    answers.audit = undefined;
    await pass(15_000);
    answers.audit = '200';
    before.usage.respond(before.last('request').transactionKey, 481);
    await pass();
    expect([states(), both.bob.calls.length]).toEqual([['up', 'up'], 2]);
    expect(told).toHaveLength(2);
  });

  it('are asked at once when a call finds one that does not work', async () => {
    const { mediaServers, start, pass, states, answers } = await setUp();
    await start();
    answers.other = false;
    mediaServers.pool.reportFailure(OTHER);
    await pass();
    expect(states()).toEqual(['up', 'down']);
  });

  it('drain for every node of the store, and again after a restart', async () => {
    const { mediaServers, documents, start, states, told, pass } = await setUp();
    await start();
    const beside = await setUp({ documents });
    await beside.start();
    expect(await mediaServers.drain('bob', true)).toBe(true);
    expect([states(), told.at(-1)]).toEqual([['draining', 'up'], 'media_server.draining bob']);
    expect(mediaServers.pool.choose([])?.uri).toBe(OTHER);
    expect(mediaServers.counts()).toEqual({ up: 1, draining: 1, down: 0 });
    await beside.pass(5_000);
    expect(beside.states()).toEqual(['draining', 'up']);
    const later = await setUp({ documents });
    await later.start();
    expect(later.states()).toEqual(['draining', 'up']);
    expect(await mediaServers.drain('bob', false)).toBe(true);
    expect([states(), told.at(-1)]).toEqual([['up', 'up'], 'media_server.up bob']);
    await pass(5_000);
    await beside.pass(5_000);
    expect([states(), beside.states()]).toEqual([
      ['up', 'up'],
      ['up', 'up'],
    ]);
    expect(await mediaServers.drain('nobody', true)).toBe(false);
  });

  it('are not ready when all drain or are down', async () => {
    const { mediaServers, start, pass, answers } = await setUp();
    await start();
    await mediaServers.drain('bob', true);
    expect(mediaServers.anyUp).toBe(true);
    answers.other = false;
    await pass(15_000);
    expect(mediaServers.anyUp).toBe(false);
  });

  it('are asked for what an operator wants to know', async () => {
    const { mediaServers, start, pass } = await setUp();
    await start();
    const outcome = mediaServers.ask('bob', [{ element: 'audit', queryid: 'conf:*' }]);
    await pass();
    expect(await outcome).toMatchObject({ ok: true, auditResults: [{ targetid: 'conf:x' }] });
    expect(await mediaServers.ask('other', [])).toBeUndefined();
  });

  it('count what they tell on a control channel of objects that nobody knows', async () => {
    const { both, mediaServers, start, pass } = await setUp();
    await start();
    const text = '<msml version="1.1"><event name="msml.conf.nomedia" id="conf:1"/></msml>';
    both.bob.call.usage.request('INFO', 'event', { contentType: MSML, bytes: Buffer.from(text) });
    await pass();
    expect(mediaServers.unknownEvents).toBe(1);
  });
});
