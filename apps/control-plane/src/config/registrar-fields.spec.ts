import { readConfig } from './config';
import { parseRoutes } from './routes-file';

function registrar(env: Record<string, string>) {
  const outcome = readConfig(env);
  if (!outcome.ok) throw new Error(outcome.error.join('; '));
  return outcome.value.registrar;
}

describe('the configuration of the registrar', () => {
  it('has defaults that suit the clients of the seeds, which ask for 30 seconds', () => {
    expect(registrar({})).toEqual({
      domains: [],
      rules: { defaultExpiresS: 3600, minExpiresS: 30, maxExpiresS: 7200, maxBindings: 10 },
      maxRegistrations: 100_000,
    });
  });

  it('reads every variable', () => {
    const read = registrar({
      LEGATO_SIP_DOMAINS: 'Example.COM, 192.0.2.1,[2001:db8::1]',
      LEGATO_REGISTRATION_MIN_S: '60',
      LEGATO_REGISTRATION_MAX_S: '600',
      LEGATO_MAX_BINDINGS: '2',
      LEGATO_MAX_REGISTRATIONS: '50',
    });
    expect(read).toEqual({
      domains: ['example.com', '192.0.2.1', '[2001:db8::1]'],
      rules: { defaultExpiresS: 600, minExpiresS: 60, maxExpiresS: 600, maxBindings: 2 },
      maxRegistrations: 50,
    });
  });

  it.each([
    ['LEGATO_SIP_DOMAINS', 'sip:example.com', 'expected a comma list of domains such as example.com'],
    ['LEGATO_SIP_DOMAINS', ',', 'expected a comma list of domains such as example.com'],
    ['LEGATO_REGISTRATION_MIN_S', '0', 'expected a whole number from 1 to 3600'],
    ['LEGATO_REGISTRATION_MAX_S', '1e3', 'expected a whole number from 60 to 604800'],
    ['LEGATO_MAX_BINDINGS', '101', 'expected a whole number from 1 to 100'],
  ])('%s=%s is refused in one line', (name, value, expectation) => {
    const outcome = readConfig({ [name]: value });
    expect(outcome.ok ? [] : outcome.error).toEqual([`${name}=${JSON.stringify(value)}: ${expectation}`]);
  });
});

describe('a route to registered users', () => {
  const route = (to: string) => JSON.stringify({ routes: [{ number: '1*', to, mode: 'direct' }] });

  it.each(['registered', 'user:alice', 'user:+4930123', 'sip:bob@192.0.2.1'])('leads to %s', (to) => {
    expect(parseRoutes(route(to))).toMatchObject({ ok: true, value: [{ to }] });
  });

  it.each(['Registered', 'user:', 'user:a b', 'users'])('leads not to %s', (to) => {
    expect(parseRoutes(route(to))).toMatchObject({ ok: false });
  });
});
