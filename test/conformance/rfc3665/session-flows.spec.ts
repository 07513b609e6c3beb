import { SipResponse } from '@legato/sip';
import { NOTHING_HELD, TwoUserAgents } from '@legato/testing';
import { audio } from '../../flow/support/flow-world';
import {
  ANSWER,
  BOBS_ADDRESS,
  OFFER,
  pageOf,
  PROXY_1,
  PROXY_2,
  requestsTo,
  throughProxies,
} from './through-proxies';

describe('RFC 3665 §3, session establishment', () => {
  it('3.1 successful session establishment', async () => {
    const w = await TwoUserAgents.start();
    const page = pageOf(w);
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
    page.check(
      'rfc3665/3.1',
      'RFC 3665 §3.1: a session',
      'Alice calls Bob without anybody between them; Bob hangs up.',
    );
  });

  it('3.2 session establishment through two proxies: ACK and BYE take the recorded route, each in its order', async () => {
    const { w, page, first, second, call, run, ladder } = await throughProxies();
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
    page.check(
      'rfc3665/3.2',
      'RFC 3665 §3.2: a session through two proxies',
      'Both proxies record the route; ACK and BYE take it.',
    );
  });

  it('3.3 session with multiple proxy authentication: each proxy asks once, both get their credentials', async () => {
    const authorize = (challenge: SipResponse) => {
      const realm = /realm="([^"]*)"/.exec(challenge.headers.get('Proxy-Authenticate') ?? '')?.[1] ?? '';
      realms.push(realm);
      return realms.map((each) => ['Proxy-Authorization', `Digest realm="${each}"`] as const);
    };
    const realms: string[] = [];
    const { w, page, first, second, call, run, ladder } = await throughProxies({
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
    page.check(
      'rfc3665/3.3',
      'RFC 3665 §3.3: two proxies ask who calls',
      'Each proxy challenges once; the third INVITE carries credentials for both.',
    );
  });

  it('3.4 session with a proxy that fails: 503 from the first, the call goes by the other', async () => {
    const { w, page, first, run, ladder } = await throughProxies();
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
    page.check(
      'rfc3665/3.4',
      'RFC 3665 §3.4: a proxy fails',
      'The first proxy says 503, the call goes by the other one.',
    );
  });

  it('3.5 session through an application layer gateway: a preloaded Route leads to it, each side sees its description', async () => {
    const { w, page, first, second, run, ladder } = await throughProxies();
    const gateways = (from: string, to: string) => (body: Uint8Array) =>
      Buffer.from(Buffer.from(body).toString('latin1').replaceAll(from, to), 'latin1');
    const hides = [gateways('192.0.2.101', PROXY_1.host), gateways('192.0.2.201', PROXY_1.host)];
    first.rewrites = (body) => hides.reduce((text, hide) => hide(text), body);
    second.recordsRoute = false;
    const a = w.alice.invite(BOBS_ADDRESS, OFFER, { routeSet: [`<${first.uri}>`] });
    run();
    w.bob.call.usage.provisional(180);
    run();
    w.bob.call.usage.accept(ANSWER);
    run();
    a.usage.acknowledge();
    run();
    a.usage.bye();
    run();
    expect(ladder()).toEqual(['A INVITE', 'B 180 Ringing', 'B 200 OK', 'A ACK', 'A BYE', 'B 200 OK']);
    expect([first.seen, second.seen]).toEqual([['INVITE', 'ACK', 'BYE'], ['INVITE']]);
    expect(w.bob.call.invite?.body.toString()).toBe(audio(PROXY_1.host, 49172));
    expect(a.last('accepted').response.body.toString()).toBe(audio(PROXY_1.host, 3456));
    for (const method of ['INVITE', 'ACK', 'BYE'])
      expect(requestsTo(w, method)[0]?.headers.getAll('Route')).toEqual([`<${first.uri}>`]);
    expect(w.settle()).toEqual(NOTHING_HELD);
    page.check(
      'rfc3665/3.5',
      'RFC 3665 §3.5: a session through an application layer gateway',
      'Alice sends her INVITE to the gateway by a preloaded Route. It puts its own address into both descriptions and stays in the\npath; the second proxy does not.',
    );
  });

  it('3.6 session via a redirect, with the description in the ACK', async () => {
    const { w, page, first, run, ladder } = await throughProxies();
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
    expect(w.bob.call.last('acknowledged').body?.bytes).toEqual(ANSWER.bytes);
    page.check(
      'rfc3665/3.6',
      'RFC 3665 §3.6: a redirection',
      'The first proxy redirects; the INVITE has no description, so that the ACK carries the answer.',
    );
  });

  it('3.7 session with re-INVITE: the new address of Bob is used from its 200 on', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    const page = pageOf(w);
    b.usage.state.contact = '<sip:bob@192.0.2.2:5060;moved=yes>';
    b.usage.reinvite(OFFER);
    w.run();
    a.usage.answerReinvite(a.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run();
    b.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['B INVITE', 'A 200 OK', 'B ACK']);
    a.usage.bye();
    w.run();
    expect(requestsTo(w, 'BYE')[0]?.requestUri).toBe('sip:bob@192.0.2.2:5060;moved=yes');
    page.check(
      'rfc3665/3.7',
      'RFC 3665 §3.7: a re-INVITE',
      'Bob has moved: his re-INVITE brings his new address, which Alice uses from then on.',
    );
  });

  it('3.8 unsuccessful, no answer: the CANCEL follows the INVITE through both proxies', async () => {
    const { w, page, call, run, ladder } = await throughProxies();
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
    page.check(
      'rfc3665/3.8',
      'RFC 3665 §3.8: no answer',
      'Alice gives up; her CANCEL follows the INVITE through both proxies.',
    );
  });

  it.each([
    ['3.9', 'unsuccessful, busy', 486, 'Busy Here'],
    ['3.11', 'unsuccessful, temporarily unavailable', 480, 'Temporarily Unavailable'],
  ])('%s %s', async (flow, title, status, reason) => {
    const { w, page, call, run, ladder } = await throughProxies();
    const a = call();
    run();
    w.bob.call.usage.refuse(status);
    run();
    expect(ladder().slice(0, 3)).toEqual(['A INVITE', `B ${status} ${reason}`, 'A ACK']);
    expect(a.told).toEqual([`refused INVITE ${status}`, 'ended refused']);
    expect(w.settle()).toEqual(NOTHING_HELD);
    page.check(`rfc3665/${flow}`, `RFC 3665 §${flow}: ${title}`, 'Bob refuses; both proxies pass it back.');
  });

  it('3.10 unsuccessful, no response from the user agent: the proxy says 408 after it has waited', async () => {
    const { w, page, second, call, run } = await throughProxies();
    second.answers = (request) =>
      request.method === 'INVITE' ? SipResponse.to(request, 408, { toTag: 'proxy' }) : undefined;
    const a = call();
    run();
    expect(a.told).toEqual(['refused INVITE 408', 'ended refused']);
    expect(w.bob.calls).toEqual([]);
    expect(w.settle()).toEqual(NOTHING_HELD);
    page.check(
      'rfc3665/3.10',
      'RFC 3665 §3.10: no response from the user agent',
      'The second proxy has waited for Bob in vain.',
    );
  });
});
