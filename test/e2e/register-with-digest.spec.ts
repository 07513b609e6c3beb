import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave, writeWav } from '@legato/media';
import { type ControlPlane, startControlPlane } from './support/apps';
import { Baresip } from './support/baresip';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { headerOf } from './support/wire-message';
import { WirePeer } from './support/wire-peer';

interface Registration {
  aor: string;
  bindings: { contact: string; registered_at: string; user_agent?: string }[];
}

const PASSWORD = 'correct-horse';

/** A provider that asks for credentials, a phone that has them, and a Legato that is the provider's customer. */
describe('registrations with digest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-digest-'));
  let provider: ControlPlane;
  let customer: ControlPlane;
  let rest: Rest;

  beforeAll(async () => {
    const file = (name: string, content: unknown) => {
      const path = join(folder, name);
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    const users = ['1001', 'customer'].map((user) => ({ user, password: PASSWORD }));
    provider = await startControlPlane({
      LEGATO_NODE_ID: 'provider',
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
      LEGATO_REGISTRATION_MIN_S: '5',
      LEGATO_CREDENTIALS: file('credentials.json', { realm: '127.0.0.1', users }),
    });
    rest = new Rest(provider.http);
    const trunk = {
      name: 'provider',
      targets: [`sip:${provider.sip}`],
      ...{ realm: '127.0.0.1', user: 'customer', password: PASSWORD, register: true },
    };
    customer = await startControlPlane({
      LEGATO_NODE_ID: 'customer',
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
      LEGATO_TRUNKS: file('trunks.json', [trunk]),
    });
  }, 60_000);

  afterAll(async () => {
    await customer?.child.stop();
    await provider?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const registered = (user: string) =>
    eventually(`${user} is registered`, () =>
      rest.get<Registration>(`/v1/registrations/sip:${user}@127.0.0.1`).catch(() => undefined),
    );
  const isGone = (user: string) =>
    eventually(`${user} is gone`, async () => {
      const response = await fetch(`${provider.http}/v1/registrations/sip:${user}@127.0.0.1`);
      return response.status === 404;
    });

  it('are refused to who has no credentials, and challenged in the realm of the address-of-record', async () => {
    const stranger = await WirePeer.open(provider.sipPort);
    const answer = await stranger.ask({
      method: 'REGISTER',
      uri: 'sip:127.0.0.1',
      headers: { To: '<sip:1001@127.0.0.1>' },
    });
    await stranger.close();
    expect(answer.status).toBe(401);
    expect(headerOf(answer, 'www-authenticate')).toMatch(/^Digest realm="127\.0\.0\.1"/);
    expect((await fetch(`${provider.http}/v1/registrations/sip:1001@127.0.0.1`)).status).toBe(404);
  });

  it('are made and kept by a baresip, which is taken away when it ends', async () => {
    const spoken = join(folder, 'callee.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1000, 300_000)));
    const baresip = await Baresip.start({
      folder: join(folder, 'baresip'),
      user: '1001',
      speaks: spoken,
      answers: 'auto',
      registers: { at: provider.sip, intervalS: 5, password: PASSWORD },
    });
    try {
      const first = await registered('1001');
      await eventually('baresip refreshes its binding', async () => {
        const { bindings } = await registered('1001');
        return bindings[0]?.registered_at !== first.bindings[0]?.registered_at;
      });
      const types = await rest.eventTypes('sip:1001@127.0.0.1');
      expect(types.slice(0, 2)).toEqual(['registration.added', 'registration.refreshed']);
    } finally {
      await baresip.stop();
    }
    await isGone('1001');
  }, 60_000);

  it('are made by Legato itself with its provider, whose calls then reach it', async () => {
    const [binding] = (await registered('customer')).bindings;
    expect(binding?.contact).toBe(`sip:customer@${customer.sip}`);
    expect(await new Rest(customer.http).metric('legato_trunk_registrations{state="registered"}')).toBe(1);
    await eventually('it is counted', async () => (await rest.metric('legato_registrations')) === 1);

    // A phone of the customer's, under the name that the provider calls.
    const phone = await WirePeer.open(customer.sipPort);
    const answer = await phone.ask({
      method: 'REGISTER',
      uri: 'sip:127.0.0.1',
      headers: { To: '<sip:customer@127.0.0.1>', Contact: `<${phone.uri}>;expires=60` },
    });
    expect(answer.status).toBe(200);
    const call = { from: 'sip:operator@127.0.0.1', to: ['sip:customer@127.0.0.1', 'sip:x@127.0.0.1:9'] };
    expect((await rest.post('/v1/calls', { ...call, mode: 'direct' })).status).toBe(202);
    const invite = await phone.request('INVITE');
    expect(invite.startLine).toBe(`INVITE ${phone.uri} SIP/2.0`);
    await phone.close();
  }, 60_000);

  it('are taken away when the customer stops', async () => {
    await customer.child.stop();
    await isGone('customer');
    const types = await rest.eventTypes('sip:customer@127.0.0.1');
    expect(types[0]).toBe('registration.added');
    expect(types.at(-1)).toBe('registration.removed');
  }, 30_000);
});
