import { energyShareAt } from '@legato/media';
import type { FakePhone } from '@legato/testing';
import { AudibleServer } from '../../spec/audible-server';

describe('monitor (§8.11)', () => {
  let server: AudibleServer;
  let agent: FakePhone;
  let customer: FakePhone;
  let supervisor: FakePhone;

  beforeEach(async () => {
    server = new AudibleServer();
    agent = await server.phone('agent', { frequencyHz: 440 });
    customer = await server.phone('customer', { frequencyHz: 1000 });
    supervisor = await server.phone('supervisor', { frequencyHz: 1700 });
    expect(server.control.request('<join id1="conn:agent" id2="conn:customer"/>').response).toBe('200');
  });

  afterEach(async () => {
    await server.engine.stop();
    expect(server.engine.counts().joins).toBe(0);
    await server.close();
  });

  const request = (operations: string) => server.control.request(operations).response;
  const share = (by: FakePhone, hertz: number) => energyShareAt(server.heard(by), 8000, hertz);

  it('copies what a connection hears, and not what it says; nobody hears the listener', () => {
    expect(request('<monitor id1="conn:agent" id2="conn:supervisor"/>')).toBe('200');
    expect(share(supervisor, 1000)).toBeGreaterThan(0.95);
    expect(share(agent, 1000)).toBeGreaterThan(0.95);
    expect(share(customer, 440)).toBeGreaterThan(0.95);
  });

  it('copies what is played to it, too', async () => {
    request('<monitor id1="conn:agent" id2="conn:supervisor"/>');
    server.control.dialog(
      'conn:agent',
      '<tonegen><tone duration="5s"><tone1 freq="2500" atten="-10"/></tone></tonegen>',
    );
    await server.settle(() => {
      server.run(60);
      return energyShareAt(agent.heard(), 8000, 2500) > 0.5;
    });
    expect(share(supervisor, 2500)).toBeGreaterThan(0.9);
  });

  it('copies into a conference', () => {
    expect(request('<createconference name="x"/><join id1="conf:x" id2="conn:supervisor"/>')).toBe('200');
    expect(request('<monitor id1="conn:agent" id2="conf:x"/>')).toBe('200');
    expect(share(supervisor, 1000)).toBeGreaterThan(0.95);
  });

  it('ends by unjoin, and can be beside a join', () => {
    request('<monitor id1="conn:agent" id2="conn:supervisor"/>');
    request('<join id1="conn:agent" id2="conn:supervisor"><stream media="audio" dir="from-id1"/></join>');
    const both = server.heard(supervisor);
    expect(energyShareAt(both, 8000, 440)).toBeGreaterThan(0.4);
    expect(energyShareAt(both, 8000, 1000)).toBeGreaterThan(0.4);
    expect(request('<unjoin id1="conn:agent" id2="conn:supervisor"/>')).toBe('200');
    expect(server.heard(supervisor).every((sample) => sample === 0)).toBe(true);
  });

  it('ends with the connection', async () => {
    request('<monitor id1="conn:agent" id2="conn:supervisor"/>');
    const connection = server.control.context.connections.get('conn:agent');
    if (connection) await server.control.hangUp(connection);
    expect(server.control.context.streams.of('conn:supervisor')).toEqual([]);
  });

  it('is a stream of audits', () => {
    request('<monitor id1="conn:agent" id2="conn:supervisor"/>');
    const result = server.control.request('<audit queryid="conn:supervisor" statelist="audit.conn.stream"/>');
    expect(result.auditResults?.[0]?.stream).toEqual([{ joinwith: 'conn:agent', media: 'audio', dir: 'to' }]);
  });

  it.each([
    ['id1="conn:agent" id2="conn:none"', '430'],
    ['id1="conn:none" id2="conn:agent"', '430'],
    ['id1="conf:x" id2="conn:agent"', '440'],
    ['id1="conn:agent" id2="conn:agent"', '410'],
    ['id1="conn:agent" id2="conf:y" compressed="true"', '450'],
    ['id1="conn:agent" id2="conn:supervisor" compressed="true"', '200'],
  ])('monitor %s is answered %s', (attributes, response) => {
    request('<createconference name="y"/>');
    expect(request(`<monitor ${attributes}/>`)).toBe(response);
  });
});
