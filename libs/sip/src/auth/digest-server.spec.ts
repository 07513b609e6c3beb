import { randomIds } from '@legato/kernel';
import { buildRequest, FakeClock } from '@legato/testing';
import type { RequestFields } from '@legato/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeDigestChallenge } from '../message/header/challenge';
import type { DigestCredentials } from '../message/header/credentials';
import { encodeDigestCredentials } from '../message/header/credentials';
import { parseDatagram } from '../message/message.parser';
import type { SipRequest } from '../message/sip-request';
import type { AuthVerdict } from './auth-verdict';
import type { CredentialStore, UserCredentials } from './credential-store';
import type { DigestInput } from './digest';
import { allHa1, digestResponse, ha1Of } from './digest';
import type { DigestAlgorithm } from './digest-algorithm';
import type { DigestRealm } from './digest-server';
import { DigestServer } from './digest-server';
import type { NonceLedger } from './nonce-ledger';
import { MemoryNonceLedger } from './nonce-ledger';

const BILOXI: DigestRealm = {
  realm: 'biloxi.com',
  algorithms: ['MD5', 'SHA-256', 'SHA-512-256'],
  qop: ['auth', 'auth-int'],
};
const ATLANTA: DigestRealm = { realm: 'atlanta.com', algorithms: ['SHA-256'], qop: ['auth'] };

const users = (...list: UserCredentials[]): CredentialStore => ({
  find: (realm, user) => list.find((each) => each.user === user && realm === 'biloxi.com'),
});
const BOB: UserCredentials = { user: 'bob', ha1: allHa1('bob', 'biloxi.com', 'zanzibar') };

function serverWith(
  options: { clock?: FakeClock; ledger?: NonceLedger; secret?: string; bob?: UserCredentials } = {},
) {
  const clock = options.clock ?? new FakeClock();
  return new DigestServer({
    realms: [BILOXI, ATLANTA],
    credentials: users(options.bob ?? BOB),
    ledger: options.ledger ?? new MemoryNonceLedger(clock),
    clock,
    ids: randomIds,
    secret: options.secret ?? 'secret',
    nonceLifetimeMs: 300_000,
  });
}

interface Answer extends Partial<DigestCredentials> {
  readonly password?: string;
  readonly header?: string;
  readonly fields?: RequestFields;
}

const nonceOf = (server: DigestServer, request: SipRequest = requestOf({})): string =>
  decodeDigestChallenge(server.challenges(request, false)[0] ?? '')?.nonce ?? '';

const requestOf = (fields: RequestFields) =>
  buildRequest({ from: '<sip:bob@biloxi.com>', requestUri: 'sip:1000@biloxi.com', ...fields });

/** A request as a client makes it that knows `password`. */
function answered(nonce: string, answer: Answer = {}): SipRequest {
  const { password = 'zanzibar', header = 'Authorization', fields = {}, ...changes } = answer;
  const request = requestOf(fields);
  const base = {
    username: 'bob',
    realm: 'biloxi.com',
    nonce,
    uri: request.requestUri,
    algorithm: 'SHA-256',
    qop: 'auth',
    nc: '00000001',
    cnonce: '0a4f113b',
    ...changes,
  };
  const algorithm = base.algorithm as DigestAlgorithm;
  const input = { ...base, algorithm, method: request.method, body: request.body } as DigestInput;
  const known = ['MD5', 'SHA-256', 'SHA-512-256'].includes(algorithm) ? algorithm : 'MD5';
  const response = digestResponse(ha1Of(known, base.username, base.realm, password), {
    ...input,
    algorithm: known,
  });
  request.headers.append(header, encodeDigestCredentials({ response, ...base }));
  return request;
}

const kindOf = async (server: DigestServer, request: SipRequest): Promise<AuthVerdict['kind']> =>
  (await server.verify(request)).kind;

describe('challenges (RFC 3261 §22.1, RFC 8760 §2.3)', () => {
  it('come strongest first, one per algorithm, with one nonce', () => {
    const read = serverWith()
      .challenges(requestOf({}), false)
      .map((each) => decodeDigestChallenge(each));
    expect(read.map((each) => each?.algorithm)).toEqual(['SHA-512-256', 'SHA-256', 'MD5']);
    expect(new Set(read.map((each) => each?.nonce)).size).toBe(1);
    expect(read[0]).toMatchObject({ realm: 'biloxi.com', qop: ['auth', 'auth-int'], stale: false });
  });

  it.each([
    ['INVITE', { from: '<sip:alice@atlanta.com>' }, 'atlanta.com'],
    ['INVITE', { from: '<sip:bob@biloxi.com>', to: '<sip:x@atlanta.com>' }, 'biloxi.com'],
    ['REGISTER', { from: '<sip:bob@biloxi.com>', to: '<sip:x@ATLANTA.com>' }, 'atlanta.com'],
    ['INVITE', { from: '<tel:+49301234>' }, 'biloxi.com'],
    ['INVITE', { from: '<sip:bob@192.0.2.2>' }, 'biloxi.com'],
  ])(
    'name the realm of the domain a request is from, or a REGISTER is for: %s %j',
    (method, fields, realm) => {
      const [challenge = ''] = serverWith().challenges(buildRequest({ method, ...fields }), false);
      expect(decodeDigestChallenge(challenge)?.realm).toBe(realm);
    },
  );

  it('say stale when told to', () => {
    expect(
      serverWith()
        .challenges(requestOf({}), true)
        .every((each) => each.includes('stale=true')),
    ).toBe(true);
  });
});

describe('right credentials', () => {
  it.each<Answer>([
    {},
    { algorithm: 'MD5' },
    { algorithm: 'SHA-512-256' },
    { algorithm: 'md5', password: 'zanzibar' },
    { qop: 'auth-int', fields: { body: 'v=0' } },
    { qop: 'auth-int' },
    { qop: undefined, nc: undefined, cnonce: undefined },
    { header: 'Proxy-Authorization' },
    { nc: 'ABCDEF00' },
    { uri: 'sip:biloxi.com:5060' },
    { uri: 'sip:1000@192.0.2.1;transport=udp' },
  ])('are taken: %j (§22.4)', async (answer) => {
    const server = serverWith();
    const identity = { user: 'bob', realm: 'biloxi.com' };
    expect(await server.verify(answered(nonceOf(server), answer))).toEqual({
      kind: 'authenticated',
      identity,
    });
  });

  it('are found among those for other realms and schemes (§22.3)', async () => {
    const server = serverWith();
    const request = answered(nonceOf(server));
    request.headers
      .prepend('Authorization', 'Bearer x')
      .prepend('Authorization', 'Digest realm="atlanta.com"');
    request.headers.prepend(
      'Authorization',
      answered('x', { realm: 'atlanta.com' }).headers.get('Authorization') ?? '',
    );
    expect(await kindOf(server, request)).toBe('authenticated');
  });

  it('of the clients in the seeds are read, and with our nonce taken', async () => {
    const bytes = readFileSync(join(__dirname, '../../../../test/fixtures/seeds/002-01-register.sip'));
    const read = parseDatagram(bytes);
    if (!read.ok || read.message.kind !== 'request') throw new Error('fixture');
    const clock = new FakeClock();
    const realm = '47.98.109.96';
    const seeds = { user: '1011', ha1: allHa1('1011', realm, '1011') };
    const server = new DigestServer({
      realms: [{ realm, algorithms: ['MD5'], qop: ['auth'] }],
      credentials: { find: (_realm, user) => (user === seeds.user ? seeds : undefined) },
      ledger: new MemoryNonceLedger(clock),
      clock,
      ids: randomIds,
      secret: 's',
    });
    // Its first REGISTER has credentials with nonce="" and response="", and the seed answers stale=true.
    const first = read.message;
    expect(await server.verify(first)).toEqual({ kind: 'stale', user: '' });
    const nonce = nonceOf(server, first);
    const input = {
      algorithm: 'MD5',
      method: 'REGISTER',
      uri: 'sip:47.98.109.96',
      nonce,
      body: Buffer.alloc(0),
    } as const;
    const counted = { qop: 'auth', nc: '00000001', cnonce: 'b8877d7c2d75cd7c67ec9ab96d9c55ea' } as const;
    const response = digestResponse(seeds.ha1.MD5 ?? '', { ...input, ...counted });
    first.headers.set(
      'Authorization',
      `Digest username="1011",realm="${realm}",nonce="${nonce}",uri="sip:47.98.109.96",response="${response}",algorithm=MD5,cnonce="${counted.cnonce}",qop=auth,nc=00000001`,
    );
    expect(await kindOf(server, first)).toBe('authenticated');
  });
});

describe('credentials that are not right', () => {
  it.each<[AuthVerdict['kind'], Answer]>([
    ['rejected', { password: 'wrong' }],
    ['rejected', { username: 'nobody' }],
    ['rejected', { username: 'constructor' }],
    ['rejected', { response: 'x' }],
    ['rejected', { response: '0'.repeat(64) }],
    ['rejected', { uri: 'sip:0900666@biloxi.com' }],
    ['challenge', { realm: 'atlanta.com' }],
    ['challenge', { realm: 'other.com' }],
    ['challenge', { algorithm: 'SHA-1' }],
    ['challenge', { algorithm: 'MD5-sess' }],
    ['challenge', { qop: 'auth-conf' }],
    ['challenge', { cnonce: undefined }],
    ['challenge', { nc: undefined }],
    ['challenge', { nc: '1' }],
    ['challenge', { nc: '0000000g' }],
    ['challenge', { response: '' }],
    ['stale', { nonce: '' }],
  ])('are %s: %j', async (kind, answer) => {
    const server = serverWith();
    expect(await kindOf(server, answered(nonceOf(server), answer))).toBe(kind);
  });

  it('do not fit another method or, with auth-int, another body', async () => {
    const server = serverWith();
    const invite = answered(nonceOf(server));
    const message = requestOf({ method: 'MESSAGE' });
    message.headers.append('Authorization', invite.headers.get('Authorization') ?? '');
    expect(await kindOf(server, message)).toBe('rejected');
    const request = answered(nonceOf(server), { qop: 'auth-int', fields: { body: 'v=0' } });
    request.body = Buffer.from('v=1');
    expect(await kindOf(server, request)).toBe('rejected');
  });

  it('are wanted when there are none', async () => {
    expect(await serverWith().verify(requestOf({}))).toEqual({ kind: 'challenge' });
  });

  it('tell nothing apart: a user that nobody knows and a wrong password', async () => {
    const server = serverWith();
    const nonce = nonceOf(server);
    const unknown = await server.verify(answered(nonce, { username: 'eve' }));
    const wrong = await server.verify(answered(nonce, { password: 'wrong' }));
    expect([unknown, wrong]).toEqual([
      { kind: 'rejected', user: 'eve' },
      { kind: 'rejected', user: 'bob' },
    ]);
  });

  it('are no HA1 of zeros: not for a user that nobody knows', async () => {
    const server = serverWith();
    const request = answered(nonceOf(server), { username: 'eve' });
    const input = {
      algorithm: 'MD5',
      method: 'INVITE',
      uri: 'sip:1000@biloxi.com',
      body: Buffer.alloc(0),
    } as const;
    const nonce = nonceOf(server);
    const response = digestResponse('0'.repeat(32), { ...input, nonce });
    request.headers.set(
      'Authorization',
      `Digest username="eve", realm="biloxi.com", nonce="${nonce}", uri="sip:1000@biloxi.com", response="${response}"`,
    );
    expect(await kindOf(server, request)).toBe('rejected');
  });

  it('are not looked for without end', async () => {
    const server = serverWith();
    const request = requestOf({});
    for (let i = 0; i < 50; i++) request.headers.append('Authorization', 'Bearer x');
    request.headers.append('Authorization', answered(nonceOf(server)).headers.get('Authorization') ?? '');
    expect(await kindOf(server, request)).toBe('challenge');
  });

  it('of a user without HA1 for the algorithm are rejected', async () => {
    const server = serverWith({ bob: { user: 'bob', ha1: { MD5: BOB.ha1.MD5 } } });
    expect(await kindOf(server, answered(nonceOf(server), { algorithm: 'SHA-256' }))).toBe('rejected');
    expect(await kindOf(server, answered(nonceOf(server), { algorithm: 'MD5' }))).toBe('authenticated');
  });
});

describe('the nonce of right credentials (RFC 7616 §3.3, §3.4)', () => {
  it('is stale when its time has passed; with a wrong password that is not told', async () => {
    const clock = new FakeClock();
    const server = serverWith({ clock });
    const nonce = nonceOf(server);
    clock.advance(300_000);
    expect(await server.verify(answered(nonce))).toEqual({ kind: 'stale', user: 'bob' });
    expect(await kindOf(server, answered(nonce, { password: 'wrong' }))).toBe('rejected');
  });

  it('is stale when it is of another realm or another secret', async () => {
    const server = serverWith();
    const ofAtlanta = nonceOf(server, requestOf({ from: '<sip:alice@atlanta.com>' }));
    expect(await kindOf(server, answered(ofAtlanta))).toBe('stale');
    expect(await kindOf(server, answered(nonceOf(serverWith({ secret: 'x' }))))).toBe('stale');
  });

  it('is taken once per nc, here and on another node that shares secret and ledger', async () => {
    const ledger = new MemoryNonceLedger(new FakeClock());
    const [here, elsewhere] = [serverWith({ ledger }), serverWith({ ledger })];
    const nonce = nonceOf(here);
    expect(await kindOf(here, answered(nonce))).toBe('authenticated');
    expect(await elsewhere.verify(answered(nonce))).toEqual({ kind: 'replayed', user: 'bob' });
    expect(await kindOf(elsewhere, answered(nonce, { nc: '00000002' }))).toBe('authenticated');
    expect(await kindOf(here, answered(nonce, { nc: '00000002' }))).toBe('replayed');
    expect(await kindOf(here, answered(nonce, { nc: '00000001' }))).toBe('replayed');
    expect(await kindOf(here, answered(nonce, { nc: '0000000a' }))).toBe('authenticated');
  });

  it('is used up by credentials without qop', async () => {
    const server = serverWith();
    const nonce = nonceOf(server);
    const plain = { qop: undefined, nc: undefined, cnonce: undefined };
    expect(await kindOf(server, answered(nonce, plain))).toBe('authenticated');
    expect(await kindOf(server, answered(nonce, plain))).toBe('replayed');
    expect(await kindOf(server, answered(nonce, { nc: 'ffffffff' }))).toBe('replayed');
  });

  it('is not spent by wrong credentials', async () => {
    const server = serverWith();
    const nonce = nonceOf(server);
    await server.verify(answered(nonce, { password: 'wrong' }));
    expect(await kindOf(server, answered(nonce))).toBe('authenticated');
  });

  it('can not be checked while the ledger does not answer', async () => {
    const ledger = { use: () => Promise.reject(new Error('gone')) };
    const server = serverWith({ ledger });
    expect(await server.verify(answered(nonceOf(server)))).toEqual({ kind: 'unavailable' });
    expect(await kindOf(server, answered(nonceOf(server), { password: 'wrong' }))).toBe('rejected');
  });
});

describe('any credentials at all', () => {
  const name = fc.constantFrom(
    'username',
    'realm',
    'nonce',
    'uri',
    'response',
    'algorithm',
    'qop',
    'nc',
    'cnonce',
    'x',
  );
  const value = fc.oneof(fc.constantFrom('bob', 'biloxi.com', 'MD5', 'auth', '00000001', ''), fc.string());
  const field = fc
    .tuple(name, value)
    .map(([key, text]) => `${key}="${text.replace(/["\\\x00-\x1f\x7f]/g, '')}"`);

  it('are worth something or nothing: none are let in, none make it fail', async () => {
    const server = serverWith();
    const credentials = fc.oneof(
      fc.string(),
      fc.array(field, { maxLength: 12 }).map((all) => `Digest ${all.join(',')}`),
    );
    await fc.assert(
      fc.asyncProperty(credentials, async (text) => {
        const request = requestOf({});
        request.headers.append('Authorization', text.replace(/[\x00-\x1f\x7f]/g, ''));
        expect(['challenge', 'rejected', 'stale']).toContain(await kindOf(server, request));
      }),
    );
  });
});

describe('who a user may be', () => {
  it.each([
    ['authenticated', { from: '<sip:bob@anywhere.com>' }],
    ['authenticated', { from: '<sip:b%6fb@biloxi.com>' }],
    ['authenticated', { from: '"Anonymous" <sip:anonymous@anonymous.invalid>' }],
    ['forbidden', { from: '<sip:alice@biloxi.com>' }],
    ['forbidden', { from: '<sip:biloxi.com>' }],
    ['forbidden', { from: '<tel:+49301234>' }],
    ['authenticated', { method: 'REGISTER', from: '<sip:alice@biloxi.com>', to: '<sip:bob@biloxi.com>' }],
    ['forbidden', { method: 'REGISTER', to: '<sip:alice@biloxi.com>' }],
    ['forbidden', { method: 'REGISTER', to: '<sip:x@anonymous.invalid>' }],
  ] as const)('is its own name: %s for %j (§10.3 step 4)', async (kind, fields) => {
    const server = serverWith();
    expect(await kindOf(server, answered(nonceOf(server), { fields }))).toBe(kind);
  });

  it.each([
    ['authenticated', ['1001', '+49301234'], '<tel:+49301234>'],
    ['authenticated', ['*'], '<sip:alice@atlanta.example>'],
    ['forbidden', ['1001'], '<sip:bob@biloxi.com>'],
  ] as const)('is one of its identities: %s for %j', async (kind, identities, from) => {
    const server = serverWith({ bob: { ...BOB, identities } });
    expect(await kindOf(server, answered(nonceOf(server), { fields: { from } }))).toBe(kind);
  });
});
