import { applicationFlow } from '@legato/flows';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_VARIABLES, readConfig } from './config';
import type { Config } from './config';

function config(env: Record<string, string>): Config {
  const outcome = readConfig(env);
  if (!outcome.ok) throw new Error(outcome.error.join('; '));
  return outcome.value;
}

function complaints(env: Record<string, string>): readonly string[] {
  const outcome = readConfig(env);
  return outcome.ok ? [] : outcome.error;
}

describe('the configuration', () => {
  it('has a default for everything: loopback, memory, the media server beside it', () => {
    const { sip, http, mediaServers, routes, apiKeys, redisUrl, recordingsDir, logLevel } = config({});
    expect(sip).toMatchObject({ host: '127.0.0.1', port: 5060, allow: { size: 0 } });
    expect(http).toEqual({ host: '127.0.0.1', port: 3000 });
    expect(mediaServers).toMatchObject([{ uri: 'sip:127.0.0.1:5080', dialect: 'rfc' }]);
    expect([routes, apiKeys, redisUrl, recordingsDir, logLevel]).toEqual([
      [],
      [],
      undefined,
      undefined,
      'info',
    ]);
  });

  it('reads every variable', () => {
    const read = config({
      LEGATO_SIP_HOST: '192.0.2.1',
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_HOST: 'localhost',
      LEGATO_HTTP_PORT: '8080',
      LEGATO_REDIS_URL: 'redis://127.0.0.1:6379/1',
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:5080, sip:ms@media.example',
      LEGATO_API_KEYS: 'a-key,another',
      LEGATO_NODE_ID: 'node-2',
      LEGATO_LOG_LEVEL: 'warn',
      LEGATO_RECORDINGS_DIR: '/srv/recordings',
      LEGATO_SIP_ALLOW: '10.0.0.0/8',
    });
    expect(read).toMatchObject({
      sip: { host: '192.0.2.1', port: 0, allow: { size: 1 } },
      http: { host: '127.0.0.1', port: 8080 },
      redisUrl: 'redis://127.0.0.1:6379/1',
      mediaServers: [{ uri: 'sip:127.0.0.1:5080' }, { uri: 'sip:ms@media.example' }],
      apiKeys: ['a-key', 'another'],
      nodeId: 'node-2',
      logLevel: 'warn',
      recordingsDir: '/srv/recordings',
    });
  });

  it('takes an empty variable as one that is not set', () => {
    expect(config({ LEGATO_REDIS_URL: '', LEGATO_API_KEYS: '', LEGATO_SIP_PORT: '' })).toEqual(config({}));
  });

  it.each([
    ['LEGATO_SIP_HOST', 'nowhere', 'expected an IP address to bind'],
    ['LEGATO_SIP_PORT', '70000', 'expected a port number from 0 (any free port) to 65535'],
    ['LEGATO_SIP_PORT', '-1', 'expected a port number from 0 (any free port) to 65535'],
    ['LEGATO_HTTP_PORT', '80 ', 'expected a port number from 0 (any free port) to 65535'],
    ['LEGATO_REDIS_URL', 'http://127.0.0.1', 'expected a URL such as redis://127.0.0.1:6379/0'],
    ['LEGATO_MEDIA_SERVERS', 'sip:a,b', 'expected a comma list of SIP URIs such as sip:127.0.0.1:5080'],
    ['LEGATO_MEDIA_SERVERS', ',', 'expected a comma list of SIP URIs such as sip:127.0.0.1:5080'],
    ['LEGATO_NODE_ID', 'a b', 'expected 1 to 64 letters, digits, dots, dashes or underscores'],
    ['LEGATO_LOG_LEVEL', 'loud', 'expected one of debug, info, warn, error, silent'],
    ['LEGATO_SIP_ALLOW', 'everyone', 'expected a comma list of IP addresses and ranges such as 10.0.0.0/8'],
  ])('%s=%s is refused in one line that names it', (name, value, expectation) => {
    expect(complaints({ [name]: value })).toEqual([`${name}=${JSON.stringify(value)}: ${expectation}`]);
  });

  it('shows no secret, and no line break of a value', () => {
    expect(complaints({ LEGATO_API_KEYS: 'canary one' }).join()).not.toContain('canary');
    expect(complaints({ LEGATO_REDIS_URL: 'amqp://u:canary@h' }).join('')).not.toContain('canary');
    expect(complaints({ LEGATO_NODE_ID: 'a\nb\u2028' })).toEqual([
      expect.stringMatching(/^LEGATO_NODE_ID="a\\nb\\\\u2028": [^\n]*$/),
    ]);
  });

  it('names every wrong variable', () => {
    expect(complaints({ LEGATO_SIP_PORT: 'x', LEGATO_HTTP_PORT: 'y' })).toHaveLength(2);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1'])('does not serve REST on %s without API keys', (host) => {
    expect(complaints({ LEGATO_HTTP_HOST: host })).toEqual([
      `LEGATO_HTTP_HOST="${host}": expected a loopback address as long as LEGATO_API_KEYS is not set`,
    ]);
    expect(config({ LEGATO_HTTP_HOST: host, LEGATO_API_KEYS: 'key' }).http.host).toBe(host);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('serves it on %s without', (host) => {
    expect(complaints({ LEGATO_HTTP_HOST: host })).toEqual([]);
  });
});

describe('the media servers file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-media-servers-'));
  const path = join(folder, 'media-servers.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read with the configuration, in the place of the list', () => {
    writeFileSync(path, JSON.stringify([{ uri: 'sip:127.0.0.1:5080', dialect: 'xms' }]));
    expect(config({ LEGATO_MEDIA_SERVERS_FILE: path }).mediaServers).toMatchObject([{ dialect: 'xms' }]);
    expect(complaints({ LEGATO_MEDIA_SERVERS_FILE: path, LEGATO_MEDIA_SERVERS: 'sip:b' })).toEqual([
      `LEGATO_MEDIA_SERVERS_FILE=${JSON.stringify(path)}: expected LEGATO_MEDIA_SERVERS not to be set beside it`,
    ]);
  });

  it('is named with what is wrong in it', () => {
    writeFileSync(path, JSON.stringify([{ uri: 'sip:127.0.0.1:5080', dialect: 'loose' }]));
    expect(complaints({ LEGATO_MEDIA_SERVERS_FILE: path })).toEqual([
      `LEGATO_MEDIA_SERVERS_FILE=${JSON.stringify(path)}: /0/dialect: expected one of rfc, xms, convedia, mavenir`,
    ]);
  });
});

describe('the routes file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-routes-'));
  const path = join(folder, 'routes.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read with the configuration', () => {
    const route = { number: '1000', to: 'sip:1000@127.0.0.1:6000', mode: 'direct' };
    const recorded = { ...route, number: '2*', mode: 'anchored' };
    writeFileSync(
      path,
      JSON.stringify({
        routes: [
          { ...route, record: false },
          { ...recorded, record: true },
        ],
      }),
    );
    expect(config({ LEGATO_ROUTES: path }).routes).toEqual([route, { ...recorded, record: 'mono' }]);
  });

  it.each(['flow', 'conference', 'webhook'])('leads numbers to a %s', (kind) => {
    writeFileSync(path, JSON.stringify({ routes: [{ number: '7', [kind]: 'sales-1', record: 'dual' }] }));
    const target = { kind, name: 'sales-1' };
    expect(config({ LEGATO_ROUTES: path }).routes).toEqual([{ number: '7', target, record: 'dual' }]);
  });

  it('leads numbers to an application that is asked, whose query nobody else is told', () => {
    const url = 'https://app.example/calls?key=7';
    const fallback = { flow: 'menu' };
    const routes = [
      { number: '7', webhook: url },
      { number: '8', webhook: url, timeout_s: 3, fallback },
    ];
    writeFileSync(path, JSON.stringify({ routes }));
    const target = { kind: 'application', name: 'https://app.example/calls' };
    expect(config({ LEGATO_ROUTES: path }).routes).toEqual([
      { number: '7', target, document: applicationFlow({ url }) },
      { number: '8', target, document: applicationFlow({ url, timeout_s: 3, fallback }) },
    ]);
  });

  it.each([
    ['{"routes": [', /not well-formed JSON/],
    [
      '{"routes": [{"number": "1", "webhook": "ftp://a/"}]}',
      /\/routes\/0\/webhook: expected a name, or a URL/,
    ],
    [
      '{"routes": [{"number": "1", "webhook": "crm", "fallback": {"flow": "menu"}}]}',
      /\/routes\/0\/fallback: goes with a webhook that is a URL/,
    ],
    [
      '{"routes": [{"number": "1", "webhook": "https://a/", "fallback": {"status": 401}}]}',
      /\/routes\/0\/fallback\/status: needs a challenge/,
    ],
    ['[]', /the file: /],
    [
      '{"routes": [{"number": "1", "to": "sip:a@b", "mode": "loose"}]}',
      /\/routes\/0\/mode: expected direct or anchored/,
    ],
    ['{"routes": [{"number": "1"}]}', /\/routes\/0: expected one of to, flow, conference, webhook/],
    ['{"routes": [{"number": "1", "flow": "a", "webhook": "b"}]}', /\/routes\/0: expected one of to, flow/],
    ['{"routes": [{"number": "1", "flow": "a b"}]}', /\/routes\/0\/flow: expected a name/],
    [
      '{"routes": [{"number": "1", "flow": "a", "mode": "direct"}]}',
      /\/routes\/0\/mode: goes with to only: a flow is at the media server/,
    ],
    ['{"routes": [{"number": "1", "to": "sip:a@b"}]}', /\/routes\/0\/mode: expected direct or anchored/],
    [
      '{"routes": [{"number": "1*2", "to": "sip:a@b", "mode": "direct"}]}',
      /\/routes\/0\/number: expected a number/,
    ],
    ['{"routes": [{"number": "1", "to": "tel:1", "mode": "direct"}]}', /\/routes\/0\/to: expected a SIP URI/],
    [
      '{"routes": [{"number": "1", "to": "sip:a@b", "mode": "direct", "colour": 1}]}',
      /\/routes\/0\/colour: unknown field/,
    ],
    [
      '{"routes": [{"number": "1", "to": "sip:a@b", "mode": "direct"}, {"number": "1", "to": "sip:c@d", "mode": "direct"}]}',
      /\/routes\/1\/number: the number is there twice/,
    ],
  ])('is refused where it is wrong: %s', (text, complaint) => {
    writeFileSync(path, text);
    const lines = complaints({ LEGATO_ROUTES: path });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`LEGATO_ROUTES=${JSON.stringify(path)}: `);
    expect(lines[0]).toMatch(complaint);
  });

  it('is refused when it is not there', () => {
    expect(complaints({ LEGATO_ROUTES: join(folder, 'none.json') })[0]).toMatch(
      /expected a readable JSON file \(ENOENT\)/,
    );
  });
});

describe('docs/configuration.md', () => {
  it('has a row for every variable of the control plane', () => {
    const page = readFileSync(join(__dirname, '../../../../docs/configuration.md'), 'utf8');
    const section = page.split(/^## /m).find((part) => part.startsWith('Control plane')) ?? '';
    const rows = [...section.matchAll(/^\| `(LEGATO_\w+)`/gm)].map(([, name]) => name);
    expect(rows).toEqual(CONFIG_VARIABLES);
  });
});
