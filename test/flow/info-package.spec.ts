import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

describe('an INFO with an Info-Package (RFC 6086 §4.2.2)', () => {
  it('gets 469 with the packages that are taken, which are none; the call and legacy INFO go on', async () => {
    const route = { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } as const;
    const world = await FlowWorld.start({ routes: { '1000': route } });
    const caller = world.peer('alice', '192.0.2.2', 5060);
    const callee = world.peer('bob', '192.0.2.3', 5060);
    const dialog = caller.invite(`sip:1000@${LEGATO.host}:${LEGATO.port}`, {
      text: audio('192.0.2.2', 4000),
    });
    callee.respond(callee.request('INVITE'), 200, { text: audio('192.0.2.3', 5000) });
    callee.request('ACK');
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');

    const digit = { type: 'application/dtmf-relay', text: 'Signal=5\r\n' };
    caller.within(dialog, 'INFO', digit, [['Info-Package', 'dtmf']]);
    expect(caller.response(469).headers.get('Recv-Info')).toBe('');
    expect(callee.inbox).toEqual([]);
    caller.within(dialog, 'INFO', digit);
    callee.respond(callee.request('INFO'), 200);
    caller.response(200);

    caller.within(dialog, 'BYE');
    callee.respond(callee.request('BYE'), 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
    expect(world.errors).toEqual([]);
  });
});
