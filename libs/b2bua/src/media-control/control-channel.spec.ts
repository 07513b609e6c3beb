import type { MsmlEvent, MsmlOutcome } from '@legato/msml';
import { decodeMsml, encodeMsml } from '@legato/msml';
import type { ScriptedCall } from '@legato/testing';
import { NOTHING_HELD, TwoUserAgents, sdp } from '@legato/testing';
import type { ControlChannelOpening } from './control-channel';
import { ControlChannel } from './control-channel';

const MSML = 'application/msml+xml';
const AUDIT = [{ element: 'audit' as const, queryid: 'conf:*' }];
const MEDIALESS = sdp('v=0 no media');

/** Alice has the channel, Bob is the media server. */
async function setUp(dialect: 'rfc' | 'convedia' = 'rfc') {
  const both = await TwoUserAgents.start();
  const lost: string[] = [];
  const events: MsmlEvent[] = [];
  const channel = new ControlChannel({
    id: 'control',
    server: { uri: both.bob.uri, dialect },
    clock: both.clock,
    output: both.alice.runner.output,
    address: '192.0.2.1:5060',
    onLost: () => lost.push('lost'),
    onEvent: (event) => events.push(event),
  });
  both.alice.runner.deliver = (usageId, feed) => void channel.deliver(usageId, feed);
  /** The answer once the messages that lead to it have travelled. */
  const after = async <T>(promise: Promise<T>, ms?: number): Promise<T> => {
    both.run(ms);
    return promise;
  };
  const open = async (): Promise<ScriptedCall> => {
    const opening = channel.open();
    both.run();
    both.bob.call.usage.accept(MEDIALESS);
    expect(await after(opening)).toEqual({ open: true });
    return both.bob.call;
  };
  const answer = (call: ScriptedCall, status: number, text?: string): void => {
    const { transactionKey } = call.last('request');
    const body = text === undefined ? undefined : { contentType: MSML, bytes: Buffer.from(text) };
    call.usage.respond(transactionKey, status, body);
  };
  return { both, channel, lost, events, after, open, answer };
}

const result = (response: string): string =>
  encodeMsml({ kind: 'result', result: { response, confIds: [], dialogIds: [] } }).toString();

describe('a control channel', () => {
  it('is a dialog without media, and ends without a trace', async () => {
    const { both, channel, open, after } = await setUp();
    const call = await open();
    expect(call.invite?.body.toString()).toMatch(/^v=0\r\n/);
    expect(call.invite?.body.toString()).not.toContain('m=');
    expect(await channel.open()).toEqual({ open: true });
    await after(channel.close());
    expect(call.told).toEqual(['acknowledged INVITE', 'bye', 'ended bye received']);
    await channel.close();
    expect(both.settle()).toEqual(NOTHING_HELD);
  });

  it('carries requests in the dialect of the media server, one at a time, and their results', async () => {
    const { both, channel, open, answer, after } = await setUp('convedia');
    const call = await open();
    const [first, second] = [channel.ask(AUDIT), channel.ask(AUDIT)];
    both.run();
    const { request } = call.last('request');
    expect(request.body.toString()).toContain('encoding="US-ASCII"');
    expect(decodeMsml(request.body)).toMatchObject({ value: { operations: AUDIT } });
    expect(call.told.filter((told) => told === 'request INFO')).toHaveLength(1);
    answer(call, 200, result('200'));
    expect(await after(first)).toMatchObject({ ok: true, response: '200' });
    answer(call, 200, result('510'));
    expect(await after(second)).toMatchObject({ ok: false, response: '510', sipStatus: 200 });
  });

  it('answers 408 for a request that nobody answers, and takes no notice of a late answer', async () => {
    const { both, channel, open, answer, after } = await setUp();
    const call = await open();
    const outcome = channel.ask(AUDIT);
    expect(await after(outcome, 4_000)).toMatchObject({ ok: false, sipStatus: 408 });
    answer(call, 200, result('200'));
    both.run();
    const again = channel.ask(AUDIT);
    both.run();
    answer(call, 200, result('200'));
    expect(await after(again)).toMatchObject({ ok: true });
  });

  it('is not asked when it is not open', async () => {
    const { channel } = await setUp();
    expect(await channel.ask(AUDIT)).toMatchObject({ ok: false, sipStatus: 480 });
  });

  it('says with which status it was refused', async () => {
    const { both, channel, after } = await setUp();
    const opening = channel.open();
    both.run();
    both.bob.call.usage.refuse(488);
    expect(await after(opening)).toEqual({ open: false, status: 488 });
    expect(both.settle()).toEqual(NOTHING_HELD);
  });

  it('gives up after 4 s, and hangs up when the media server accepts after all', async () => {
    const { both, channel, after } = await setUp();
    const opening = channel.open();
    both.run();
    const late = both.bob.call;
    late.usage.provisional(100);
    expect(await after<ControlChannelOpening>(opening, 4_000)).toEqual({ open: false, status: 408 });
    expect(late.told).toContain('cancelled');
    const again = channel.open();
    both.run();
    both.bob.call.usage.accept(MEDIALESS);
    expect(await after(again)).toEqual({ open: true });
    await after(channel.close());
    expect(both.settle()).toEqual(NOTHING_HELD);
  });

  it('tells that it was lost, fails what was asked, and can be opened again', async () => {
    const { both, channel, open, after, lost } = await setUp();
    const call = await open();
    const asked: Promise<MsmlOutcome> = channel.ask(AUDIT);
    both.run();
    call.usage.bye();
    expect(await after(asked)).toMatchObject({ ok: false });
    expect(lost).toEqual(['lost']);
    await open();
    expect(both.bob.calls).toHaveLength(2);
    await after(channel.close());
    expect(both.settle()).toEqual(NOTHING_HELD);
  });

  it('closes even when the media server does not answer', async () => {
    const { both, channel, open, after } = await setUp();
    await open();
    both.lose = () => true;
    const closing = channel.close();
    expect(await channel.open()).toEqual({ open: false, status: 480 });
    await after(closing, 4_000);
    both.settle();
    expect(both.alice.held()).toMatchObject({ usages: 0, dialogs: 0, nonInviteClient: 0 });
  });

  it('closes while it is being opened', async () => {
    const { both, channel, after } = await setUp();
    const opening = channel.open();
    const closing = channel.close();
    expect(await after(opening)).toEqual({ open: false, status: 408 });
    await closing;
    both.run();
    both.bob.call.usage.accept(MEDIALESS);
    both.run();
    expect(both.settle()).toEqual(NOTHING_HELD);
  });

  it.each([
    ['an event', MSML, '<msml version="1.1"><event name="msml.conf.nomedia" id="conf:1"/></msml>', 200],
    ['no event', MSML, '<msml version="1.1"><result response="200"/></msml>', 400],
    ['no XML', MSML, 'hello', 400],
    ['something else', 'text/plain', 'hello', 415],
    ['nothing', undefined, '', 200],
  ])('answers an INFO with %s', async (_what, contentType, text, status) => {
    const { both, open, events } = await setUp();
    const call = await open();
    call.usage.request(
      'INFO',
      'told',
      contentType === undefined ? undefined : { contentType, bytes: Buffer.from(text) },
    );
    both.run();
    expect(call.last('answered').status).toBe(status);
    expect(events.map(({ name }) => name)).toEqual(text.includes('event') ? ['msml.conf.nomedia'] : []);
  });

  it('answers signs of life, and refuses what it has no use for', async () => {
    const { both, open } = await setUp();
    const call = await open();
    call.usage.request('OPTIONS', 'alive');
    both.run();
    expect(call.last('answered').status).toBe(200);
    call.usage.request('MESSAGE', 'words', { contentType: 'text/plain', bytes: Buffer.from('hi') });
    both.run();
    expect(call.last('answered').status).toBe(488);
    call.usage.reinvite(MEDIALESS);
    both.run();
    expect(call.last('accepted').response.body.toString()).not.toContain('m=');
  });

  it('leaves the dialogs of others alone', async () => {
    const { channel } = await setUp();
    expect(channel.deliver('call_1/1', () => [])).toBe(false);
    expect(channel.deliver('control/9', () => [])).toBe(true);
  });
});
