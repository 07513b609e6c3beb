import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomIds, silentLog, systemClock } from '@legato/kernel';
import type { HeaderList, SipResponse } from '@legato/sip';
import { accountFromPassword, decodeDigestChallenge, DigestClient, parseDatagram } from '@legato/sip';
import { createRedisState } from '@legato/state-redis';
import { describeNonceLedger, RedisServer, UdpSipClient } from '@legato/testing';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { eventually } from './support/eventually';

const REALM = '47.98.109.96';
const USER = '1011';
const SEEDS = join(__dirname, '../fixtures/seeds');

let redis: RedisServer;

beforeAll(async () => {
  redis = await RedisServer.start();
});
afterAll(() => redis.stop());

const connect = (nodeId: string) =>
  createRedisState({ url: redis.url, nodeId, clock: systemClock, log: silentLog });

describe('the ledger of used nonces in Redis', () => {
  const opened: { close(): Promise<void> }[] = [];
  afterAll(() => Promise.all(opened.map((state) => state.close())));

  describeNonceLedger('in Redis', async () => {
    const [here, elsewhere] = [await connect('here'), await connect('elsewhere')];
    opened.push(here, elsewhere);
    return { here: here.nonces, elsewhere: elsewhere.nonces };
  });

  it('forgets a nonce when it expires', async () => {
    const state = await connect('expiry');
    opened.push(state);
    await state.nonces.use('short', 5, 60);
    await state.nonces.use('long', 5, 60_000);
    const ttls = (await redis.keys())
      .filter(({ key }) => key.startsWith('legato:nonce:'))
      .map(({ ttlMs }) => ttlMs);
    expect(ttls.every((ttlMs) => ttlMs > 0 && ttlMs <= 60_000)).toBe(true);
    while ((await redis.keys()).some(({ key }) => key === 'legato:nonce:short')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
});

describe('the seats of an account in Redis', () => {
  const HOUR_MS = 3_600_000;

  it('are counted over all nodes, given back, and free again by themselves', async () => {
    const [here, elsewhere] = [await connect('seats-here'), await connect('seats-elsewhere')];
    const take = (state: typeof here, call: string, heldMs = HOUR_MS) =>
      state.seats.take('1001@example.com', call, 2, heldMs);
    expect([await take(here, 'call_1'), await take(elsewhere, 'call_2')]).toEqual([true, true]);
    expect([await take(here, 'call_3'), await take(elsewhere, 'call_2')]).toEqual([false, true]);
    await here.seats.giveBack('1001@example.com', 'call_1');
    expect(await take(elsewhere, 'call_3', 200)).toBe(true);
    expect(await elsewhere.seats.take('1002@example.com', 'call_4', 1, HOUR_MS)).toBe(true);
    // The node of call_3 has died: its seat is free when its time is over, the other one is still taken.
    await eventually('a seat is free', () => take(here, 'call_5'));
    expect(await take(here, 'call_6')).toBe(false);
    await Promise.all([here.close(), elsewhere.close()]);
  });

  it('are never more than there are, however many ask at once', async () => {
    const state = await connect('seats-crowd');
    const asked = Array.from({ length: 50 }, (_, index) =>
      state.seats.take('crowd', `call_${index}`, 5, HOUR_MS),
    );
    const taken = (await Promise.all(asked)).filter(Boolean).length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(5);
    await state.close();
  });
});

/** Two nodes with one Redis and one secret, as processes. */
describe('a client of the seeds at two nodes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-nodes-'));
  const nodes: ControlPlane[] = [];
  const clients: UdpSipClient[] = [];

  beforeAll(async () => {
    const credentials = join(folder, 'credentials.json');
    const users = [{ user: USER, password: USER }];
    writeFileSync(credentials, JSON.stringify({ realm: REALM, users, qop: ['auth', 'auth-int'] }));
    for (const node of ['a', 'b']) {
      const started = await startControlPlane({
        LEGATO_NODE_ID: `digest-${node}`,
        LEGATO_REDIS_URL: redis.url,
        LEGATO_CREDENTIALS: credentials,
        LEGATO_DIGEST_SECRET: 'canary-of-the-nonces',
      });
      nodes.push(started);
      clients.push(await UdpSipClient.open({ host: '127.0.0.1', port: started.sipPort }));
    }
  }, 60_000);

  afterAll(async () => {
    for (const client of clients) client.close();
    for (const node of nodes) await node.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const [a, b] = [0, 1];
  const account = accountFromPassword({ name: 'me', realm: REALM, user: USER, password: USER });
  const aor = `<sip:${USER}@${REALM}:50620>`;
  const requestUri = `sip:${REALM}`;

  function register(node: number, headers: HeaderList): Promise<SipResponse> {
    const client = clients[node] as UdpSipClient;
    const fields = { method: 'REGISTER', requestUri, from: aor, to: aor, headers };
    return client.send(client.request(fields));
  }

  const answerTo = (client: DigestClient, challenge: SipResponse): HeaderList =>
    client.authorize(challenge, { method: 'REGISTER', requestUri, body: Buffer.alloc(0), account: 'me' }) ??
    [];
  const anticipate = (client: DigestClient): HeaderList =>
    client.anticipate('me', { method: 'REGISTER', requestUri, body: Buffer.alloc(0) });

  it('is answered 401 to its empty credentials, with stale=true as in the seed', async () => {
    const read = parseDatagram(readFileSync(join(SEEDS, '002-01-register.sip')));
    if (!read.ok) throw new Error('fixture');
    const empty = read.message.headers.get('Authorization') ?? '';
    expect(empty).toContain('nonce="",uri="sip:47.98.109.96",response=""');
    const challenge = await register(a, [['Authorization', empty]]);
    const read401 = decodeDigestChallenge(challenge.headers.get('WWW-Authenticate') ?? '');
    expect([challenge.status, read401?.stale, read401?.realm]).toEqual([401, true, REALM]);
  });

  it('registers with a nonce of the other node; what was used is refused at both', async () => {
    const client = new DigestClient({ accounts: [account], ids: randomIds });
    const first = answerTo(client, await register(a, []));
    expect((await register(b, first)).status).toBe(200);
    for (const node of [a, b]) {
      const replayed = await register(node, first);
      expect(replayed.status).toBe(401);
      expect(replayed.headers.get('WWW-Authenticate')).toContain('stale=true');
    }
    const second = anticipate(client);
    expect(second[0]?.[1]).toContain('nc=00000002');
    expect((await register(a, second)).status).toBe(200);
    expect((await register(b, second)).status).toBe(401);
  });

  it('may leave out qop, and uses the nonce up with it (RFC 2069)', async () => {
    const challenge = await register(a, []);
    const old = challenge.headers.get('WWW-Authenticate')?.replace(/, qop="[^"]*"/, '') ?? '';
    challenge.headers.set('WWW-Authenticate', old);
    const fields = answerTo(new DigestClient({ accounts: [account], ids: randomIds }), challenge);
    expect(fields[0]?.[1]).not.toMatch(/qop|cnonce|nc=/);
    expect((await register(a, fields)).status).toBe(200);
    expect((await register(b, fields)).status).toBe(401);
  });

  it('leaves neither its password nor a nonce in Redis or in a log', async () => {
    const keys = await redis.keys();
    expect(keys.filter(({ ttlMs }) => ttlMs <= 0)).toEqual([]);
    const nonce =
      decodeDigestChallenge((await register(a, [])).headers.get('WWW-Authenticate') ?? '')?.nonce ?? '';
    expect(keys.map(({ key }) => key).join()).not.toContain(nonce.slice(-32));
    const log = nodes.flatMap(({ child }) => child.lines).join('\n');
    expect(log).toContain('"verdict":"replayed"');
    expect(log).not.toContain('canary');
    expect(log).not.toContain(account.ha1.MD5 ?? '');
  });
});
