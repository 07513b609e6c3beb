import type { Binding } from '@legato/sip';
import { FakeClock, registeredBinding } from '@legato/testing';
import { NumberRoutes } from '../calls/number-routes';
import { RegisteredRoutes } from './registered-routes';

describe('routes to registered users', () => {
  const clock = new FakeClock();
  const now = clock.wallTime();
  const phone = (contact: string, more: Partial<Binding> = {}) =>
    registeredBinding(contact, now, { reach: 'contact', ...more });
  const bindings: Record<string, Binding[]> = {
    'sip:1011@example.com': [phone('sip:a@192.0.2.2', { q: 0.2 }), phone('sip:b@192.0.2.3')],
    'sip:alice@example.com': [phone('sip:alice@192.0.2.4')],
    'sip:2000@example.com': [phone('sip:x@192.0.2.9')],
  };
  const numbers = new NumberRoutes([
    { number: '2000', to: 'sip:ivr@192.0.2.8', mode: 'anchored' },
    { number: '10*', to: 'registered', mode: 'anchored', record: 'dual' },
    { number: '0', to: 'user:alice', mode: 'direct' },
    { number: '9', to: 'user:nobody', mode: 'direct' },
    { number: '7', target: { kind: 'flow', name: 'menu' } },
  ]);
  const routesOf = (domains: readonly string[]) =>
    new RegisteredRoutes({
      routes: numbers,
      registrar: {
        bindingsOf: (aor) => Promise.resolve(bindings[aor] ?? []),
        serves: (aor) => domains.length === 0 || domains.some((domain) => aor.endsWith(`@${domain}`)),
      },
      domains,
      clock,
    });
  const find = (uri: string, domains: readonly string[] = []) =>
    Promise.resolve(routesOf(domains).find(uri.replace(/^sip:|@.*$/g, ''), uri));

  it('lead to the bindings of the user that was dialled, best first', async () => {
    expect(await find('sip:1011@example.com:5060')).toEqual({
      number: '10*',
      to: 'sip:1011@example.com',
      mode: 'anchored',
      record: 'dual',
      targets: [{ uri: 'sip:b@192.0.2.3' }, { uri: 'sip:a@192.0.2.2' }],
    });
  });

  it('lead to the user of the first domain who has the telephone number that was dialled (RFC 3261 §19.1.6)', async () => {
    const found = await routesOf(['example.com']).find('1011', 'tel:10-11;phone-context=example.com');
    expect(found).toMatchObject({ to: 'sip:1011@example.com', targets: [{}, {}] });
  });

  it('lead to the bindings of the user that they name', async () => {
    expect(await find('sip:0@example.com')).toMatchObject({
      to: 'sip:alice@example.com',
      targets: [{ uri: 'sip:alice@192.0.2.4' }],
    });
  });

  it('lead to no target where nobody is registered: 480', async () => {
    expect(await find('sip:1099@example.com')).toMatchObject({ to: 'sip:1099@example.com', targets: [] });
    expect(await find('sip:9@example.com')).toMatchObject({ targets: [] });
  });

  it('go before bindings, which need none of them', async () => {
    expect(await find('sip:2000@example.com')).toMatchObject({ to: 'sip:ivr@192.0.2.8' });
    expect(await find('sip:2000@example.com')).not.toHaveProperty('targets');
    expect(await find('sip:7@example.com')).toMatchObject({ target: { kind: 'flow', name: 'menu' } });
    expect(await find('sip:alice@example.com')).toEqual({
      to: 'sip:alice@example.com',
      mode: 'direct',
      targets: [{ uri: 'sip:alice@192.0.2.4' }],
    });
    expect(await find('sip:bob@example.com')).toBeUndefined();
  });

  it('take our address for the first domain, and keep domains apart', async () => {
    const domains = ['example.com', 'example.net'];
    expect(await find('sip:alice@192.0.2.1', domains)).toMatchObject({ to: 'sip:alice@example.com' });
    expect(await find('sip:alice@example.net', domains)).toBeUndefined();
    expect(await find('sip:alice@192.0.2.1')).toBeUndefined();
  });

  it('lead nowhere for what is no user', async () => {
    for (const uri of ['sip:example.com', 'tel:+15551234', 'sip:%ff@example.com', 'nonsense'])
      expect(await routesOf([]).find('', uri)).toBeUndefined();
  });

  it('locate the parties of a call that is asked for', async () => {
    expect(await routesOf([]).locate('sip:alice@example.com')).toEqual([{ uri: 'sip:alice@192.0.2.4' }]);
    expect(await routesOf([]).locate('sip:bob@192.0.2.77')).toBeUndefined();
    expect(await routesOf(['example.com']).locate('sip:bob@192.0.2.77')).toBeUndefined();
    expect(await routesOf(['example.com']).locate('sip:bob@example.com')).toEqual([]);
  });
});
