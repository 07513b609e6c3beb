import { MemoryEventLog, MemoryRegistrationStore, StoreUnavailable } from '@legato/b2bua';
import type { RegistrationStore } from '@legato/b2bua';
import { eventDocument, EVENT_DATA } from '@legato/contracts';
import { randomIds, silentLog } from '@legato/kernel';
import { DEFAULT_REGISTRAR_RULES } from '@legato/sip';
import type { SipRequest } from '@legato/sip';
import { buildRequest, FakeClock } from '@legato/testing';
import { Registrar } from './registrar';

const AOR = 'sip:alice@example.com';
const PHONE = 'sip:alice@192.0.2.2:5060';

function register(
  contacts: readonly string[],
  fields: { cseq?: number; callId?: string; to?: string } = {},
): SipRequest {
  const { cseq = 1, callId = 'boot-1', to = '<sip:alice@example.com>' } = fields;
  const request = buildRequest({
    method: 'REGISTER',
    to,
    callId,
    cseq,
    headers: contacts.map((contact) => ['Contact', contact]),
  });
  request.flow = {
    protocol: 'UDP',
    local: { host: '192.0.2.1', port: 5060 },
    remote: { host: '198.51.100.7', port: 28555 },
  };
  return request;
}

describe('the registrar', () => {
  let clock: FakeClock;
  let events: MemoryEventLog;
  let store: MemoryRegistrationStore;
  const registrarOver = (over: RegistrationStore, domains: readonly string[] = []) =>
    new Registrar({
      store: over,
      clock,
      ids: randomIds,
      log: silentLog,
      rules: DEFAULT_REGISTRAR_RULES,
      domains,
    });
  let registrar: Registrar;

  beforeEach(() => {
    clock = new FakeClock();
    events = new MemoryEventLog({ clock });
    store = new MemoryRegistrationStore({ clock, events, maxRegistrations: 2 });
    registrar = registrarOver(store);
  });

  const logged = async () => {
    const { events: all } = await events.read('', 100);
    for (const event of all) {
      expect(EVENT_DATA[event.type as keyof typeof EVENT_DATA].safeParse(event.data).success).toBe(true);
      expect(eventDocument(event).subject).toBe(event.data['aor']);
    }
    return all.map(({ type, sequence, data }) => `${sequence} ${type} ${String(data['contact'])}`);
  };

  it('answers 200 with the bindings, and keeps where the client is', async () => {
    const answer = await registrar.register(register([`<${PHONE}>;expires=60`]));
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers[0]).toEqual(['Contact', `<${PHONE}>;expires=60`]);
    const [binding] = await registrar.bindingsOf(AOR);
    expect(binding).toMatchObject({
      contact: PHONE,
      flow: { remote: { host: '198.51.100.7', port: 28555 } },
    });
  });

  it('logs what becomes of bindings, numbered per address-of-record', async () => {
    await registrar.register(register([`<${PHONE}>;expires=60`]));
    await registrar.register(register([`<${PHONE}>;expires=60`], { cseq: 2 }));
    await registrar.register(register(['<sip:alice@192.0.2.3>;expires=600'], { cseq: 3 }));
    clock.advance(60_000);
    await registrar.expire(10);
    await registrar.register(register(['<sip:alice@192.0.2.3>;expires=0'], { cseq: 4 }));
    expect(await logged()).toEqual([
      `1 registration.added ${PHONE}`,
      `2 registration.refreshed ${PHONE}`,
      '3 registration.added sip:alice@192.0.2.3',
      `4 registration.expired ${PHONE}`,
      '5 registration.removed sip:alice@192.0.2.3',
    ]);
    expect((await events.read('', 100)).events.at(-1)?.data).toMatchObject({ by: 'client' });
  });

  it('tells of an expiry once, also when two nodes look', async () => {
    await registrar.register(register([`<${PHONE}>;expires=60`]));
    clock.advance(60_000);
    expect(await registrar.bindingsOf(AOR)).toEqual([]);
    const counts = await Promise.all([registrar.expire(10), registrarOver(store).expire(10)]);
    expect(counts).toEqual([1, 1]);
    expect(await registrar.expire(10)).toBe(0);
    expect((await logged()).filter((line) => line.includes('expired'))).toHaveLength(1);
  });

  it('carries out the requests of a client in the order in which they came (§10.3)', async () => {
    const answers = await Promise.all([
      registrar.register(register([`<${PHONE}>`])),
      registrar.register(register([`<${PHONE}>;expires=0`], { cseq: 2 })),
      registrar.register(register([`<${PHONE}>`], { cseq: 3 })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await logged()).map((line) => line.split(' ')[1])).toEqual([
      'registration.added',
      'registration.removed',
      'registration.added',
    ]);
  });

  it('decides again when another node wrote in between (§10.3: atomically)', async () => {
    const load = store.load.bind(store);
    let intrude = true;
    jest.spyOn(store, 'load').mockImplementation(async (aor) => {
      const record = await load(aor);
      if (intrude) {
        intrude = false;
        await registrarOver(store).register(register(['<sip:alice@192.0.2.3>'], { callId: 'boot-2' }));
      }
      return record;
    });
    expect(await registrar.register(register([`<${PHONE}>`]))).toMatchObject({ status: 200 });
    expect(await registrar.bindingsOf(AOR)).toHaveLength(2);
  });

  it('gives up with 500 when it is overtaken for ever', async () => {
    jest.spyOn(store, 'write').mockResolvedValue({ status: 'version', actual: 9 });
    expect(await registrar.register(register([`<${PHONE}>`]))).toMatchObject({ status: 500 });
  });

  it('is full at some point: 503 with Retry-After', async () => {
    for (const user of ['a', 'b'])
      await registrar.register(register([`<${PHONE}>`], { to: `<sip:${user}@x>` }));
    const refusal = await registrar.register(register([`<${PHONE}>`], { to: '<sip:c@x>' }));
    expect(refusal).toMatchObject({ status: 503, headers: [['Retry-After', '60']] });
  });

  it('is 500 when the store does not answer, and nothing is registered (§10.3 step 7)', async () => {
    jest.spyOn(store, 'write').mockRejectedValueOnce(new StoreUnavailable('away'));
    const refusal = await registrar.register(register([`<${PHONE}>`]));
    expect(refusal).toMatchObject({ status: 500, headers: [['Retry-After', '5']] });
    expect(await registrar.register(register([`<${PHONE}>`]))).toMatchObject({ status: 200 });
  });

  it('serves its own domains only, 404 to others (§10.3 step 5)', async () => {
    const ours = registrarOver(store, ['example.com', 'example.net']);
    const to = (domain: string) => ({ to: `<sip:alice@${domain}>` });
    expect(await ours.register(register([`<${PHONE}>`], to('EXAMPLE.NET:5070')))).toMatchObject({
      status: 200,
    });
    expect(await ours.register(register([`<${PHONE}>`], to('example.org')))).toMatchObject({ status: 404 });
  });

  it('takes bindings away for an operator, one or all', async () => {
    const contacts = [`<${PHONE}>`, '<sip:alice@192.0.2.3>', '<sip:alice@192.0.2.4>'];
    await registrar.register(register(contacts));
    expect(await registrar.remove(AOR, 'sip:nobody@192.0.2.2')).toBe(false);
    expect(await registrar.remove(AOR, PHONE)).toBe(true);
    expect(await registrar.bindingsOf(AOR)).toHaveLength(2);
    expect(await registrar.remove(AOR)).toBe(true);
    expect(await registrar.remove(AOR)).toBe(false);
    const { events: all } = await events.read('', 100);
    const removed = all.filter(({ type }) => type === 'registration.removed');
    expect(removed.map(({ data }) => data['by'])).toEqual(['operator', 'operator', 'operator']);
  });
});
