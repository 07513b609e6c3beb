import { ANSWER, NOTHING_HELD, OFFER, sdp, TwoUserAgents } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';

const RELIABLE = { supported: ['100rel'] };
const start = () => TwoUserAgents.start({ alice: RELIABLE, bob: RELIABLE });
const REQUIRED = [['Require', '100rel']] as const;
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('reliable provisional responses (RFC 3262)', () => {
  it('are acknowledged by PRACK, whose 200 is the end of it (§3, §4)', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 183 Session Progress', 'A PRACK', 'B 200 OK']);
    const { response } = a.last('provisional');
    expect(response.headers.get('Require')).toBe('100rel');
    const prack = w.alicesTransport.sent
      .map(({ message }) => message as SipRequest)
      .find(({ method }) => method === 'PRACK');
    expect(prack?.headers.get('RAck')).toBe(`${response.headers.get('RSeq')} 1 INVITE`);
    w.bob.call.usage.accept();
    w.run();
    a.usage.acknowledge();
    w.run();
    expect([a.told, w.bob.call.told]).toEqual([
      ['provisional 183', 'accepted INVITE'],
      ['acknowledged INVITE'],
    ]);
    a.usage.bye();
    w.run();
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('are sent again with an interval that doubles and has no cap, until the PRACK comes (§3)', async () => {
    const w = await start();
    w.lose = (text) => text.startsWith('PRACK');
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run(31_900);
    // 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s.
    expect(w.ladder().filter((line) => line.startsWith('B 183'))).toHaveLength(7);
    expect(a.told).toEqual(['provisional 183']);
  });

  it('take the INVITE with them when no PRACK comes for 64*T1 (§3)', async () => {
    const w = await start();
    w.lose = (text) => text.startsWith('PRACK');
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run(32_200);
    expect(a.told).toEqual(['provisional 183', 'refused INVITE 504', 'ended refused']);
    expect(w.bob.call.told).toEqual(['ended refused']);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('go one at a time, numbered without a gap from a random first (§3)', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri, OFFER, { headers: REQUIRED });
    w.run();
    const { usage } = w.bob.call;
    usage.provisional(180);
    usage.provisional(182);
    usage.provisional(183, ANSWER);
    w.run(25);
    expect(w.ladder()).toEqual(['A INVITE', 'B 180 Ringing', 'A PRACK', 'B 200 OK', 'B 182 Queued']);
    w.run(60);
    expect(a.told).toEqual(['provisional 180', 'provisional 182', 'provisional 183']);
    const numbers = a.events.map((event) =>
      event.type === 'provisional' ? Number(event.response.headers.get('RSeq')) : NaN,
    );
    expect(numbers[0]).toBeGreaterThanOrEqual(1);
    expect(numbers[0]).toBeLessThan(2 ** 31);
    expect(numbers.map((number) => number - (numbers[0] ?? 0))).toEqual([0, 1, 2]);
  });

  it('are used only with a description, unless they are required (§3)', async () => {
    const w = await start();
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 180 Ringing']);
  });

  it('are not used towards a peer that does not know them (§3)', async () => {
    const w = await TwoUserAgents.start({ bob: RELIABLE });
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run(600);
    expect(w.ladder()).toEqual(['A INVITE', 'B 183 Session Progress']);
  });

  it('are required of a peer that does not know them: 420 with Unsupported (§3)', async () => {
    const w = await TwoUserAgents.start({ alice: RELIABLE });
    const a = w.alice.invite(w.bob.uri, OFFER, { headers: REQUIRED });
    w.run();
    expect(a.told).toEqual(['refused INVITE 420', 'ended refused']);
    expect(a.last('refused').response?.headers.get('Unsupported')).toBe('100rel');
  });

  it('hold the 200 back until their PRACK is there (§3)', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.lose = (text) => text.startsWith('PRACK');
    w.bob.call.usage.provisional(183, ANSWER);
    w.bob.call.usage.accept();
    w.run(100);
    expect(w.ladder()).not.toContain('B 200 OK');
    w.lose = () => false;
    w.run(430);
    expect(w.ladder().slice(-3)).toEqual(['A PRACK', 'B 200 OK', 'B 200 OK']);
    expect(a.told).toEqual(['provisional 183', 'accepted INVITE']);
  });

  it('are not told again and not acknowledged again when they come again or behind a gap (§4)', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run();
    w.ladder();
    const { response } = a.last('provisional');
    const from = { host: '192.0.2.2', port: 5060 };
    w.alicesTransport.inject(response.clone(), from);
    const ahead = response.clone();
    ahead.headers.set('RSeq', String(Number(response.headers.get('RSeq')) + 2));
    w.alicesTransport.inject(ahead, from);
    expect(a.told).toEqual(['provisional 183']);
    expect(w.ladder()).toEqual([]);
  });

  it('get 481 for a PRACK that acknowledges nothing (§3)', async () => {
    const w = await start();
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run();
    const prack = w.alicesTransport.sent
      .map(({ message }) => message as SipRequest)
      .find(({ method }) => method === 'PRACK');
    const again = prack?.clone();
    again?.headers.set('CSeq', '3 PRACK').set('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKagain');
    w.bobsTransport.inject(again as SipRequest, { host: '192.0.2.1', port: 5060 });
    expect((w.bobsTransport.sent.at(-1)?.message as SipResponse).status).toBe(481);
  });

  it('stop with the final response and with the CANCEL', async () => {
    for (const end of ['refuse', 'cancel'] as const) {
      const w = await start();
      const a = w.alice.invite(w.bob.uri, OFFER);
      w.run();
      w.lose = (text) => text.startsWith('PRACK');
      w.bob.call.usage.provisional(183, ANSWER);
      w.run();
      if (end === 'refuse') w.bob.call.usage.refuse(486);
      else a.usage.cancel();
      w.run(200);
      w.ladder();
      w.run(5_000);
      expect(w.ladder().filter((line) => line.startsWith('B'))).toEqual([]);
    }
  });

  it('go on after a restart: the response is sent again until its PRACK comes', async () => {
    const w = await start();
    w.lose = (text) => text.startsWith('PRACK');
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run();
    const state = JSON.parse(JSON.stringify(w.bob.call.usage.state)) as typeof w.bob.call.usage.state;
    await w.bob.stop();
    w.bob.runner.forget([state.id]);
    await w.bob.start();
    const b = w.bob.restore(state);
    w.lose = () => false;
    w.ladder();
    w.run(1_100);
    expect(w.ladder().slice(-2)).toEqual(['A PRACK', 'B 200 OK']);
    expect(b.usage.state.timers).toEqual({});
  });
});

describe('the six patterns of offer and answer (RFC 6337 §2.2)', () => {
  const states = (w: TwoUserAgents) =>
    [w.alice.call, w.bob.call].map(({ usage }) => usage.state.exchange?.state ?? 'Stable');

  it('1: offer in the INVITE, answer in its 2xx', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    expect(states(w)).toEqual(['Offer sent', 'Offer received']);
    w.bob.call.usage.accept(ANSWER);
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
    a.usage.acknowledge();
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
  });

  it('2: offer in the 2xx, answer in its ACK', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri);
    w.run();
    w.bob.call.usage.accept(OFFER);
    w.run();
    expect(states(w)).toEqual(['Offer received', 'Offer sent']);
    a.usage.acknowledge(ANSWER);
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
  });

  it('3: offer in the INVITE, answer in a reliable 1xx; the description in the 2xx repeats it', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(183, ANSWER);
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
    w.bob.call.usage.accept(ANSWER);
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
    a.usage.acknowledge();
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
  });

  it('4: offer in a reliable 1xx, answer in its PRACK, which the TU gives', async () => {
    const w = await start();
    const a = w.alice.invite(w.bob.uri);
    w.run();
    w.bob.call.usage.provisional(183, OFFER);
    w.run();
    expect(states(w)).toEqual(['Offer received', 'Offer sent']);
    expect(w.ladder()).not.toContain('A PRACK');
    a.usage.acknowledgeProvisional(ANSWER);
    w.run();
    const { request, transactionKey } = w.bob.call.last('request');
    expect([request.method, textOf(request.body)]).toEqual(['PRACK', 'v=0 answer']);
    w.bob.call.usage.respond(transactionKey, 200);
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
  });

  it('5: offer in a PRACK, answer in its 200', async () => {
    const w = await start();
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.lose = (text) => text.startsWith('PRACK');
    w.bob.call.usage.provisional(183, ANSWER);
    w.run();
    const prack = w.alicesTransport.sent
      .map(({ message }) => message as SipRequest)
      .find(({ method }) => method === 'PRACK');
    const offering = prack?.clone() as SipRequest;
    offering.headers.set('Content-Type', 'application/sdp');
    offering.body = Buffer.from('v=0 new offer');
    w.bobsTransport.inject(offering, { host: '192.0.2.1', port: 5060 });
    expect(states(w)[1]).toBe('Offer received');
    w.bob.call.usage.respond(w.bob.call.last('request').transactionKey, 200, sdp('v=0 new answer'));
    expect(states(w)[1]).toBe('Stable');
    expect(textOf(w.bobsTransport.sent.at(-1)?.message.body ?? Buffer.of())).toBe('v=0 new answer');
  });

  it('6: offer in an UPDATE, answer in its 200; a refusal rolls it back', async () => {
    const w = await start();
    const { a, b } = w.connect();
    a.usage.request('UPDATE', '1', OFFER);
    w.run();
    expect(states(w)).toEqual(['Offer sent', 'Offer received']);
    b.usage.respond(b.last('request').transactionKey, 200, ANSWER);
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
    b.usage.request('UPDATE', '2', OFFER);
    w.run();
    a.usage.respond(a.last('request').transactionKey, 488);
    w.run();
    expect(states(w)).toEqual(['Stable', 'Stable']);
  });

  it('rolls back the offer of the request that is refused, and no other (RFC 6337 §3.4)', async () => {
    const w = await start();
    const { a, b } = w.connect();
    b.usage.reinvite();
    w.run();
    b.usage.request('UPDATE', '1', OFFER);
    w.run();
    a.usage.answerReinvite(a.last('re-INVITE').transactionKey, 488);
    w.run();
    expect(states(w)).toEqual(['Offer received', 'Offer sent']);
  });

  it('has one exchange at a time: an UPDATE with an offer and a re-INVITE wait, an INFO does not (RFC 3311 §5.1)', async () => {
    const w = await start();
    w.alice.invite(w.bob.uri);
    w.run();
    const b = w.bob.call;
    b.usage.accept(OFFER);
    w.run();
    w.ladder();
    b.usage.request('UPDATE', '1', OFFER);
    b.usage.request('INFO', '2');
    b.usage.reinvite(OFFER);
    w.run();
    expect(w.ladder()).toEqual(['B INFO']);
    w.alice.call.usage.respond(w.alice.call.last('request').transactionKey, 200);
    w.alice.call.usage.acknowledge(ANSWER);
    w.run();
    expect(w.ladder()).toEqual(['A 200 OK', 'A ACK', 'B INVITE']);
  });
});
