import { randomIds, silentLog, systemClock } from '@legato/kernel';
import type { LogFields } from '@legato/kernel';
import type { HeaderList, SipRequest, SipResponse } from '@legato/sip';
import { accountFromPassword, DigestClient } from '@legato/sip';
import { SIP_METHODS } from '@legato/sip-nest';
import type { RequestFields } from '@legato/testing';
import { UdpSipClient } from '@legato/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVERYTHING_HERE } from '../../test/everything-here';
import { FakeCallControl } from '../../test/fake-call-control';
import { fakeCommands } from '../../test/fake-commands';
import type { CallEngineFactory } from '../calls/call-engine';
import { LoadWatch } from '../calls/load-watch';
import { readConfig } from '../config/config';
import type { ControlPlane } from '../control-plane';
import { createControlPlane } from '../control-plane';

const REALM = 'example.com';
const IN_DIALOGS = ['BYE', 'UPDATE', 'PRACK', 'INFO'];
const METHODS = [...new Set([...SIP_METHODS, ...IN_DIALOGS, 'FLY'])];
const WAYS = [
  'without credentials',
  'with a wrong password',
  'with a foreign realm',
  'as somebody else',
] as const;
/** What a stranger may be told: who are you, you may not, there is no such thing. */
const HARMLESS = [401, 403, 405, 481, 501];

/** What a client of the realm sends. */
function fieldsOf(method: string, headers: HeaderList = [], user = '1001'): RequestFields {
  const to = method === 'REGISTER' ? `<sip:${user}@${REALM}>` : '<sip:1000@127.0.0.1>';
  return { method, from: `<sip:${user}@${REALM}>`, to, headers };
}

describe('a control plane with credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-methods-'));
  const lines: string[] = [];
  const keep = (message: string, fields?: LogFields) =>
    void lines.push(JSON.stringify({ message, ...fields }));
  const log = { ...silentLog, debug: keep, info: keep, warn: keep, error: keep };
  const control = new FakeCallControl();
  const taken: string[] = [];
  let arrivedOne: () => void = () => undefined;
  let node: ControlPlane;
  let client: UdpSipClient;

  beforeAll(async () => {
    control.receiveInvite = (transaction) => {
      taken.push(transaction.request.callId);
      arrivedOne();
    };
    const engine: CallEngineFactory = (parts) => ({
      control,
      commands: fakeCommands(control),
      whereabouts: EVERYTHING_HERE,
      takeOver: () => Promise.resolve(0),
      restore: async () => void (await parts.store.register(parts.nodeId)),
      drain: () => Promise.resolve(),
      ownershipChanged: () => undefined,
    });
    const credentials = join(folder, 'credentials.json');
    writeFileSync(
      credentials,
      JSON.stringify({ realm: REALM, users: [{ user: '1001', password: 'canary-password' }] }),
    );
    const config = readConfig({
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_PORT: '0',
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
      LEGATO_CREDENTIALS: credentials,
    });
    if (!config.ok) throw new Error(config.error.join());
    // Requests without a pause are an overload on a busy machine; what is looked at here is who gets in.
    const idle = { idle: 1, active: 0, utilization: 0 };
    const load = new LoadWatch(systemClock, () => idle);
    node = await createControlPlane({ config: config.value, log, engine, load });
    await node.start();
    client = await UdpSipClient.open(node.sip);
  });

  afterAll(async () => {
    client.close();
    await node.stop();
    rmSync(folder, { recursive: true });
  });

  const request = (...what: Parameters<typeof fieldsOf>) => client.request(fieldsOf(...what));

  function answer(challenge: SipResponse, asked: SipRequest, password: string, realm = REALM): HeaderList {
    const account = accountFromPassword({ name: 'me', realm: REALM, user: '1001', password });
    const { method, requestUri, body } = asked;
    const fields = new DigestClient({ accounts: [account], ids: randomIds }).authorize(challenge, {
      method,
      requestUri,
      body,
      account: 'me',
    });
    return (fields ?? []).map(([name, value]) => [name, value.replace(REALM, realm)]);
  }

  async function send(method: string, way: (typeof WAYS)[number]): Promise<SipResponse> {
    const first = request(method);
    // A method that is refused by itself has no challenge: one of another request stands in.
    const refused = await client.send(first);
    const challenge = refused.status === 401 ? refused : await client.send(request('INVITE'));
    if (way === 'without credentials') return refused;
    if (way === 'with a wrong password')
      return client.send(request(method, answer(challenge, first, 'wrong')));
    if (way === 'with a foreign realm') {
      return client.send(request(method, answer(challenge, first, 'canary-password', 'evil.com')));
    }
    return client.send(request(method, answer(challenge, first, 'canary-password'), '1002'));
  }

  it.each(METHODS.flatMap((method) => WAYS.map((way) => [method, way] as const)))(
    '%s %s reaches nothing that costs money',
    async (method, way) => {
      const { status } = await send(method, way);
      if (method === 'OPTIONS') expect(status).toBe(200);
      else expect(HARMLESS).toContain(status);
      if (method === 'INVITE' || method === 'REGISTER')
        expect(status).toBe(way === 'as somebody else' ? 403 : 401);
      expect(taken).toEqual([]);
    },
  );

  it('takes INVITE and REGISTER with right credentials, once', async () => {
    const register = request('REGISTER');
    const fields = answer(await client.send(register), register, 'canary-password');
    expect((await client.send(request('REGISTER', fields))).status).toBe(200);
    const replay = await client.send(request('REGISTER', fields));
    expect([replay.status, replay.headers.get('WWW-Authenticate')]).toEqual([
      401,
      expect.stringContaining('stale=true'),
    ]);
    const arrived = new Promise<200>((resolve) => (arrivedOne = () => resolve(200)));
    const call = async () => {
      const invite = request('INVITE');
      const right = request('INVITE', answer(await client.send(invite), invite, 'canary-password'));
      const status = await Promise.race([arrived, client.send(right).then((refused) => refused.status)]);
      return { right, status };
    };
    const { right, status } = await call();
    expect(status).toBe(200);
    expect(taken).toEqual([right.callId]);
  }, 20_000);

  it('has every handler behind the guard, except that of OPTIONS', () => {
    const routes = lines
      .map((line) => (JSON.parse(line) as { message: string }).message)
      .filter((each) => / -> /.test(each));
    const open = routes.filter((each) => !each.includes('DigestGuard')).map((each) => each.split(' ')[0]);
    expect(routes.length).toBeGreaterThan(1);
    expect(open).toEqual(['OPTIONS']);
  });

  it('tells its log who was refused, and no secret', () => {
    expect(lines.join('\n')).toContain(
      '"verdict":"rejected","method":"INVITE","user":"1001","source":"127.0.0.1"',
    );
    expect(lines.join('\n')).not.toContain('canary');
    expect(lines.join('\n')).not.toMatch(/[0-9a-f]{32}/);
  });
});
