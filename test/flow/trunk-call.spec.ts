import { randomIds, silentLog } from '@legato/kernel';
import type { SipRequest } from '@legato/sip';
import { decodeDigestCredentials, DigestClient, SipResponse } from '@legato/sip';
import { TrunkRoutes } from '../../apps/control-plane/src/trunks/trunk-routes';
import { TrunkTable } from '../../apps/control-plane/src/trunks/trunk-table';
import { parseTrunks } from '../../apps/control-plane/src/trunks/trunks-file';
import type { FlowPeer } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const uri = (number: string) => `sip:${number}@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.31', 5000, 'sendrecv', '8');
const CHALLENGE = 'Digest realm="carrier.example", nonce="n1", algorithm=SHA-256, qop="auth"';

/** Two gateways of a carrier and a callee that is none. */
async function start(changes: object = {}) {
  const trunk = {
    name: 'carrier',
    targets: ['sip:192.0.2.31:5060', 'sip:192.0.2.32:5060'],
    realm: 'carrier.example',
    user: 'legato',
    password: 'canary',
    prefixes: ['00'],
    ...changes,
  };
  const parsed = parseTrunks(JSON.stringify([trunk]));
  if (!parsed.ok) throw new Error(parsed.error);
  const { trunks } = parsed.value;
  let table!: TrunkTable;
  const world = await FlowWorld.start({
    routes: {
      '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' },
      '2000': { to: 'sip:+4930@carrier', mode: 'direct' },
    },
    trunks: (routes, clock) => {
      table = new TrunkTable({ trunks, clock, log: silentLog });
      const accounts = trunks.flatMap(({ account }) => (account ? [account] : []));
      return {
        routes: new TrunkRoutes(routes, table),
        trunks: table,
        authorizer: new DigestClient({ accounts, ids: randomIds }),
      };
    },
  });
  const caller = world.peer('alice', '192.0.2.2', 5060);
  const first = world.peer('gw1', '192.0.2.31', 5060);
  const second = world.peer('gw2', '192.0.2.32', 5060);
  const bob = world.peer('bob', '192.0.2.3', 5060);
  return { world, table, caller, first, second, bob };
}

const credentialsOf = (request: SipRequest) =>
  decodeDigestCredentials(request.headers.get('Proxy-Authorization') ?? '');

/** Refuses what waits for this peer with a challenge. */
function challenge(peer: FlowPeer, method = 'INVITE', value = CHALLENGE): SipRequest {
  const request = peer.request(method);
  peer.respond(request, 407, undefined, 'challenge', [['Proxy-Authenticate', value]]);
  if (method === 'INVITE') peer.request('ACK');
  return request;
}

describe('a call over a trunk', () => {
  it('leaves by the trunk with the prefix, by the first target, under the name of the carrier', async () => {
    const { caller, first, world } = await start();
    const dialog = caller.invite(uri('0049301234'), { text: OFFER });
    const invite = first.request('INVITE');
    expect([invite.requestUri, invite.to.uri]).toEqual([
      'sip:0049301234@192.0.2.31:5060',
      'sip:0049301234@carrier.example',
    ]);
    expect(invite.headers.has('Proxy-Authorization')).toBe(false);
    first.respond(invite, 486);
    caller.response(486);
    caller.within(dialog, 'ACK');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it('leaves by it as well when a route names it', async () => {
    const { caller, first } = await start();
    caller.invite(uri('2000'), { text: OFFER });
    expect(first.request('INVITE').requestUri).toBe('sip:+4930@192.0.2.31:5060');
  });

  it('has 404 for a number that no trunk takes', async () => {
    const { caller } = await start();
    caller.invite(uri('3000'), { text: OFFER });
    caller.response(404);
  });

  it('answers the challenge of the trunk with the next CSeq and a new branch, and again in the dialog (RFC 3261 §22.2)', async () => {
    const { world, caller, first } = await start();
    const dialog = caller.invite(uri('001'), { text: OFFER });
    const before = challenge(first);
    const invite = first.request('INVITE');
    expect([invite.callId, invite.from.tag, invite.cseq.number]).toEqual([before.callId, before.from.tag, 2]);
    expect(invite.via.branch).not.toBe(before.via.branch);
    expect(credentialsOf(invite)).toMatchObject({
      username: 'legato',
      realm: 'carrier.example',
      nc: '00000001',
    });
    first.respond(invite, 200, { text: ANSWER });
    expect(first.request('ACK').headers.get('Proxy-Authorization')).toBe(
      invite.headers.get('Proxy-Authorization'),
    );
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    expect(JSON.stringify(world.call)).not.toContain('canary');
    caller.within(dialog, 'BYE');
    challenge(first, 'BYE');
    const bye = first.request('BYE');
    expect([bye.cseq.number, credentialsOf(bye)?.nc]).toEqual([4, '00000002']);
    first.respond(bye, 200);
    expect(world.settle()).toEqual(NOTHING_HELD);
  });

  it.each([
    [403, 494],
    [502, 416],
    [502, 420],
    [502, 421],
    [413, 413],
  ])('tells the caller %i for a %i that is between us and the trunk', async (told, said) => {
    const { caller, first, world } = await start();
    caller.invite(uri('00491'), { text: OFFER });
    first.respond(first.request('INVITE'), said);
    expect(caller.response(told).reason).not.toBe('');
    world.clock.advance(1);
    expect(await world.records()).toMatchObject([{ sip: { status: said } }]);
  });

  it('is refused, by 403 to the caller, when its credentials are: there is no third try', async () => {
    const { world, caller, first, second } = await start();
    caller.invite(uri('001'), { text: OFFER });
    challenge(first);
    challenge(first, 'INVITE', CHALLENGE.replace('n1', 'n2'));
    expect(first.summary()).toBe('[]');
    expect(second.summary()).toBe('[]');
    expect(caller.response(403).headers.has('Proxy-Authenticate')).toBe(false);
    expect(world.registry.size).toBeLessThan(2);
  });

  it('gives its credentials to no other realm', async () => {
    const { caller, first } = await start();
    caller.invite(uri('001'), { text: OFFER });
    challenge(first, 'INVITE', CHALLENGE.replace('carrier.', 'evil.'));
    expect(first.summary()).toBe('[]');
    caller.response(403);
  });
});

describe('a call to somebody who is no trunk', () => {
  it('gives credentials to nobody, whatever realm is named: not for INVITE, not within the dialog', async () => {
    const { caller, bob, world } = await start();
    caller.invite(uri('1000'), { text: OFFER });
    challenge(bob);
    expect(bob.summary()).toBe('[]');
    caller.response(403);
    const dialog = caller.invite(uri('1000'), { text: OFFER });
    const invite = bob.request('INVITE');
    bob.respond(invite, 200, { text: ANSWER });
    caller.follow(dialog, caller.response(200));
    caller.within(dialog, 'ACK');
    caller.within(dialog, 'INFO', { type: 'application/dtmf-relay', text: 'Signal=1' });
    challenge(bob, 'INFO');
    expect(bob.summary()).toBe('[]');
    caller.within(dialog, 'BYE');
    challenge(bob, 'BYE');
    expect(bob.summary()).toBe('[]');
    expect(world.settle()).toEqual(NOTHING_HELD);
  });
});

describe('the targets of a trunk', () => {
  it.each([500, 503])('are tried in order when one answers %d', async (status) => {
    const { caller, first, second } = await start();
    caller.invite(uri('001'), { text: OFFER });
    first.respond(first.request('INVITE'), status);
    second.respond(second.request('INVITE'), 200, { text: ANSWER });
    caller.response(200);
  });

  it('are tried in order when one says nothing, within the ring time of the call', async () => {
    const { world, caller, first, second } = await start();
    caller.invite(uri('001'), { text: OFFER });
    first.request('INVITE');
    world.clock.advance(64 * 500);
    expect(second.request('INVITE').requestUri).toBe('sip:001@192.0.2.32:5060');
    expect(caller.summary()).toBe('[100]');
  });

  it.each([404, 486, 480, 600])('are not tried when the callee answers %d', async (status) => {
    const { caller, first, second } = await start();
    caller.invite(uri('001'), { text: OFFER });
    first.respond(first.request('INVITE'), status);
    caller.response(status);
    expect(second.summary()).toBe('[]');
  });

  it('ring for the whole ring time: no second one is tried while the first one rings', async () => {
    const { world, caller, first, second } = await start();
    caller.invite(uri('001'), { text: OFFER });
    first.respond(first.request('INVITE'), 180);
    world.clock.advance(59_000);
    expect([first.summary(), second.summary()]).toEqual(['[]', '[]']);
    world.clock.advance(1_000);
    expect(first.summary()).toBe('[CANCEL]');
    caller.response(480);
  });

  it('get no calls for as long as Retry-After says (RFC 3261 §21.5.4)', async () => {
    const { world, caller, first, second } = await start();
    caller.invite(uri('001'), { text: OFFER });
    first.respond(first.request('INVITE'), 503, undefined, 't', [['Retry-After', '60']]);
    second.respond(second.request('INVITE'), 486);
    caller.invite(uri('002'), { text: OFFER });
    second.respond(second.request('INVITE'), 486);
    first.request('ACK');
    expect(first.summary()).toBe('[]');
    world.clock.advance(61_000);
    caller.invite(uri('003'), { text: OFFER });
    first.request('INVITE');
  });

  it('have 503 with Retry-After for the caller when all want to be left alone', async () => {
    const { caller, first, second } = await start();
    caller.invite(uri('001'), { text: OFFER });
    for (const gateway of [first, second]) {
      gateway.respond(gateway.request('INVITE'), 503, undefined, 't', [['Retry-After', '60']]);
    }
    caller.response(503);
    caller.invite(uri('002'), { text: OFFER });
    await new Promise(setImmediate);
    expect(caller.response(503).headers.get('Retry-After')).toBe('5');
  });

  it('that did not work come last, until OPTIONS finds that they do', async () => {
    const { caller, first, second, table } = await start();
    table.reportHealth('sip:192.0.2.31:5060', false);
    caller.invite(uri('001'), { text: OFFER });
    second.respond(second.request('INVITE'), 486);
    table.reportHealth('sip:192.0.2.31:5060', true);
    caller.invite(uri('002'), { text: OFFER });
    first.request('INVITE');
  });
});

describe('a redirection by a trunk (RFC 3261 §8.1.3.4)', () => {
  function redirect(peer: FlowPeer, ...contacts: string[]): void {
    const headers = [['Contact', contacts.join(', ')]] as const;
    peer.send(SipResponse.to(peer.request('INVITE'), 302, { toTag: 't', headers }));
  }

  it('is not followed: the caller gets 480', async () => {
    const { caller, first, second, bob } = await start();
    caller.invite(uri('001'), { text: OFFER });
    redirect(first, '<sip:0900@192.0.2.3>');
    caller.response(480);
    expect([second.summary(), bob.summary()]).toEqual(['[]', '[]']);
  });

  it('is followed where the trunk says so: by q, and credentials stay with the trunk', async () => {
    const { caller, first, second, bob } = await start({ redirects: 'follow' });
    caller.invite(uri('001'), { text: OFFER });
    redirect(
      first,
      '<sip:x@192.0.2.3:5060>;q=0.5',
      '<sip:y@192.0.2.31:5060?Subject=x>;q=0.9',
      '<mailto:z@x>',
    );
    const invite = first.request('INVITE');
    expect([invite.requestUri, invite.headers.has('Subject')]).toEqual(['sip:y@192.0.2.31:5060', false]);
    first.respond(invite, 407, undefined, 't', [['Proxy-Authenticate', CHALLENGE]]);
    first.request('ACK');
    const answered = first.request('INVITE');
    expect(credentialsOf(answered)?.realm).toBe('carrier.example');
    first.respond(answered, 486);
    challenge(bob);
    expect(bob.summary()).toBe('[]');
    expect(second.summary()).toBe('[]');
    caller.response(486);
  });

  it('comes to an end when two servers redirect to each other', async () => {
    const { caller, first, bob } = await start({ redirects: 'follow', targets: ['sip:192.0.2.31:5060'] });
    caller.invite(uri('001'), { text: OFFER });
    redirect(first, '<sip:a@192.0.2.31:5060>');
    for (let i = 0; i < 10 && first.summary().includes('INVITE'); i++) {
      redirect(first, '<sip:a@192.0.2.31:5060>', `<sip:b${i}@192.0.2.31:5060>`);
    }
    expect(first.summary()).not.toContain('INVITE');
    expect(bob.summary()).toBe('[]');
    caller.response(480);
  });
});
