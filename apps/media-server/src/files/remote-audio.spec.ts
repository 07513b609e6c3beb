import { AddressPolicy, OutboundHttp } from '@legato/outbound-http';
import { FakeClock } from '@legato/testing';
import { systemClock } from '@legato/kernel';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeWeb } from '../../spec/fake-web';
import { RemoteAudio } from './remote-audio';

const MAX_BYTES = 10_000;

describe('documents of the web', () => {
  let server: Server;
  let port: number;
  let hits: string[];
  let answer: RequestListener;
  const opened: RemoteAudio[] = [];

  beforeEach(async () => {
    hits = [];
    answer = (_request, response) => response.end('RIFF');
    server = createServer((request, response) => {
      hits.push(request.url ?? '');
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    for (const remote of opened.splice(0)) remote.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function build(allow: readonly string[] = [], timeoutMs = 5000, resolved = '127.0.0.1'): RemoteAudio {
    const policy = new AddressPolicy({ allow });
    const http = new OutboundHttp({
      policy,
      timeoutMs,
      maxResponseBytes: MAX_BYTES,
      resolve: (_host, answered) => answered(null, [{ address: resolved, family: 4 }]),
    });
    const remote = new RemoteAudio({ http, policy, clock: systemClock });
    opened.push(remote);
    return remote;
  }

  it('are fetched from where the operator allows it', async () => {
    const bytes = await build(['127.0.0.1']).fetch(`http://127.0.0.1:${port}/a.wav`);
    expect(Buffer.from(bytes).toString()).toBe('RIFF');
    expect(hits).toEqual(['/a.wav']);
  });

  describe('are not fetched from where they must not (SSRF)', () => {
    it.each([
      'http://127.0.0.1:PORT/',
      'http://0x7f000001:PORT/',
      'http://2130706433:PORT/',
      'http://127.1:PORT/',
      'http://0177.0.0.1:PORT/',
      'http://①②⑦.⓪.⓪.①:PORT/',
      'http://127。0。0。1:PORT/',
      'http://[::ffff:127.0.0.1]:PORT/',
      'http://[::1]:PORT/',
      'http://0/',
      'http://0:PORT/',
      'http://169.254.169.254/latest/meta-data/',
      'http://10.0.0.1/',
      'http://[fd00::1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://user:secret@example.com/',
      'https://127.0.0.1:PORT/',
    ])('%s is refused before anything is sent', async (text) => {
      const url = text.replace('PORT', String(port));
      const remote = build();
      expect(remote.check(url).ok).toBe(false);
      await expect(remote.fetch(url)).rejects.toThrow();
      expect(hits).toEqual([]);
    });

    it.each([
      'gopher://example.com/',
      'file:///etc/passwd',
      'ftp://example.com/a.wav',
      'http:///',
      'data:,x',
    ])('%s is no URL of the web', (url) => expect(build().check(url).ok).toBe(false));

    it.each(['http://localhost:PORT/', 'http://localhost.:PORT/', 'http://rebound.example:PORT/'])(
      '%s is refused when it is resolved, at connect',
      async (text) => {
        await expect(build().fetch(text.replace('PORT', String(port)))).rejects.toThrow('no public address');
        expect(hits).toEqual([]);
      },
    );

    it('redirects are not followed', async () => {
      answer = (_request, response) => {
        response.writeHead(302, { location: 'http://169.254.169.254/' });
        response.end();
      };
      const url = `http://127.0.0.1:${port}/moved`;
      await expect(build(['127.0.0.1']).fetch(url)).rejects.toThrow('the server answered 302');
      expect(hits).toEqual(['/moved']);
    });
  });

  it('fail when they are missing', async () => {
    answer = (_request, response) => {
      response.statusCode = 404;
      response.end();
    };
    await expect(build(['127.0.0.1']).fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('404');
  });

  it('fail when they have no end', async () => {
    answer = (_request, response) => {
      const more = (): void => {
        if (!response.destroyed && response.write(Buffer.alloc(1000))) setImmediate(more);
      };
      response.on('drain', more);
      more();
    };
    await expect(build(['127.0.0.1']).fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('too large');
  });

  it('fail when they do not come in time', async () => {
    answer = (_request, response) => void response.write('RIFF');
    await expect(build(['127.0.0.1'], 50).fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('in time');
  });

  describe('are kept', () => {
    const URL_1 = 'http://prompts.example/1.wav';
    let web: FakeWeb;
    let clock: FakeClock;
    let remote: RemoteAudio;

    const serve = (body: string, headers: Record<string, string> = {}) =>
      web.documents.set(URL_1, { body: Buffer.from(body), headers });
    const fetched = async () => Buffer.from(await remote.fetch(URL_1)).toString();

    beforeEach(() => {
      web = new FakeWeb();
      clock = new FakeClock();
      remote = new RemoteAudio({ http: web, policy: new AddressPolicy(), clock, maxCacheBytes: 10 });
    });

    it('for a minute, or as long as their server says', async () => {
      serve('one');
      await fetched();
      clock.advance(59_999);
      await fetched();
      expect(web.requests).toHaveLength(1);
      clock.advance(1);
      serve('two', { 'cache-control': 'public, max-age=5' });
      expect(await fetched()).toBe('two');
      clock.advance(5000);
      await fetched();
      expect(web.requests).toHaveLength(3);
    });

    it('and asked for again by their tag', async () => {
      serve('one', { etag: '"1"', 'cache-control': 'max-age=1' });
      await fetched();
      clock.advance(1000);
      web.documents.set(URL_1, { status: 304, headers: { 'cache-control': 'max-age=1' } });
      expect(await fetched()).toBe('one');
      expect(web.requests[1]?.headers).toEqual({ 'if-none-match': '"1"' });
    });

    it('not when their server forbids it', async () => {
      serve('one', { 'cache-control': 'no-store' });
      await fetched();
      await fetched();
      expect(web.requests).toHaveLength(2);
    });

    it('up to a limit, the oldest go first', async () => {
      serve('123456');
      await fetched();
      web.documents.set('http://prompts.example/2.wav', { body: Buffer.from('123456') });
      await remote.fetch('http://prompts.example/2.wav');
      await fetched();
      expect(web.requests).toHaveLength(3);
    });

    it('and fetched once for all who want them at the same time', async () => {
      serve('one');
      await Promise.all([fetched(), fetched(), fetched()]);
      expect(web.requests).toHaveLength(1);
    });
  });
});
