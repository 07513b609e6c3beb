import { randomIds } from '@legato/kernel';
import { buildRequest, FakeClock } from '@legato/testing';
import { decodeDigestCredentials } from '../message/header/credentials';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import type { HeaderList } from '../user-agent/usage-body';
import { accountFromPassword } from './client-account';
import { allHa1, digestResponse, ha1Of } from './digest';
import { DigestClient } from './digest-client';
import { DigestServer } from './digest-server';
import { MemoryNonceLedger } from './nonce-ledger';

const CARRIER = { name: 'carrier', realm: 'carrier.example', user: 'legato', password: 'canary' };
const PROXY = { ...CARRIER, realm: 'edge.carrier.example', user: 'edge' };

const clientOf = (...accounts: (typeof CARRIER)[]) =>
  new DigestClient({ accounts: accounts.map(accountFromPassword), ids: randomIds });

const MD5 = 'Digest realm="carrier.example", nonce="n1", algorithm=MD5, qop="auth"';
const SHA256 = 'Digest realm="carrier.example", nonce="n1", algorithm=SHA-256, qop="auth"';

const invite = () => buildRequest({ body: 'v=0' });

function challengeTo(request: SipRequest, ...values: string[]): SipResponse {
  return SipResponse.to(request, 401, { headers: values.map((each) => ['WWW-Authenticate', each] as const) });
}

function answer(client: DigestClient, request: SipRequest, response: SipResponse, credentials?: HeaderList) {
  const { method, requestUri, body } = request;
  return client.authorize(response, { method, requestUri, body, account: 'carrier', credentials });
}

const read = (fields: HeaderList | undefined) =>
  (fields ?? []).map(([, value]) => decodeDigestCredentials(value));

describe('credentials for a challenge (RFC 3261 §22.2)', () => {
  it('are those of the realm, in the header that answers the challenge', () => {
    const request = invite();
    const [authorization] = answer(clientOf(CARRIER), request, challengeTo(request, SHA256)) ?? [];
    expect(authorization?.[0]).toBe('Authorization');
    const credentials = decodeDigestCredentials(authorization?.[1] ?? '');
    const { cnonce = '', response } = credentials ?? {};
    expect(credentials).toMatchObject({
      username: 'legato',
      uri: request.requestUri,
      qop: 'auth',
      nc: '00000001',
    });
    expect(response).toBe(
      digestResponse(ha1Of('SHA-256', 'legato', 'carrier.example', 'canary'), {
        algorithm: 'SHA-256',
        method: 'INVITE',
        uri: request.requestUri,
        nonce: 'n1',
        qop: 'auth',
        nc: '00000001',
        cnonce,
        body: request.body,
      }),
    );
    const proxy = SipResponse.to(request, 407, { headers: [['Proxy-Authenticate', MD5]] });
    expect(answer(clientOf(CARRIER), request, proxy)?.[0]?.[0]).toBe('Proxy-Authorization');
  });

  it('are made by the strongest algorithm that is offered and that there is an HA1 for (RFC 8760 §2.4)', () => {
    const request = invite();
    const chosen = (client: DigestClient, ...offered: string[]) =>
      read(answer(client, request, challengeTo(request, ...offered)))[0]?.algorithm;
    const strong = SHA256.replace('SHA-256', 'SHA-512-256');
    expect(chosen(clientOf(CARRIER), MD5, SHA256, strong)).toBe('SHA-512-256');
    expect(chosen(clientOf(CARRIER), MD5, SHA256, MD5)).toBe('SHA-256');
    expect(chosen(clientOf(CARRIER), SHA256.replace('SHA-256', 'SHA-3'), MD5)).toBe('MD5');
    const onlyMd5 = { ...CARRIER, ha1: { MD5: allHa1('legato', 'carrier.example', 'canary').MD5 } };
    expect(chosen(new DigestClient({ accounts: [onlyMd5], ids: randomIds }), SHA256, MD5)).toBe('MD5');
    expect(chosen(new DigestClient({ accounts: [onlyMd5], ids: randomIds }), SHA256)).toBeUndefined();
  });

  it.each([
    ['auth', 'qop="auth-int,auth"'],
    ['auth-int', 'qop="auth-int"'],
    [undefined, ''],
  ])('protect by %s when offered is %s; the body only when nothing else is', (qop, offered) => {
    const request = invite();
    const response = challengeTo(
      request,
      `Digest realm="carrier.example", nonce="n"${offered && `, ${offered}`}`,
    );
    const [credentials] = read(answer(clientOf(CARRIER), request, response));
    expect([credentials?.qop, credentials?.nc]).toEqual([qop, qop && '00000001']);
  });

  it('carry opaque back, and cnonce for a session algorithm (RFC 7616 §3.4)', () => {
    const request = invite();
    const session = 'Digest realm="carrier.example", nonce="n", algorithm=MD5-sess, opaque="o"';
    const [credentials] = read(answer(clientOf(CARRIER), request, challengeTo(request, session)));
    expect(credentials).toMatchObject({ opaque: 'o', algorithm: 'MD5-sess' });
    expect(credentials?.cnonce).toMatch(/^[0-9a-f]{32}$/);
  });

  it('never show the password', () => {
    const client = clientOf(CARRIER);
    const request = invite();
    answer(client, request, challengeTo(request, MD5));
    expect(JSON.stringify(client)).not.toContain('canary');
    expect(Object.values(accountFromPassword(CARRIER)).join()).not.toContain('canary');
  });
});

describe('no credentials are given away (RFC 3261 §26.3.2.1)', () => {
  const request = invite();
  it.each([
    ['to another realm', challengeTo(request, MD5.replace('carrier', 'evil'))],
    ['for another scheme', challengeTo(request, 'Basic realm="carrier.example"')],
    ['for qop that is not known', challengeTo(request, MD5.replace('"auth"', '"auth-conf"'))],
    ['without a challenge', challengeTo(request)],
    ['for a malformed challenge', challengeTo(request, 'Digest realm="carrier.example')],
    ['for a 403', SipResponse.to(request, 403, { headers: [['WWW-Authenticate', MD5]] })],
    ['for a 200', SipResponse.to(request, 200, { headers: [['WWW-Authenticate', MD5]] })],
  ])('%s', (_, response) => {
    expect(answer(clientOf(CARRIER), request, response)).toBeUndefined();
  });

  it('to a peer that has no account, or another one', () => {
    const client = clientOf(CARRIER);
    const { method, requestUri, body } = request;
    const response = challengeTo(request, MD5);
    expect(client.authorize(response, { method, requestUri, body })).toBeUndefined();
    expect(client.authorize(response, { method, requestUri, body, account: 'other' })).toBeUndefined();
  });
});

describe('a second challenge (RFC 3261 §22.1, RFC 7616 §3.3)', () => {
  it('means wrong credentials: no third try', () => {
    const client = clientOf(CARRIER);
    const request = invite();
    const first = answer(client, request, challengeTo(request, MD5));
    expect(answer(client, request, challengeTo(request, MD5.replace('n1', 'n2')), first)).toBeUndefined();
  });

  it('with stale=true is answered with the new nonce, counted from one', () => {
    const client = clientOf(CARRIER);
    const request = invite();
    const first = answer(client, request, challengeTo(request, MD5));
    const again = challengeTo(request, `${MD5.replace('n1', 'n2')}, stale=TRUE`);
    const [credentials] = read(answer(client, request, again, first));
    expect([credentials?.nonce, credentials?.nc]).toEqual(['n2', '00000001']);
  });

  it('of another realm on the way is answered beside the first one, whose nonce counts on (§22.3)', () => {
    const client = clientOf(CARRIER, PROXY);
    const request = invite();
    const proxy = MD5.replace('carrier', 'edge.carrier');
    const first = answer(
      client,
      request,
      SipResponse.to(request, 407, { headers: [['Proxy-Authenticate', proxy]] }),
    );
    const second = answer(client, request, challengeTo(request, SHA256), first);
    expect(second?.map(([name]) => name)).toEqual(['Proxy-Authorization', 'Authorization']);
    expect(read(second).map((each) => [each?.username, each?.nc])).toEqual([
      ['edge', '00000002'],
      ['legato', '00000001'],
    ]);
  });

  it('of several realms at once is answered for all that are ours', () => {
    const client = clientOf(CARRIER, PROXY);
    const request = invite();
    const proxy = MD5.replace('carrier', 'edge.carrier');
    const foreign = MD5.replace('carrier', 'evil');
    const fields = answer(client, request, challengeTo(request, foreign, proxy, MD5));
    expect(read(fields).map((each) => each?.realm)).toEqual(['edge.carrier.example', 'carrier.example']);
  });
});

describe('a nonce that is used again', () => {
  it('counts up, for the next request and for the next challenge with the same nonce (RFC 7616 §3.4)', () => {
    const client = clientOf(CARRIER);
    const request = invite();
    answer(client, request, challengeTo(request, MD5));
    const bye = buildRequest({ method: 'BYE' });
    expect(read(answer(client, bye, challengeTo(bye, MD5)))[0]?.nc).toBe('00000002');
    const { requestUri, body } = bye;
    const fields = client.anticipate('carrier', { method: 'REGISTER', requestUri, body });
    expect([read(fields)[0]?.nc, fields[0]?.[0]]).toEqual(['00000003', 'Authorization']);
    expect(read(answer(client, bye, challengeTo(bye, MD5.replace('n1', 'n2'))))[0]?.nc).toBe('00000001');
  });

  it('is not there before the first challenge, nor for another account', () => {
    const client = clientOf(CARRIER, { ...CARRIER, name: 'other' });
    const request = invite();
    expect(client.anticipate('carrier', request)).toEqual([]);
    answer(client, request, challengeTo(request, MD5));
    expect(client.anticipate('other', request)).toEqual([]);
  });
});

describe('client and server', () => {
  const clock = new FakeClock();
  const account = accountFromPassword(CARRIER);
  const server = new DigestServer({
    realms: [
      { realm: CARRIER.realm, algorithms: ['SHA-512-256', 'SHA-256', 'MD5'], qop: ['auth', 'auth-int'] },
    ],
    credentials: {
      find: (_realm, user) => (user === account.user ? { ...account, identities: ['*'] } : undefined),
    },
    ledger: new MemoryNonceLedger(clock),
    clock,
    ids: randomIds,
    secret: 'secret',
  });

  it('agree, over several requests with one nonce and after it has expired', async () => {
    const client = clientOf(CARRIER);
    const verdicts: string[] = [];
    const send = async (request: SipRequest, fields: HeaderList) => {
      for (const [name, value] of fields) request.headers.append(name, value);
      const verdict = await server.verify(request);
      verdicts.push(verdict.kind);
      return SipResponse.to(request, verdict.kind === 'authenticated' ? 200 : 401, {
        headers: server
          .challenges(request, verdict.kind === 'stale')
          .map((each) => ['WWW-Authenticate', each] as const),
      });
    };
    const first = invite();
    await send(invite(), answer(client, first, await send(first, [])) ?? []);
    const second = buildRequest({ method: 'MESSAGE', body: 'hello', contentType: 'text/plain' });
    await send(second, client.anticipate('carrier', second));
    clock.advance(400_000);
    const third = buildRequest({ method: 'MESSAGE' });
    const fields = client.anticipate('carrier', third);
    const stale = await send(third, fields);
    await send(
      buildRequest({ method: 'MESSAGE', requestUri: third.requestUri }),
      answer(client, third, stale, fields) ?? [],
    );
    expect(verdicts).toEqual(['challenge', 'authenticated', 'authenticated', 'stale', 'authenticated']);
  });
});
