import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AddressPolicy, isAllowEntry } from './address-policy';
import type { Resolve } from './guarded-lookup';
import { OutboundHttp } from './outbound-http';

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_host, answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('HTTP to where somebody else says', () => {
  let server: Server;
  let port: number;
  let seen: string[];
  let listener: RequestListener;
  const clients: OutboundHttp[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    seen = [];
    listener = (_request, response) => response.end('ok');
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  function client(
    allow: readonly string[],
    more: Partial<ConstructorParameters<typeof OutboundHttp>[0]> = {},
  ) {
    const made = new OutboundHttp({ policy: new AddressPolicy({ allow }), ...more });
    clients.push(made);
    return made;
  }

  describe('refuses without a connection', () => {
    it.each([
      'http://127.0.0.1:PORT/',
      'http://0x7f000001:PORT/',
      'http://2130706433:PORT/',
      'http://017700000001:PORT/',
      'http://127.1:PORT/',
      'http://①②⑦.⓪.⓪.①:PORT/',
      'http://127。0。0。1:PORT/',
      'http://[::ffff:127.0.0.1]:PORT/',
      'http://[::127.0.0.1]:PORT/',
      'http://[64:ff9b::7f00:1]:PORT/',
      'http://[2002:7f00:1::]:PORT/',
      'http://[::1]:PORT/',
      'http://[::]:PORT/',
      'http://0/',
      'http://0:PORT/',
      'http://169.254.169.254/latest/meta-data/',
      'http://10.0.0.1/',
      'http://172.31.255.255/',
      'http://192.168.0.1/',
      'http://100.64.0.1/',
      'http://[fd00::1]/',
      'http://[fe80::1]/',
      'http://255.255.255.255/',
      'file:///etc/passwd',
      'gopher://127.0.0.1:PORT/_x',
      'ftp://example.com/',
      'data:text/plain,x',
      'http://user:password@example.com/',
      'http://exa mple.com/',
      '//example.com/',
      '',
    ])('%s', async (text) => {
      const url = text.replace('PORT', String(port));
      const outcome = await client([]).send({ method: 'POST', url, body: '{}' });
      expect(outcome).toMatchObject({ ok: false, error: { code: 'url_refused' } });
      expect(seen).toEqual([]);
    });

    it.each(['localhost', 'localhost.', 'LOCALHOST'])('%s, which resolves to loopback', async (host) => {
      const outcome = await client([]).send({ method: 'GET', url: `http://${host}:${port}/` });
      // Not every resolver knows it with the dot of the root.
      expect(['address_refused', 'unreachable']).toContain(outcome.ok ? 'reached' : outcome.error.code);
      expect(seen).toEqual([]);
    });

    it.each(['127.0.0.1', '169.254.169.254', '::ffff:10.0.0.1', '0.0.0.0', 'fe80::1%eth0'])(
      'a name that resolves to %s',
      async (address) => {
        const made = client([], { resolve: resolvesTo(address) });
        const outcome = await made.send({ method: 'GET', url: `http://public.example:${port}/` });
        expect(outcome).toMatchObject({ ok: false, error: { code: 'address_refused' } });
        expect(seen).toEqual([]);
      },
    );
  });

  it('is not fooled by a name that resolves to something else the second time', async () => {
    let asked = 0;
    const rebinding: Resolve = (host, answer) => {
      asked += 1;
      resolvesTo(asked === 1 ? '8.8.8.8' : '127.0.0.1')(host, answer);
    };
    // Whoever checks a name first and lets the connection resolve it again connects to the second answer.
    await new Promise<void>((resolve) => rebinding('public.example', () => resolve()));
    const made = client([], { resolve: rebinding });
    const outcome = await made.send({ method: 'GET', url: `http://public.example:${port}/` });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'address_refused' } });
    expect(asked).toBe(2);
    expect(seen).toEqual([]);
  });

  it('connects to the public address of a name that has others as well', async () => {
    const made = client(['127.0.0.1'], { resolve: resolvesTo('10.0.0.1', '127.0.0.1') });
    const outcome = await made.send({ method: 'GET', url: `http://public.example:${port}/` });
    expect(outcome).toMatchObject({ ok: true, value: { status: 200 } });
  });

  it.each([['127.0.0.1'], ['127.0.0.0/8'], ['receiver.example']])(
    'connects where %s is allowed',
    async (entry) => {
      const made = client([entry], { resolve: resolvesTo('127.0.0.1') });
      const outcome = await made.send({
        method: 'POST',
        url: `http://receiver.example:${port}/hook`,
        body: '{"a":1}',
      });
      expect(outcome).toMatchObject({ ok: true, value: { status: 200, truncated: false } });
      expect(seen).toEqual(['POST /hook']);
    },
  );

  it('knows what can stand in an allow-list', () => {
    expect(
      ['10.0.0.0/8', '::1', 'hooks.internal', 'localhost'].filter((entry) => !isAllowEntry(entry)),
    ).toEqual([]);
    expect(['10.0.0.0/33', '10.0.0', 'a b', 'http://x', '1.2.3.4/8/9', '-x'].filter(isAllowEntry)).toEqual(
      [],
    );
  });

  it('does not follow a redirect', async () => {
    listener = (_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end();
    const outcome = await client(['127.0.0.1']).send({ method: 'GET', url: `http://127.0.0.1:${port}/` });
    expect(outcome).toMatchObject({ ok: true, value: { status: 302 } });
    expect(seen).toEqual(['GET /']);
  });

  it('reads no more of a response than it may', async () => {
    listener = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    };
    const outcome = await client(['127.0.0.1'], { maxResponseBytes: 1000 }).send({
      method: 'GET',
      url: `http://127.0.0.1:${port}/`,
    });
    expect(outcome).toMatchObject({ ok: true, value: { truncated: true } });
    expect(outcome.ok && outcome.value.body.length).toBe(1000);
  });

  it.each([
    ['never answers', () => undefined],
    ['dribbles', (_request: unknown, response: Parameters<RequestListener>[1]) => void response.write('x')],
  ])('gives up on a server that %s', async (_what, serve) => {
    listener = serve;
    const outcome = await client(['127.0.0.1'], { timeoutMs: 50 }).send({
      method: 'GET',
      url: `http://127.0.0.1:${port}/`,
    });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'timeout' } });
  });

  it('says when nobody listens', async () => {
    const outcome = await client(['127.0.0.1']).send({ method: 'GET', url: 'http://127.0.0.1:1/' });
    expect(outcome).toEqual({
      ok: false,
      error: { code: 'unreachable', detail: 'The server could not be reached (ECONNREFUSED).' },
    });
  });
});
