import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, audio } from './support/flow-world';

const URI = `sip:1000@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');
const ALICE = '"Alice" <sip:+4930123@example.com>';
const BOB = '<sip:+4940456@example.com>';
const CALLER = '192.0.2.2';
const CALLEE = '192.0.2.3';
const ASSERTED = 'P-Asserted-Identity';

/** RFC 3325 §5: who is told whose identity, by who is trusted and what the party asks for. */
describe('an asserted identity', () => {
  let caller: FlowPeer;
  let callee: FlowPeer;

  async function start(trusted: readonly string[], to = 'sip:bob@192.0.2.3:5060'): Promise<FlowWorld> {
    const world = await FlowWorld.start({ routes: { '1000': { to, mode: 'direct' } }, trusted });
    caller = world.peer('alice', CALLER, 5060);
    callee = world.peer('bob', CALLEE, 5060);
    return world;
  }

  it.each([
    ['from a trusted peer to a trusted one is kept', [CALLER, CALLEE], 'none', ALICE],
    ['from a trusted peer to a trusted one is kept though it is private', [CALLER, CALLEE], 'id', ALICE],
    ['from a trusted peer to anybody is passed when nothing is asked for', [CALLER], undefined, ALICE],
    ['from a trusted peer to anybody is passed when that is asked for', [CALLER], 'none', ALICE],
    ['from a trusted peer to anybody is removed with Privacy: id', [CALLER], 'critical;ID', undefined],
    ['from a trusted peer to anybody is removed with Privacy: user', [CALLER], 'user', undefined],
    ['from anybody to a trusted peer is removed', [CALLEE], undefined, undefined],
    ['from anybody to anybody is removed', [], 'none', undefined],
  ])('%s', async (_what, trusted, privacy, expected) => {
    await start(trusted);
    caller.invite(URI, { text: OFFER }, [
      [ASSERTED, ALICE],
      ['P-Preferred-Identity', ALICE],
      ...(privacy === undefined ? [] : ([['Privacy', privacy]] as const)),
    ]);
    const { headers } = callee.request('INVITE');
    expect(headers.get(ASSERTED)).toBe(expected);
    expect(headers.get('Privacy')).toBe(privacy);
    expect(headers.has('P-Preferred-Identity')).toBe(false);
  });

  it.each([
    ['goes back to a trusted caller', [CALLER, CALLEE], 'id', BOB],
    ['goes back to any caller', [CALLEE], undefined, BOB],
    ['does not go back when it is private', [CALLEE], 'id', undefined],
    ['does not go back from anybody', [CALLER], undefined, undefined],
  ])('of who answers %s', async (_what, trusted, privacy, expected) => {
    await start(trusted);
    const dialog = caller.invite(URI, { text: OFFER });
    const invite = callee.request('INVITE');
    const said = [
      [ASSERTED, BOB],
      ...(privacy === undefined ? [] : ([['Privacy', privacy]] as const)),
    ] as const;
    callee.respond(invite, 180, undefined, 'bob-tag', said);
    expect(caller.response(180).headers.get(ASSERTED)).toBe(expected);
    callee.respond(invite, 200, { text: ANSWER }, 'bob-tag', said);
    expect(caller.response(200).headers.get(ASSERTED)).toBe(expected);
    caller.within(dialog, 'ACK');
  });

  it('is two values at most, and none that is no identity', async () => {
    await start([CALLER, CALLEE]);
    caller.invite(URI, { text: OFFER }, [[ASSERTED, `<tel:+4930123>, "nobody", ${ALICE}, ${BOB}`]]);
    expect(callee.request('INVITE').headers.getAll(ASSERTED)).toEqual(['<tel:+4930123>', ALICE]);
  });

  it('is not told to a trusted address that is only named on the way to another (maddr)', async () => {
    await start([CALLER, CALLEE], 'sip:bob@192.0.2.3:5060;maddr=192.0.2.3');
    caller.invite(URI, { text: OFFER }, [
      [ASSERTED, ALICE],
      ['Privacy', 'id'],
    ]);
    expect(callee.request('INVITE').headers.has(ASSERTED)).toBe(false);
  });
});
