import { ANSWER, NOTHING_HELD, OFFER, TwoUserAgents } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';

const CHALLENGE = [['WWW-Authenticate', 'Digest realm="biloxi", nonce="n"']] as const;

/** Alice has credentials for the realm biloxi; what she was asked is in `asked`. */
async function start(options: { realm?: string; supported?: readonly string[] } = {}) {
  const asked: string[] = [];
  const authorize = (
    challenge: SipResponse,
    request: { method: string; requestUri: string; body: Uint8Array },
  ) => {
    const realm = /realm="([^"]*)"/.exec(challenge.headers.get('WWW-Authenticate') ?? '')?.[1];
    asked.push(`${request.method} ${request.requestUri} ${request.body.length}`);
    return realm === (options.realm ?? 'biloxi')
      ? ([['Authorization', `Digest nc=${asked.length}`]] as const)
      : undefined;
  };
  const { supported = [] } = options;
  const w = await TwoUserAgents.start({
    alice: { supported, runner: { authorize } },
    bob: { supported },
  });
  const receive = w.bob.core.onRequest;
  /** Bob asks for credentials as often as this says. */
  const bob = { challenges: 1 };
  w.bob.core.onRequest = (transaction) => {
    if (bob.challenges-- <= 0) receive(transaction);
    else transaction.respond(SipResponse.to(transaction.request, 401, { toTag: 'x', headers: CHALLENGE }));
  };
  const sent = (method: string) =>
    w.alicesTransport.sent
      .map(({ message }) => message)
      .filter((message): message is SipRequest => message.kind === 'request' && message.method === method);
  return { w, asked, bob, sent };
}

describe('a challenged request (RFC 3261 §22)', () => {
  it('INVITE goes out again with credentials, the same Call-ID and tag and the next CSeq; its ACK carries them too (§22.1)', async () => {
    const { w, asked, sent } = await start();
    const a = w.alice.invite(w.bob.uri, OFFER, { headers: [['Subject', 'x']] });
    w.run(100);
    w.bob.call.usage.accept(ANSWER);
    w.run();
    a.usage.acknowledge();
    w.run();
    expect(w.ladder()).toEqual(['A INVITE', 'B 401 Unauthorized', 'A ACK', 'A INVITE', 'B 200 OK', 'A ACK']);
    const [first, second] = sent('INVITE') as [SipRequest, SipRequest];
    expect([second.callId, second.from.tag, second.cseq.number]).toEqual([first.callId, first.from.tag, 2]);
    expect([second.headers.get('Authorization'), second.headers.get('Subject')]).toEqual([
      'Digest nc=1',
      'x',
    ]);
    expect(Buffer.from(second.body).toString()).toBe('v=0 offer');
    expect(sent('ACK').at(-1)?.headers.get('Authorization')).toBe('Digest nc=1');
    expect(asked).toEqual([`INVITE ${w.bob.uri} 9`]);
    expect(a.told).toEqual(['accepted INVITE']);
    a.usage.bye();
    w.run();
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('is refused after the second challenge, or at once for a realm that is not ours', async () => {
    const twice = await start();
    twice.bob.challenges = 3;
    const a = twice.w.alice.invite(twice.w.bob.uri, OFFER);
    twice.w.run(200);
    expect(twice.asked).toHaveLength(2);
    expect(a.told).toEqual(['refused INVITE 401', 'ended refused']);
    const foreign = await start({ realm: 'atlanta' });
    const b = foreign.w.alice.invite(foreign.w.bob.uri, OFFER);
    foreign.w.run(200);
    expect(foreign.sent('INVITE')).toHaveLength(1);
    expect(b.told).toEqual(['refused INVITE 401', 'ended refused']);
  });

  it('is not sent again when it was cancelled', async () => {
    const { w, sent } = await start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    a.usage.cancel();
    w.run(200);
    expect(sent('INVITE')).toHaveLength(1);
    expect(a.told).toEqual(['refused INVITE 487', 'ended cancelled']);
  });

  it('in a dialog goes out again as well: INFO, re-INVITE and BYE (RFC 5407 Appendix D)', async () => {
    const { w, bob, sent } = await start();
    bob.challenges = 0;
    const { a, b } = w.connect();
    const owner = w.bob.core.dialogs.find.bind(w.bob.core.dialogs);
    let challenge = true;
    w.bob.core.dialogs.find = (request) => {
      const found = owner(request);
      return (
        found && {
          receiveInDialog: (received, transaction) => {
            if (challenge && transaction) {
              challenge = false;
              transaction.respond(SipResponse.to(received, 401, { headers: CHALLENGE }));
            } else found.receiveInDialog(received, transaction);
          },
        }
      );
    };
    a.usage.request('INFO', '1', OFFER);
    w.run(100);
    b.usage.respond(b.last('request').transactionKey, 200);
    w.run();
    challenge = true;
    a.usage.reinvite(OFFER);
    w.run(100);
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run();
    a.usage.acknowledge();
    w.run();
    challenge = true;
    a.usage.bye();
    w.run(100);
    for (const method of ['INFO', 'BYE']) {
      expect(sent(method).map(({ headers }) => headers.has('Authorization'))).toEqual([false, true]);
    }
    expect(sent('INVITE').map(({ headers }) => headers.has('Authorization'))).toEqual([false, false, true]);
    expect(sent('INFO').map(({ body }) => body.length)).toEqual([9, 9]);
    expect(a.told).toEqual(['answered INFO 200', 'accepted re-INVITE', 'ended bye sent']);
    expect(b.told).toEqual([
      'request INFO',
      're-INVITE',
      'acknowledged re-INVITE',
      'bye',
      'ended bye received',
    ]);
  });

  it('PRACK goes out again with its answer to an offer, UPDATE with its offer (RFC 3262 §5, RFC 3311 §5.1)', async () => {
    const { w, bob, sent } = await start({ supported: ['100rel'] });
    bob.challenges = 0;
    const find = w.bob.core.dialogs.find.bind(w.bob.core.dialogs);
    const challenged: string[] = [];
    w.bob.core.dialogs.find = (request) => {
      const found = find(request);
      return (
        found && {
          receiveInDialog: (received, transaction) => {
            if (transaction && !challenged.includes(received.method)) {
              challenged.push(received.method);
              transaction.respond(SipResponse.to(received, 401, { headers: CHALLENGE }));
            } else found.receiveInDialog(received, transaction);
          },
        }
      );
    };
    const a = w.alice.invite(w.bob.uri);
    w.run();
    w.bob.call.usage.provisional(183, OFFER);
    w.run();
    a.usage.acknowledgeProvisional(ANSWER);
    w.run(100);
    const answered = w.bob.call.last('request');
    expect(Buffer.from(answered.request.body).toString()).toBe('v=0 answer');
    w.bob.call.usage.respond(answered.transactionKey, 200);
    w.bob.call.usage.accept();
    w.run();
    a.usage.acknowledge();
    w.run();
    a.usage.request('UPDATE', 'u', OFFER);
    w.run(100);
    w.bob.call.usage.respond(w.bob.call.last('request').transactionKey, 200, ANSWER);
    w.run();
    expect(challenged).toEqual(['PRACK', 'UPDATE']);
    const [first, second] = sent('PRACK') as [SipRequest, SipRequest];
    expect(second.cseq.number).toBe(first.cseq.number + 1);
    expect(second.headers.get('RAck')).toBe(first.headers.get('RAck'));
    for (const method of challenged) {
      expect(sent(method).map(({ headers }) => headers.has('Authorization'))).toEqual([false, true]);
      expect(new Set(sent(method).map(({ body }) => Buffer.from(body).toString())).size).toBe(1);
    }
    expect(a.last('answered')).toMatchObject({ method: 'UPDATE', status: 200 });
    a.usage.bye();
    w.run(100);
    expect(JSON.stringify(a.usage.state)).not.toContain('sentPracks');
  });

  it('leaves no credentials in what is stored of the dialog, at any time', async () => {
    const { w, bob, sent } = await start();
    const stored: string[] = [];
    const run = () => {
      w.run(100);
      stored.push(JSON.stringify(a.usage.state));
    };
    const a = w.alice.invite(w.bob.uri, OFFER, { headers: [['Subject', 'x']] });
    run();
    w.bob.call.usage.accept(ANSWER);
    run();
    a.usage.acknowledge();
    run();
    bob.challenges = 0;
    const find = w.bob.core.dialogs.find.bind(w.bob.core.dialogs);
    // Asks for credentials, then does not answer: what waits for its answer is stored.
    w.bob.core.dialogs.find = (request) =>
      find(request) && {
        receiveInDialog: (received, transaction) => {
          if (!received.headers.has('Authorization'))
            transaction?.respond(SipResponse.to(received, 401, { headers: CHALLENGE }));
        },
      };
    a.usage.request('INFO', '1', OFFER);
    run();
    a.usage.reinvite(OFFER);
    run();
    a.usage.bye();
    run();
    for (const method of ['INVITE', 'ACK', 'INFO', 'BYE'])
      expect(sent(method).some(({ headers }) => headers.has('Authorization'))).toBe(true);
    expect(stored.join('')).not.toMatch(/authorization|Digest/i);
    expect(stored[3]).toContain('v=0 offer');
  });
});
