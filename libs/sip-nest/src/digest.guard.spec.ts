import { randomIds } from '@legato/kernel';
import type { Log } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import {
  accountFromPassword,
  decodeDigestChallenge,
  DigestClient,
  DigestServer,
  MemoryNonceLedger,
  SipResponse,
} from '@legato/sip';
import type { HeaderList, NonceLedger, ServerTransaction, SipRequest } from '@legato/sip';
import { buildRequest, FakeClock } from '@legato/testing';
import type { ExecutionContext } from '@nestjs/common';
import { AddressList } from './address-list';
import type { SipAuthentication } from './digest.guard';
import { DigestGuard } from './digest.guard';
import { SipContext } from './sip.context';
import { SipException } from './sip.exception';
import { SIP_METHODS } from './sip-methods';

const REALM = 'biloxi.com';
const TRUNK = '198.51.100.1';
const bob = accountFromPassword({ name: 'bob', realm: REALM, user: 'bob', password: 'canary-zanzibar' });

interface Options extends Partial<SipAuthentication> {
  readonly ledger?: NonceLedger;
}

function guardWith(options: Options = {}) {
  const clock = new FakeClock();
  const trusted = AddressList.parse([TRUNK]);
  if (!trusted.ok) throw new Error('fixture');
  const lines: string[] = [];
  const keep = (level: string) => (message: string, fields?: object) =>
    void lines.push(JSON.stringify({ level, message, ...fields }));
  const log: Log = { ...silentLog, warn: keep('warn'), debug: keep('debug'), info: keep('info') };
  const server = new DigestServer({
    realms: [{ realm: REALM, algorithms: ['SHA-256', 'MD5'], qop: ['auth'] }],
    credentials: { find: (_realm, user) => (user === 'bob' ? { user, ha1: bob.ha1 } : undefined) },
    ledger: options.ledger ?? new MemoryNonceLedger(clock),
    clock,
    ids: randomIds,
    secret: 'secret',
  });
  const guard = new DigestGuard({ server, challengeStatus: 407, trusted: trusted.value, log, ...options });
  return { guard, clock, lines };
}

const requestOf = (method: string, fields: Parameters<typeof buildRequest>[0] = {}) =>
  buildRequest({ method, from: '<sip:bob@biloxi.com>', to: '<sip:bob@biloxi.com>', ...fields });

/** What the guard makes of a request: what it is refused with, or the context that it passes with. */
async function ask(
  guard: DigestGuard,
  request: SipRequest,
  options: { source?: string; answered?: boolean } = {},
): Promise<SipException | SipContext> {
  request.flow = {
    protocol: 'UDP',
    remote: { host: options.source ?? '192.0.2.66', port: 5060 },
    local: { host: '192.0.2.1', port: 5060 },
  };
  const state = options.answered ? 'Completed' : 'Proceeding';
  const transaction: ServerTransaction = { key: 'k', request, state, respond: () => true };
  const sip = new SipContext([transaction]);
  const context = { switchToRpc: () => ({ getContext: () => sip }) } as unknown as ExecutionContext;
  try {
    return (await guard.canActivate(context)) ? sip : new SipException(487);
  } catch (error) {
    if (error instanceof SipException) return error;
    throw error;
  }
}

const statusOf = (outcome: SipException | SipContext): number =>
  outcome instanceof SipException ? outcome.status : 200;

/** The credentials of a client that was refused with `challenge`. */
function credentials(challenge: SipException | SipContext, request: SipRequest, account = bob): HeaderList {
  if (!(challenge instanceof SipException)) throw new Error('not challenged');
  const client = new DigestClient({ accounts: [account], ids: randomIds });
  const { method, requestUri, body } = request;
  const response = SipResponse.to(request, challenge.status, { headers: challenge.headers });
  return client.authorize(response, { method, requestUri, body, account: account.name }) ?? [];
}

/** How a request can come. */
const WAYS = {
  'without credentials': 'challenged',
  'with a wrong password': 'challenged',
  'as a user that nobody knows': 'challenged',
  'with credentials for another method': 'challenged',
  'with credentials for another realm': 'challenged',
  'with an old nonce': 'challenged',
  'with credentials that were used': 'challenged',
  'with right credentials': 'passes',
  'under the name of somebody else': 'refused',
  'from a trunk': 'passes',
} as const;
type Way = keyof typeof WAYS;

async function send(method: string, way: Way): Promise<SipException | SipContext> {
  const { guard, clock } = guardWith();
  const plain = requestOf(method);
  if (way === 'from a trunk') return ask(guard, plain, { source: TRUNK });
  const challenge = await ask(guard, plain);
  if (way === 'without credentials') return challenge;
  const from = way === 'under the name of somebody else' ? '<sip:alice@biloxi.com>' : '<sip:bob@biloxi.com>';
  const other = method === 'INVITE' ? 'MESSAGE' : 'INVITE';
  const signed = way === 'with credentials for another method' ? requestOf(other) : plain;
  const accounts = {
    ...bob,
    ...(way === 'with a wrong password' && accountFromPassword({ ...bob, password: 'wrong' })),
    ...(way === 'as a user that nobody knows' &&
      accountFromPassword({ ...bob, user: 'eve', password: 'canary-zanzibar' })),
  };
  const fields = credentials(challenge, signed, accounts).map(([name, value]): [string, string] => [
    name,
    way === 'with credentials for another realm' ? value.replace(REALM, 'evil.com') : value,
  ]);
  if (way === 'with an old nonce') clock.advance(300_000);
  const build = () => requestOf(method, { from, to: from, headers: fields });
  if (way === 'with credentials that were used') await ask(guard, build());
  return ask(guard, build());
}

describe('every method that opens something × every way of authentication (RFC 3261 §22)', () => {
  const table = SIP_METHODS.flatMap((method) =>
    (Object.keys(WAYS) as Way[]).map((way) => [method, way, WAYS[way]] as const),
  );
  it.each(table)('%s %s is %s', async (method, way, expected) => {
    const challenged = method === 'REGISTER' ? 401 : 407;
    const status = { challenged, passes: 200, refused: 403 }[expected];
    expect(statusOf(await send(method, way))).toBe(status);
  });
});

describe('a challenge of the guard', () => {
  it('offers the strongest algorithm first, with a fresh nonce each time (RFC 8760 §2.3)', async () => {
    const { guard } = guardWith();
    const nonces = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const refused = await ask(guard, requestOf('INVITE'));
      if (!(refused instanceof SipException)) throw new Error('not refused');
      const offers = refused.headers.map(([name, value]) => [name, decodeDigestChallenge(value)] as const);
      expect(offers.map(([name, offer]) => [name, offer?.algorithm])).toEqual([
        ['Proxy-Authenticate', 'SHA-256'],
        ['Proxy-Authenticate', 'MD5'],
      ]);
      nonces.add(offers[0]?.[1]?.nonce ?? '');
    }
    expect(nonces.size).toBe(3);
  });

  it.each([
    [401, 'WWW-Authenticate', 'INVITE'],
    [407, 'Proxy-Authenticate', 'INVITE'],
    [401, 'WWW-Authenticate', 'REGISTER'],
  ] as const)('is %d with %s to %s (§22.2, §22.3)', async (status, name, method) => {
    const challengeStatus = method === 'REGISTER' ? 407 : status;
    const refused = await ask(guardWith({ challengeStatus }).guard, requestOf(method));
    if (!(refused instanceof SipException)) throw new Error('not refused');
    expect([refused.status, refused.headers[0]?.[0]]).toEqual([status, name]);
  });

  it.each([
    ['with an old nonce', true],
    ['with credentials that were used', true],
    ['with a wrong password', false],
    ['without credentials', false],
  ] as const)('%s: stale is %s (RFC 7616 §3.3)', async (way, stale) => {
    const refused = await send('INVITE', way);
    if (!(refused instanceof SipException)) throw new Error('not refused');
    expect(decodeDigestChallenge(refused.headers[0]?.[1] ?? '')?.stale).toBe(stale);
  });
});

describe('what the guard lets pass', () => {
  it.each(['ACK', 'CANCEL'])('%s, which can not be sent again (§22.1)', async (method) => {
    expect(statusOf(await ask(guardWith().guard, requestOf(method)))).toBe(200);
  });

  it('requests within a dialog', async () => {
    expect(statusOf(await ask(guardWith().guard, requestOf('INVITE', { toTag: 't' })))).toBe(200);
  });

  it('everything, as long as nobody has credentials', async () => {
    const open: Options = { server: undefined };
    expect(statusOf(await ask(guardWith(open).guard, requestOf('INVITE')))).toBe(200);
  });

  it('carries the name of its sender', async () => {
    const passed = await send('MESSAGE', 'with right credentials');
    expect(passed instanceof SipContext && passed.identity).toEqual({ user: 'bob', realm: REALM });
  });

  it('but not when it was cancelled while it waited', async () => {
    const { guard } = guardWith();
    const fields = credentials(await ask(guard, requestOf('INVITE')), requestOf('INVITE'));
    const late = await ask(guard, requestOf('INVITE', { headers: fields }), { answered: true });
    expect(statusOf(late)).toBe(487);
  });
});

describe('the guard', () => {
  it('refuses with 503 while used nonces can not be looked up', async () => {
    const { guard } = guardWith({ ledger: { use: () => Promise.reject(new Error('gone')) } });
    const fields = credentials(await ask(guard, requestOf('INVITE')), requestOf('INVITE'));
    const refused = await ask(guard, requestOf('INVITE', { headers: fields }));
    expect([statusOf(refused), refused instanceof SipException && refused.headers]).toEqual([
      503,
      [['Retry-After', '5']],
    ]);
  });

  it('logs who was refused, and no secret', async () => {
    const { guard, lines } = guardWith();
    const wrong = accountFromPassword({ ...bob, password: 'canary-wrong' });
    const fields = credentials(await ask(guard, requestOf('INVITE')), requestOf('INVITE'), wrong);
    expect(lines).toEqual([]);
    await ask(guard, requestOf('INVITE', { headers: fields }));
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      {
        level: 'warn',
        message: 'sip.not_authenticated',
        verdict: 'rejected',
        method: 'INVITE',
        user: 'bob',
        source: '192.0.2.66',
      },
    ]);
  });
});
