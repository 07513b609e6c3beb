import type { SipRequest } from '@legato/sip';
import { SipResponse } from '@legato/sip';
import { ANSWER, NOTHING_HELD, OFFER, sdp, TwoUserAgents } from '@legato/testing';
import type { TwoUserAgentsOptions } from '@legato/testing';
import { RecordRoutingProxy } from './record-routing-proxy';

const PROXY_1 = { host: '192.0.2.11', port: 5060 };
const PROXY_2 = { host: '192.0.2.22', port: 5060 };
const BOB = { host: '192.0.2.2', port: 5060 };
const BOBS_ADDRESS = 'sip:bob@biloxi.example.com';

/** Alice - Proxy 1 - Proxy 2 - Bob. */
async function throughProxies(options: TwoUserAgentsOptions = {}) {
  const w = await TwoUserAgents.start(options);
  const first = new RecordRoutingProxy(w.network, PROXY_1, PROXY_2);
  const second = new RecordRoutingProxy(w.network, PROXY_2, BOB);
  await Promise.all([first.start(), second.start()]);
  const call = (body = OFFER) => w.alice.invite(BOBS_ADDRESS, body, { target: PROXY_1 });
  /** Long enough for a request and its answer to cross both proxies. */
  const run = (ms = 100) => w.run(ms);
  /** What Alice and Bob sent; the proxies only pass it on. */
  const ladder = () =>
    w.network.ladder
      .splice(0)
      .filter(({ from }) => from.host === '192.0.2.1' || from.host === BOB.host)
      .map(
        ({ from, line }) =>
          `${from.host === BOB.host ? 'B' : 'A'} ${line.replace(/ ?SIP\/2.0 ?| sip:.*/g, '')}`,
      );
  return { w, first, second, call, run, ladder };
}

const requestsTo = (w: TwoUserAgents, method: string): SipRequest[] =>
  [...w.alicesTransport.sent, ...w.bobsTransport.sent]
    .map(({ message }) => message)
    .filter((message): message is SipRequest => message.kind === 'request' && message.method === method);

describe('RFC 3665 §3, session establishment', () => {
  it('3.1 successful session establishment', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    a.usage.acknowledge();
    w.run();
    w.bob.call.usage.bye();
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 180 Ringing', 'B 200 OK', 'A ACK', 'B BYE', 'A 200 OK']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('3.2 session establishment through two proxies: ACK and BYE take the recorded route, each in its order', async () => {
    const { w, first, second, call, run, ladder } = await throughProxies();
    const a = call();
    run();
    w.bob.call.usage.provisional(180);
    run();
    w.bob.call.usage.accept(ANSWER);
    run();
    a.usage.acknowledge();
    run();
    w.bob.call.usage.bye();
    run();
    expect(ladder()).toEqual(['A INVITE', 'B 180 Ringing', 'B 200 OK', 'A ACK', 'B BYE', 'A 200 OK']);
    expect([first.seen, second.seen]).toEqual([
      ['INVITE', 'ACK', 'BYE'],
      ['INVITE', 'ACK', 'BYE'],
    ]);
    const [ack] = requestsTo(w, 'ACK');
    const [bye] = requestsTo(w, 'BYE');
    expect(ack?.headers.getAll('Route')).toEqual([`<${first.uri}>`, `<${second.uri}>`]);
    expect(bye?.headers.getAll('Route')).toEqual([`<${second.uri}>`, `<${first.uri}>`]);
    expect([ack?.requestUri, bye?.requestUri]).toEqual([
      'sip:bob@192.0.2.2:5060',
      'sip:alice@192.0.2.1:5060',
    ]);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('3.3 session with multiple proxy authentication: each proxy asks once, both get their credentials', async () => {
    const authorize = (challenge: SipResponse) => {
      const realm = /realm="([^"]*)"/.exec(challenge.headers.get('Proxy-Authenticate') ?? '')?.[1] ?? '';
      realms.push(realm);
      return realms.map((each) => ['Proxy-Authorization', `Digest realm="${each}"`] as const);
    };
    const realms: string[] = [];
    const { w, first, second, call, run, ladder } = await throughProxies({
      alice: { runner: { authorize } },
    });
    for (const [proxy, realm] of [
      [first, 'atlanta'],
      [second, 'biloxi'],
    ] as const) {
      proxy.answers = (request) => {
        const known = request.headers.getAll('Proxy-Authorization').some((value) => value.includes(realm));
        if (known || request.method !== 'INVITE') return undefined;
        const headers = [['Proxy-Authenticate', `Digest realm="${realm}"`]] as const;
        return SipResponse.to(request, 407, { toTag: 'proxy', headers });
      };
    }
    const a = call();
    run(200);
    w.bob.call.usage.accept(ANSWER);
    run();
    a.usage.acknowledge();
    run();
    expect(ladder()).toEqual(['A INVITE', 'A ACK', 'A INVITE', 'A ACK', 'A INVITE', 'B 200 OK', 'A ACK']);
    expect(realms).toEqual(['atlanta', 'biloxi']);
    const invites = requestsTo(w, 'INVITE');
    expect(invites.map(({ cseq }) => cseq.number)).toEqual([1, 2, 3]);
    expect(requestsTo(w, 'ACK').at(-1)?.headers.getAll('Proxy-Authorization')).toHaveLength(2);
    w.alice.call.usage.bye();
    run();
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('3.4 session with a proxy that fails: 503 from the first, the call goes by the other', async () => {
    const { w, first, run, ladder } = await throughProxies();
    first.answers = (request) => SipResponse.to(request, 503, { toTag: 'proxy' });
    const failed = w.alice.invite(BOBS_ADDRESS, OFFER, { target: PROXY_1 });
    run();
    expect(failed.told).toEqual(['refused INVITE 503', 'ended refused']);
    const a = w.alice.invite(BOBS_ADDRESS, OFFER, { target: PROXY_2 });
    run();
    w.bob.call.usage.accept(ANSWER);
    run();
    a.usage.acknowledge();
    run();
    expect(ladder()).toEqual(['A INVITE', 'A ACK', 'A INVITE', 'B 200 OK', 'A ACK']);
  });

  it('3.6 session via a redirect, with the description in the ACK', async () => {
    const { w, first, run, ladder } = await throughProxies();
    const moved = [['Contact', '<sip:bob@192.0.2.2>']] as const;
    first.answers = (request) => SipResponse.to(request, 302, { toTag: 'proxy', headers: moved });
    const redirected = w.alice.invite(BOBS_ADDRESS, undefined, { target: PROXY_1 });
    run();
    const { response } = redirected.last('refused');
    const a = w.alice.invite(response?.contact?.uri ?? '', undefined);
    run();
    w.bob.call.usage.accept(OFFER);
    run();
    a.usage.acknowledge(ANSWER);
    run();
    expect(ladder()).toEqual(['A INVITE', 'A ACK', 'A INVITE', 'B 200 OK', 'A ACK']);
    expect(Buffer.from(w.bob.call.last('acknowledged').body?.bytes ?? []).toString()).toBe('v=0 answer');
  });

  it('3.7 session with re-INVITE: the new address of Bob is used from its 200 on', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    b.usage.state.contact = '<sip:bob@192.0.2.2:5060;moved=yes>';
    b.usage.reinvite(sdp('v=0 new address'));
    w.run();
    a.usage.answerReinvite(a.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run();
    b.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['B INVITE', 'A 200 OK', 'B ACK']);
    a.usage.bye();
    w.run();
    expect(requestsTo(w, 'BYE')[0]?.requestUri).toBe('sip:bob@192.0.2.2:5060;moved=yes');
  });

  it('3.8 unsuccessful, no answer: the CANCEL follows the INVITE through both proxies', async () => {
    const { w, call, run, ladder } = await throughProxies();
    const a = call();
    run();
    w.bob.call.usage.provisional(180);
    run();
    a.usage.cancel();
    run();
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 487', 'ended cancelled']);
    expect(w.bob.call.told).toEqual(['cancelled', 'ended cancelled']);
    expect(ladder().slice(0, 5)).toEqual([
      'A INVITE',
      'B 180 Ringing',
      'A CANCEL',
      'B 200 OK',
      'B 487 Request Terminated',
    ]);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it.each([
    ['3.9 unsuccessful, busy', 486, 'Busy Here'],
    ['3.11 unsuccessful, temporarily unavailable', 480, 'Temporarily Unavailable'],
  ])('%s', async (_flow, status, reason) => {
    const { w, call, run, ladder } = await throughProxies();
    const a = call();
    run();
    w.bob.call.usage.refuse(status);
    run();
    expect(ladder().slice(0, 3)).toEqual(['A INVITE', `B ${status} ${reason}`, 'A ACK']);
    expect(a.told).toEqual([`refused INVITE ${status}`, 'ended refused']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('3.10 unsuccessful, no response from the user agent: the proxy says 408 after it has waited', async () => {
    const { w, second, call, run } = await throughProxies();
    second.answers = (request) =>
      request.method === 'INVITE' ? SipResponse.to(request, 408, { toTag: 'proxy' }) : undefined;
    const a = call();
    run();
    expect(a.told).toEqual(['refused INVITE 408', 'ended refused']);
    expect(w.bob.calls).toEqual([]);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });
});
