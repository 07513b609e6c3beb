import type { Log } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import {
  FakeClock,
  MemoryNetwork,
  RecordingClientUser,
  RecordingTransactionUser,
  RecordingTransport,
  buildRequest,
} from '@legato/testing';
import type { Flow } from '../message/flow';
import type { SipMessage } from '../message/sip-message';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import type { TransactionLayerOptions } from './transaction-layer';
import { TransactionLayer } from './transaction-layer';
import type { ServerTransaction } from './transaction-user';

const peer = { host: '192.0.2.9', port: 5060 };
const NOTHING = { inviteClient: 0, inviteServer: 0, nonInviteClient: 0, nonInviteServer: 0 };

function setUp(options: Partial<TransactionLayerOptions> = {}) {
  const clock = new FakeClock();
  const transport = new RecordingTransport({ clock });
  const layer = new TransactionLayer({ clock, transports: [transport], ...options });
  const user = new RecordingTransactionUser();
  layer.user = user;
  void layer.start();
  const statuses = (): number[] => transport.take().map(statusOf);
  return { clock, transport, layer, user, statuses };
}

const statusOf = (message: SipMessage | undefined): number =>
  message?.kind === 'response' ? message.status : 0;
const answer = (transaction: ServerTransaction, status: number, toTag = 'bob'): boolean =>
  transaction.respond(SipResponse.to(transaction.request, status, { toTag }));

describe('matching requests to server transactions (§17.2.3)', () => {
  it('tells requests apart that differ in branch, sent-by or method alone', () => {
    const { transport, user } = setUp();
    const base = { callId: 'one', fromTag: 'a' };
    for (const [via, method] of [
      ['SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1', 'INFO'],
      ['SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK2', 'INFO'],
      ['SIP/2.0/UDP 192.0.2.2:5070;branch=z9hG4bK1', 'INFO'],
      ['SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK1', 'OPTIONS'],
    ] as const) {
      transport.inject(buildRequest({ ...base, vias: [via], method }));
    }
    expect(user.requests).toHaveLength(4);
  });

  it('compares the host of sent-by in any case', () => {
    const { transport, user } = setUp();
    transport.inject(
      buildRequest({ method: 'INFO', vias: ['SIP/2.0/UDP Phone.example.com;branch=z9hG4bK1'] }),
    );
    transport.inject(
      buildRequest({ method: 'INFO', vias: ['SIP/2.0/UDP phone.EXAMPLE.com;branch=z9hG4bK1'] }),
    );
    expect(user.requests).toHaveLength(1);
  });

  const old = { vias: ['SIP/2.0/UDP 192.0.2.2'], callId: 'old', fromTag: 'a', cseq: 7 };

  it.each([undefined, '1'])('absorbs the retransmission of an RFC 2543 peer, branch %s', (branch) => {
    const { transport, user } = setUp();
    const vias = [`SIP/2.0/UDP 192.0.2.2${branch === undefined ? '' : `;branch=${branch}`}`];
    transport.inject(buildRequest({ ...old, vias }));
    transport.inject(buildRequest({ ...old, vias }));
    transport.inject(buildRequest({ ...old, vias, cseq: 8 }));
    expect(user.requests.map((each) => each.request.cseq.number)).toEqual([7, 8]);
  });

  it('takes the ACK of an RFC 2543 peer by the To tag of our response', () => {
    const { transport, user } = setUp();
    transport.inject(buildRequest(old));
    const { transaction } = user;
    answer(transaction, 486, 'ours');
    transport.inject(buildRequest({ ...old, method: 'ACK', toTag: 'theirs' }));
    expect(transaction.state).toBe('Completed');
    transport.inject(buildRequest({ ...old, method: 'ACK', toTag: 'ours' }));
    expect(transaction.state).toBe('Confirmed');
  });

  it('passes the ACK of an RFC 2543 peer for a 2xx to the TU (RFC 6026 §6)', () => {
    const { transport, user } = setUp();
    transport.inject(buildRequest(old));
    answer(user.transaction, 200, 'ours');
    transport.inject(buildRequest({ ...old, method: 'ACK', toTag: 'ours' }));
    expect(user.requests.map((each) => each.request.method)).toEqual(['INVITE', 'ACK']);
  });

  it("makes no transaction for an ACK that matches none: it is the TU's", () => {
    const { transport, user, layer } = setUp();
    transport.inject(buildRequest({ method: 'ACK', toTag: 'x' }));
    expect(user.requests[0]?.transaction).toBeUndefined();
    expect(layer.counts()).toEqual(NOTHING);
  });

  it('finds the transaction again by its key, and answers by it', () => {
    const { transport, user, layer, statuses } = setUp();
    transport.inject(buildRequest({ method: 'INFO' }));
    const { key, request } = user.transaction;
    expect(layer.serverTransaction(key)).toBe(user.transaction);
    expect(layer.respond(key, SipResponse.to(request, 200))).toBe(true);
    expect(layer.respond('another', SipResponse.to(request, 200))).toBe(false);
    expect(statuses()).toEqual([200]);
  });
});

describe('matching responses to client transactions (§17.1.3, §18.1.2)', () => {
  it.each([
    ['another branch', (via: string) => via.replace('z9hG4bK', 'z9hG4bKx')],
    ['a sent-by that is not ours', (via: string) => via.replace('192.0.2.1', '192.0.2.7')],
  ])('drops and counts a response with %s', (_what, change) => {
    const { layer, transport } = setUp();
    const client = new RecordingClientUser();
    const transaction = layer.sendRequest(buildRequest({ method: 'INFO', vias: [] }), client, {
      target: peer,
    });
    const response = SipResponse.to(transaction.request!, 200);
    response.headers.set('Via', change(response.headers.get('Via') as string));
    transport.inject(response);
    expect(client.statuses).toEqual([]);
    expect(layer.counters().strayResponses).toBe(1);
  });

  it('tells the response to an INVITE from the one to its CANCEL by the CSeq method', () => {
    const { layer, transport } = setUp();
    const client = new RecordingClientUser();
    const transaction = layer.sendRequest(buildRequest({ vias: [] }), client, { target: peer });
    transport.inject(SipResponse.to(transaction.request!, 180));
    transaction.cancel();
    transport.inject(SipResponse.to(transport.sent.at(-1)?.message as SipRequest, 200));
    expect(client.statuses).toEqual([180]);
    expect(layer.counts()).toEqual({ ...NOTHING, inviteClient: 1, nonInviteClient: 1 });
  });

  it('passes a stray 2xx to an INVITE to the TU, and no other stray response (RFC 6026 §7.2)', () => {
    const { transport, user, layer } = setUp();
    transport.inject(SipResponse.to(buildRequest(), 200, { toTag: 'x' }));
    transport.inject(SipResponse.to(buildRequest(), 486, { toTag: 'x' }));
    transport.inject(SipResponse.to(buildRequest({ method: 'BYE' }), 200, { toTag: 'x' }));
    expect(user.strays.map((each) => each.status)).toEqual([200]);
    expect(layer.counters().strayResponses).toBe(2);
  });
});

describe('CANCEL (§9.2)', () => {
  const invite = { callId: 'c', fromTag: 'a', cseq: 3 };

  it("is answered 200 with the To tag of the INVITE's response, and told to the TU", () => {
    const { transport, user } = setUp();
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKi' }));
    const { transaction } = user;
    answer(transaction, 180, 'ours');
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKi', method: 'CANCEL' }));
    const response = transport.sent.at(-1)?.message as SipResponse;
    expect([response.status, response.headers.get('CSeq'), response.to.tag]).toEqual([
      200,
      '3 CANCEL',
      'ours',
    ]);
    expect(user.cancels.map((each) => each.transaction)).toEqual([transaction]);
    expect(answer(transaction, 487)).toBe(true);
  });

  it('is answered again when it is retransmitted, and told once', () => {
    const { transport, user, statuses } = setUp();
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKi' }));
    const cancel = buildRequest({ ...invite, branch: 'z9hG4bKi', method: 'CANCEL' });
    transport.inject(cancel);
    transport.inject(cancel);
    expect(statuses()).toEqual([200, 200]);
    expect(user.cancels).toHaveLength(1);
  });

  it.each([200, 486])('is answered 200 and changes nothing after a final %i', (status) => {
    const { transport, user, statuses } = setUp();
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKi' }));
    answer(user.transaction, status);
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKi', method: 'CANCEL' }));
    expect(statuses()).toEqual([status, 200]);
    expect(user.cancels).toEqual([]);
  });

  it('is answered 481 without a matching INVITE', () => {
    const { transport, user, layer } = setUp();
    transport.inject(buildRequest({ ...invite, method: 'CANCEL' }));
    const response = transport.sent.at(-1)?.message as SipResponse;
    expect(response.status).toBe(481);
    expect(response.to.tag).toMatch(/^[0-9a-f]{24}$/);
    expect(user.cancels).toEqual([]);
    expect(user.requests).toEqual([]);
    expect(layer.counters().unmatchedCancels).toBe(1);
  });

  it('finds its INVITE by Call-ID, CSeq number and From tag when NAT changed the Via', () => {
    const { transport, user, statuses } = setUp();
    transport.inject(buildRequest({ ...invite, vias: ['SIP/2.0/UDP 192.0.2.2:1024;branch=z9hG4bKi'] }));
    transport.inject(
      buildRequest({ ...invite, vias: ['SIP/2.0/UDP 192.0.2.2:1029;branch=z9hG4bKi'], method: 'CANCEL' }),
    );
    expect(statuses()).toEqual([200]);
    expect(user.cancels).toHaveLength(1);
  });

  it('does not find it that way from another host, or with another From tag', () => {
    const { transport, user, statuses } = setUp();
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKi' }));
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKj', method: 'CANCEL' }), {
      host: '203.0.113.66',
      port: 5060,
    });
    transport.inject(buildRequest({ ...invite, branch: 'z9hG4bKk', method: 'CANCEL', fromTag: 'b' }));
    expect(statuses()).toEqual([481, 481]);
    expect(user.cancels).toEqual([]);
  });
});

describe('what is not a transaction', () => {
  const flow: Flow = {
    protocol: 'UDP',
    local: { host: '192.0.2.1', port: 5060 },
    remote: { host: '192.0.2.2', port: 5099 },
  };

  it('answers a malformed request 400 to where it came from and keeps nothing (§18.3)', () => {
    const { transport, layer, user } = setUp();
    transport.inject(
      'INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKq\r\nCall-ID: q\r\nCSeq: 1 INVITE\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nContent-Length: 9999\r\n\r\n',
      flow.remote,
    );
    expect(statusOf(transport.sent[0]?.message)).toBe(400);
    expect(transport.sent[0]?.to).toEqual(flow);
    expect(layer.counts()).toEqual(NOTHING);
    expect(user.requests).toEqual([]);
    expect(layer.counters().malformedAnswered).toBe(1);
  });

  it('drops malformed responses and ACKs (§18.3)', () => {
    const { layer, statuses } = setUp();
    const salvage = { vias: ['SIP/2.0/UDP h;branch=z9hG4bKq'], method: 'ACK', callId: 'q' };
    layer.receiveMalformed({ status: 400, text: 'Bad', isResponse: false, salvage }, flow);
    layer.receiveMalformed({ status: 400, text: 'Bad', isResponse: true }, flow);
    layer.receiveMalformed({ status: 400, text: 'Bad', isResponse: false }, flow);
    expect(statuses()).toEqual([]);
    expect(layer.counters().malformedDropped).toBe(3);
  });

  it('sends a stateless response by the topmost Via and the flow (§18.2.2)', () => {
    const { layer, transport } = setUp();
    const request = buildRequest({
      vias: ['SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKq;received=192.0.2.2;rport=5099'],
    });
    layer.sendStatelessResponse(SipResponse.to(request, 200), flow);
    expect(RecordingTransport.destination(transport.sent[0] as never)).toEqual({
      host: '192.0.2.2',
      port: 5099,
    });
  });

  it('never throws for a stateless response that would not survive the wire', () => {
    const { layer, statuses } = setUp();
    layer.sendStatelessResponse(SipResponse.to(buildRequest(), 200, { reason: 'a\r\nb' }), flow);
    expect(statuses()).toEqual([]);
    expect(layer.counters().transportErrors).toBe(1);
  });

  it('sends the ACK for a 2xx with a new branch each time and keeps nothing (§13.2.2.4)', () => {
    const { layer, transport, clock } = setUp();
    const ack = buildRequest({ method: 'ACK', vias: [], requestUri: 'sip:bob@192.0.2.50:5080' });
    layer.sendStateless(ack);
    layer.sendStateless(ack);
    const branches = transport.sent.map((each) => each.message.via.branch);
    expect(new Set(branches).size).toBe(2);
    expect(transport.sent[1]?.message.headers.getAll('Via')).toHaveLength(1);
    expect(transport.sent[1]?.to).toEqual({ host: '192.0.2.50', port: 5080 });
    expect(layer.counts()).toEqual(NOTHING);
    expect(clock.armed).toBe(0);
  });
});

describe('where a request goes (§8.1.2, §18.2.2 for responses)', () => {
  const targetOf = (request: SipRequest, target?: Flow): unknown => {
    const { layer, transport } = setUp();
    layer.sendRequest(request, new RecordingClientUser(), { target });
    return transport.sent[0]?.to;
  };
  const to = (host: string, port: number) => ({ host, port });

  it.each([
    ['the Request-URI, port 5060 by default', { requestUri: 'sip:bob@192.0.2.20' }, to('192.0.2.20', 5060)],
    ['its port', { requestUri: 'sip:bob@192.0.2.20:5099' }, to('192.0.2.20', 5099)],
    [
      'maddr instead of the host',
      { requestUri: 'sip:bob@example.com;maddr=192.0.2.21' },
      to('192.0.2.21', 5060),
    ],
    ['localhost without a resolver', { requestUri: 'sip:bob@localhost:5070' }, to('127.0.0.1', 5070)],
    [
      'the topmost Route when it is a loose router',
      {
        requestUri: 'sip:bob@192.0.2.20',
        headers: [['Route', '<sip:192.0.2.30;lr>, <sip:192.0.2.31;lr>']] as const,
      },
      to('192.0.2.30', 5060),
    ],
    [
      'the Request-URI when the topmost Route is strict',
      { requestUri: 'sip:192.0.2.32', headers: [['Route', '<sip:192.0.2.30>']] as const },
      to('192.0.2.32', 5060),
    ],
  ])('sends to %s', (_what, fields, expected) => {
    expect(targetOf(buildRequest({ ...fields, vias: [] }))).toEqual(expected);
  });

  it('sends along a flow when one is given', () => {
    const flow: Flow = {
      protocol: 'UDP',
      local: { host: '192.0.2.1', port: 5060 },
      remote: { host: '203.0.113.5', port: 40_000 },
    };
    expect(targetOf(buildRequest({ vias: [] }), flow)).toEqual(flow);
  });

  it.each([
    ['received and rport', 'SIP/2.0/UDP 10.0.0.1:5060;rport;branch=z9hG4bKa', to('192.0.2.2', 40_000)],
    [
      'received and the port of sent-by without rport',
      'SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bKa',
      to('192.0.2.2', 5062),
    ],
    [
      'received and 5060 when sent-by has no port',
      'SIP/2.0/UDP host.example.com;branch=z9hG4bKa',
      to('192.0.2.2', 5060),
    ],
    ['maddr', 'SIP/2.0/UDP 10.0.0.1:5064;maddr=192.0.2.77;branch=z9hG4bKa', to('192.0.2.77', 5064)],
  ])('sends the response to %s', (_what, via, expected) => {
    const { transport, user } = setUp();
    transport.inject(buildRequest({ method: 'INFO', vias: [via] }), { host: '192.0.2.2', port: 40_000 });
    answer(user.transaction, 200);
    expect(RecordingTransport.destination(transport.sent[0] as never)).toEqual(expected);
  });

  it('resolves a target that is given by name', async () => {
    const asked: string[] = [];
    const { layer, transport } = setUp({
      resolve: (uri) => {
        asked.push(uri.toString());
        return Promise.resolve([{ protocol: 'UDP', address: peer }]);
      },
    });
    layer.sendRequest(buildRequest({ vias: [] }), new RecordingClientUser(), {
      target: { host: 'media-server', port: 5070 },
    });
    await settle();
    expect(asked).toEqual(['sip:media-server:5070']);
    expect(transport.sent[0]?.to).toEqual(peer);
  });

  it('says which address to put into Contact', () => {
    const { layer } = setUp();
    expect(layer.localAddressFor(peer)).toEqual({ protocol: 'UDP', host: '192.0.2.1', port: 5060 });
    expect(layer.localAddressFor()).toEqual({ protocol: 'UDP', host: '192.0.2.1', port: 5060 });
  });

  it('puts the advertised address into Via and Contact when there is one', () => {
    const clock = new FakeClock();
    const transport = new RecordingTransport({ clock, advertised: { host: '198.51.100.1', port: 5090 } });
    const layer = new TransactionLayer({ clock, transports: [transport] });
    layer.sendRequest(buildRequest({ vias: [] }), new RecordingClientUser(), { target: peer });
    expect(transport.sent[0]?.message.via.sentBy).toBe('198.51.100.1:5090');
    expect(layer.localAddressFor(peer).host).toBe('198.51.100.1');
  });

  it('never writes a wildcard address into Via', () => {
    const clock = new FakeClock();
    const transport = new RecordingTransport({ clock, local: { host: '0.0.0.0', port: 5060 } });
    const layer = new TransactionLayer({ clock, transports: [transport] });
    layer.sendRequest(buildRequest({ vias: [] }), new RecordingClientUser(), {
      target: { host: '127.0.0.1', port: 5070 },
    });
    expect(transport.sent[0]?.message.via.sentBy).toBe('127.0.0.1:5060');
    layer.sendRequest(buildRequest({ vias: [] }), new RecordingClientUser(), { target: peer });
    expect(transport.sent[1]?.message.via.host).not.toBe('0.0.0.0');
  });
});

describe('failures', () => {
  it.each([
    ['a Request-URI that is no URI', { requestUri: 'nonsense' }, {}],
    ['a header that would not survive the wire', { method: 'IN FO', requestUri: 'sip:bob@192.0.2.20' }, {}],
    ['a protocol without a transport', { requestUri: 'sips:bob@192.0.2.20' }, {}],
    [
      'a name without an answer',
      { requestUri: 'sip:bob@nowhere.example' },
      { resolve: () => Promise.resolve([]) },
    ],
    [
      'a resolver that fails',
      { requestUri: 'sip:bob@nowhere.example' },
      { resolve: () => Promise.reject(new Error('dns')) },
    ],
  ])('tells the user of %s after sendRequest has returned', async (_what, fields, options) => {
    const { layer, clock } = setUp(options);
    const client = new RecordingClientUser();
    layer.sendRequest(buildRequest({ method: 'INFO', ...fields, vias: [] }), client);
    expect(client.errors).toEqual([]);
    await settle();
    clock.advance(0);
    expect(client.errors).toHaveLength(1);
    expect(layer.counts()).toEqual(NOTHING);
    expect(clock.armed).toBe(0);
  });

  it('gives up a resolver that never answers after 64*T1', async () => {
    const { layer, clock } = setUp({ resolve: () => new Promise(() => undefined) });
    const client = new RecordingClientUser();
    layer.sendRequest(buildRequest({ vias: [], requestUri: 'sip:bob@slow.example' }), client);
    clock.advance(32_000);
    await settle();
    expect(client.errors).toHaveLength(1);
    expect(clock.armed).toBe(0);
  });

  it('sends nothing when it is cancelled before its name is resolved', async () => {
    const { layer, transport } = setUp({
      resolve: () => Promise.resolve([{ protocol: 'UDP', address: peer }]),
    });
    const client = new RecordingClientUser();
    layer.sendRequest(buildRequest({ vias: [], requestUri: 'sip:bob@slow.example' }), client).cancel();
    await settle();
    expect(transport.sent).toEqual([]);
    expect(client.timeouts).toBe(1);
  });

  it('answers 500 and logs when the user throws, and goes on', () => {
    const errors: unknown[] = [];
    const log: Log = { ...silentLog, error: (_message, fields) => errors.push(fields) };
    const { layer, transport, statuses } = setUp({ log });
    layer.user = new RecordingTransactionUser(() => {
      throw new Error('bug');
    });
    transport.inject(buildRequest());
    transport.inject(buildRequest({ method: 'INFO' }));
    expect(statuses()).toEqual([500, 500]);
    expect(errors).toHaveLength(2);
    expect(layer.counters().userFailures).toBe(2);
  });
});

describe('failover to the next hop (RFC 3263 §4.3)', () => {
  const hops = [1, 2].map((n) => ({
    protocol: 'UDP' as const,
    address: { host: `192.0.2.10${n}`, port: 5060 },
  }));

  async function sendTwoHops(method = 'INVITE') {
    const all = setUp({ resolve: () => Promise.resolve(hops) });
    const client = new RecordingClientUser();
    const transaction = all.layer.sendRequest(
      buildRequest({ method, vias: [], requestUri: 'sip:bob@two.example' }),
      client,
    );
    await settle();
    const hosts = (): string[] => all.transport.sent.map((each) => RecordingTransport.destination(each).host);
    return { ...all, client, transaction, hosts };
  }

  it('tries the next one with a new branch after a timeout', async () => {
    const { clock, transport, hosts, client, transaction } = await sendTwoHops();
    const first = transaction.branch;
    clock.advance(32_000);
    expect(hosts().at(-1)).toBe('192.0.2.102');
    expect(transaction.branch).not.toBe(first);
    expect(transport.sent.at(-1)?.message.headers.getAll('Via')).toHaveLength(1);
    transport.inject(SipResponse.to(transaction.request!, 200));
    expect(client.statuses).toEqual([200]);
    expect(client.timeouts).toBe(0);
  });

  it.each(['INVITE', 'INFO'])(
    'tries the next one after a 503 to %s, and passes the last one up',
    async (method) => {
      const { transport, hosts, client, transaction } = await sendTwoHops(method);
      transport.inject(SipResponse.to(transaction.request!, 503));
      expect(client.statuses).toEqual([]);
      expect(hosts().at(-1)).toBe('192.0.2.102');
      transport.inject(SipResponse.to(transaction.request!, 503));
      expect(client.statuses).toEqual([503]);
    },
  );

  it('tries the next one after a transport error', async () => {
    const all = setUp({ resolve: () => Promise.resolve(hops) });
    const client = new RecordingClientUser();
    all.transport.failure = new Error('ECONNREFUSED');
    all.layer.sendRequest(buildRequest({ vias: [], requestUri: 'sip:bob@two.example' }), client);
    await settle();
    all.transport.failure = undefined;
    all.clock.advance(0);
    expect(all.transport.sent).toHaveLength(1);
    expect(client.errors).toEqual([]);
  });

  it.each(['INVITE', 'INFO'])(
    'knocks at a hop that does not answer the first %s, and tries the next one when nobody is there (§18.4)',
    async (method) => {
      const { clock, transport, hosts, client } = await sendTwoHops(method);
      const knocked: unknown[] = [];
      Object.assign(transport, {
        knock: (to: unknown, onUnreachable: (error: Error) => void) => {
          knocked.push(to);
          onUnreachable(new Error('ECONNREFUSED'));
        },
      });
      clock.advance(499);
      expect([knocked.length, hosts().at(-1)]).toEqual([0, '192.0.2.101']);
      clock.advance(1);
      expect([knocked.length, hosts().at(-1)]).toEqual([1, '192.0.2.102']);
      // There is no other way from here: a peer that is started again finds the request sent again.
      clock.advance(5_000);
      expect(knocked).toHaveLength(1);
      expect(client.errors).toEqual([]);
    },
  );

  it('sends ACK and CANCEL to the hop of their INVITE', async () => {
    const { transport, transaction, hosts } = await sendTwoHops();
    transport.inject(SipResponse.to(transaction.request!, 503));
    transport.inject(SipResponse.to(transaction.request!, 180));
    transaction.cancel();
    transport.inject(SipResponse.to(transaction.request!, 487));
    expect(hosts()).toEqual(['192.0.2.101', '192.0.2.101', '192.0.2.102', '192.0.2.102', '192.0.2.102']);
  });

  it('asks a hop last that timed out, or said 503 with Retry-After, until its time is over (§21.5.4)', async () => {
    const { clock, layer, transport, transaction, hosts } = await sendTwoHops('INFO');
    const again = async (): Promise<string | undefined> => {
      layer.sendRequest(
        buildRequest({ method: 'INFO', vias: [], requestUri: 'sip:bob@two.example' }),
        new RecordingClientUser(),
      );
      await settle();
      return hosts().at(-1);
    };
    transport.inject(
      SipResponse.to(transaction.request!, 503, { headers: [['Retry-After', '60;duration=3']] }),
    );
    expect(await again()).toBe('192.0.2.102');
    clock.advance(61_000);
    expect(await again()).toBe('192.0.2.101');
    clock.advance(32_000);
    expect(await again()).toBe('192.0.2.102');
  });

  it('does not try the next one once cancelled', async () => {
    const { clock, transaction, client, hosts } = await sendTwoHops();
    transaction.cancel();
    clock.advance(32_000);
    expect(client.timeouts).toBe(1);
    expect(new Set(hosts())).toEqual(new Set(['192.0.2.101']));
  });
});

describe('large requests (§18.1.1)', () => {
  function setUpBoth() {
    const clock = new FakeClock();
    const udp = new RecordingTransport({ clock });
    const tcp = new RecordingTransport({ clock, protocol: 'TCP' });
    const layer = new TransactionLayer({ clock, transports: [udp, tcp] });
    void layer.start();
    const send = (bytes: number, target?: Flow) => {
      const request = buildRequest({
        method: 'INFO',
        vias: [],
        requestUri: 'sip:bob@192.0.2.9',
        body: 'x'.repeat(bytes),
      });
      return layer.sendRequest(request, new RecordingClientUser(), { target });
    };
    return { clock, udp, tcp, send };
  }

  it('go by TCP, with TCP in the Via, and small ones by UDP', () => {
    const { udp, tcp, send } = setUpBoth();
    send(100);
    expect([udp.take().length, tcp.sent.length]).toEqual([1, 0]);
    send(1300);
    expect([udp.sent.length, tcp.sent.length]).toEqual([0, 1]);
    expect(tcp.sent[0]?.message.via.protocol).toBe('TCP');
  });

  it('fall back to UDP when TCP is refused, and go there first for a while', () => {
    const { clock, udp, tcp, send } = setUpBoth();
    tcp.failure = new Error('ECONNREFUSED');
    send(1300);
    clock.advance(0);
    expect(udp.take()[0]?.via.protocol).toBe('UDP');
    tcp.failure = undefined;
    send(1300);
    expect([udp.take().length, tcp.sent.length]).toEqual([1, 0]);
    clock.advance(31_000);
    udp.take();
    send(1300);
    expect([udp.sent.length, tcp.sent.length]).toEqual([0, 1]);
  });

  it('stay on the flow they are given', () => {
    const { udp, send } = setUpBoth();
    send(1300, { protocol: 'UDP', local: { host: '192.0.2.1', port: 5060 }, remote: peer });
    expect(udp.sent).toHaveLength(1);
  });
});

describe('limits', () => {
  it('answers 503 with Retry-After instead of a new transaction above the cap (§21.5.4)', () => {
    const { transport, layer, user } = setUp({ maxServerTransactions: 1 });
    transport.inject(buildRequest());
    transport.inject(buildRequest());
    expect(user.requests).toHaveLength(1);
    const refusal = transport.sent[0]?.message as SipResponse;
    expect([refusal.status, refusal.headers.get('Retry-After')]).toEqual([503, '5']);
    expect(layer.counts().inviteServer).toBe(1);
    expect(layer.counters().refused).toBe(1);
  });

  it('asks for admission of new requests, but not of in-dialog ones, ACKs and CANCELs', () => {
    const { transport, user, statuses } = setUp({ admit: () => 'refuse' });
    transport.inject(buildRequest());
    transport.inject(buildRequest({ toTag: 'dialog', method: 'BYE' }));
    transport.inject(buildRequest({ method: 'ACK' }));
    transport.inject(buildRequest({ method: 'CANCEL' }));
    expect(user.requests.map((each) => each.request.method)).toEqual(['BYE', 'ACK']);
    expect(statuses()).toEqual([503, 481]);
  });
});

describe('cost and release', () => {
  it('costs at most two timers for a transaction without retransmission, and none that outlives it', () => {
    const clock = new FakeClock();
    let scheduled = 0;
    const counting = {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      schedule: (ms: number, f: () => void) => (scheduled++, clock.schedule(ms, f)),
    };
    const transport = new RecordingTransport({ clock });
    const layer = new TransactionLayer({ clock: counting, transports: [transport] });
    layer.user = new RecordingTransactionUser(
      (_request, transaction) => transaction && answer(transaction, 200),
    );
    void layer.start();
    for (const method of ['INVITE', 'INFO']) {
      for (let i = 0; i < 100; i++) {
        transport.inject(buildRequest({ method }));
        const transaction = layer.sendRequest(buildRequest({ method, vias: [] }), new RecordingClientUser(), {
          target: peer,
        });
        transport.inject(SipResponse.to(transaction.request!, 200));
      }
    }
    expect(layer.counts()).toEqual({
      inviteClient: 100,
      inviteServer: 100,
      nonInviteClient: 100,
      nonInviteServer: 100,
    });
    expect(scheduled).toBeLessThanOrEqual(400 * 2);
    expect(clock.armed).toBeLessThanOrEqual(3);
    clock.advance(32_000);
    expect(layer.counts()).toEqual(NOTHING);
    expect(clock.armed).toBe(0);
  });

  it('stops with nothing armed and nobody told', async () => {
    const { layer, transport, clock } = setUp();
    const client = new RecordingClientUser();
    layer.sendRequest(buildRequest({ vias: [] }), client, { target: peer });
    layer.sendRequest(buildRequest({ method: 'INFO', vias: [] }), client, { target: peer });
    transport.inject(buildRequest());
    transport.inject(buildRequest({ method: 'INFO' }));
    await layer.stop();
    expect(layer.counts()).toEqual(NOTHING);
    expect(clock.armed).toBe(0);
    clock.advance(60_000);
    expect([client.timeouts, client.errors, client.responses]).toEqual([0, [], []]);
  });

  it('lets a request sent again under its branch take over from the first one', () => {
    const { layer, transport, clock } = setUp();
    const first = new RecordingClientUser();
    const second = new RecordingClientUser();
    const invite = buildRequest({ vias: [] });
    layer.sendRequest(invite, first, { target: peer, branch: 'z9hG4bKsame' });
    const again = layer.sendRequest(invite.clone(), second, { target: peer, branch: 'z9hG4bKsame' });
    expect(again.request!.headers.getAll('Via')).toHaveLength(1);
    transport.inject(SipResponse.to(again.request!, 200));
    expect([first.statuses, second.statuses]).toEqual([[], [200]]);
    expect(layer.counts().inviteClient).toBe(1);
    clock.advance(32_000);
    expect(layer.counts()).toEqual(NOTHING);
    expect(clock.armed).toBe(0);
  });
});

describe('two layers over a lossy network', () => {
  it('delivers each request once and each final response, with every third message lost', () => {
    const clock = new FakeClock();
    let n = 0;
    const network = new MemoryNetwork(clock, { latencyMs: 20, lose: () => n++ % 3 === 1 });
    const a = new TransactionLayer({
      clock,
      transports: [network.transport({ host: '192.0.2.1', port: 5060 })],
    });
    const bobs = new TransactionLayer({
      clock,
      transports: [network.transport({ host: '192.0.2.2', port: 5060 })],
    });
    const bob = new RecordingTransactionUser(
      (request, transaction) => transaction && answer(transaction, request.method === 'INVITE' ? 486 : 200),
    );
    bobs.user = bob;
    void a.start();
    void bobs.start();
    const alice = new RecordingClientUser();
    for (let i = 0; i < 20; i++) {
      for (const method of ['INVITE', 'MESSAGE']) {
        a.sendRequest(buildRequest({ method, vias: [], requestUri: 'sip:bob@192.0.2.2' }), alice);
      }
    }
    clock.advance(70_000);
    expect(bob.requests).toHaveLength(40);
    expect([...alice.statuses].sort()).toEqual([
      ...Array<number>(20).fill(200),
      ...Array<number>(20).fill(486),
    ]);
    expect(bob.failures).toEqual([]);
    expect([a.counts(), bobs.counts()]).toEqual([NOTHING, NOTHING]);
    expect(clock.armed).toBe(0);
  });
});

/** Lets promise callbacks run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
