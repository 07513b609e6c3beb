import { FlowWorld, NOTHING_HELD, audio } from './support/flow-world';

describe('a call to a tel: URI (RFC 3966 §5)', () => {
  it('finds the route of its number, without visual separators', async () => {
    const to = 'sip:bob@192.0.2.3:5060';
    const world = await FlowWorld.start({ routes: { '+49301000': { to, mode: 'direct' } } });
    const caller = world.peer('alice', '192.0.2.2', 5060);
    const callee = world.peer('bob', '192.0.2.3', 5060);
    const dialog = caller.invite('tel:+49-(30)-1000', { text: audio('192.0.2.2', 4000) });
    const invite = callee.request('INVITE');
    expect([invite.requestUri, invite.to.uri]).toEqual([to, to]);
    callee.respond(invite, 486);
    caller.response(486);
    caller.within(dialog, 'ACK');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('gets 404 when its number has none', async () => {
    const world = await FlowWorld.start();
    const caller = world.peer('alice', '192.0.2.2', 5060);
    caller.invite('tel:1000;phone-context=+49', { text: audio('192.0.2.2', 4000) });
    caller.response(404);
  });
});
