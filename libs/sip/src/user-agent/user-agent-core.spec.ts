import { randomIds } from '@legato/kernel';
import { buildRequest, FakeClock, RecordingTransport } from '@legato/testing';
import type { RequestFields } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { TransactionLayer } from '../transaction/transaction-layer';
import type { ServerTransaction } from '../transaction/transaction-user';
import { requestChecks } from './request-checks';
import type { UserAgentCoreOptions } from './user-agent-core';
import { UserAgentCore } from './user-agent-core';

const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO', 'UPDATE'];

async function start(options: Partial<UserAgentCoreOptions> = {}) {
  const clock = new FakeClock();
  const transport = new RecordingTransport({ clock });
  const layer = new TransactionLayer({ clock, transports: [transport] });
  const core = new UserAgentCore({
    clock,
    layer,
    ids: randomIds,
    allow: ALLOW,
    supported: ['timer'],
    accept: ['application/sdp', 'multipart/mixed'],
    ...options,
  });
  const taken: ServerTransaction[] = [];
  core.onRequest = (transaction) => void taken.push(transaction);
  await layer.start();
  const inject = (request: SipRequest | RequestFields) =>
    transport.inject('kind' in request ? request : buildRequest(request), { host: '192.0.2.2', port: 5060 });
  const answer = (): SipResponse | undefined => transport.take().at(-1) as SipResponse | undefined;
  return { clock, transport, layer, core, taken, inject, answer };
}

describe('the user agent core (§8.2)', () => {
  it('checks in the order of its table', () => {
    expect(requestChecks.map(({ name }) => name)).toEqual([
      'readable Request-URI',
      'readable Contact',
      'readable From',
      'scheme of the Request-URI',
      'merged request',
      'hops left',
      'required extensions',
      'body',
      'acceptable description',
      'method',
      'session interval',
      'load',
    ]);
  });

  it.each<[number, string, RequestFields, string, string]>([
    [416, 'a scheme it does not serve (§8.2.2.1)', { requestUri: 'soap.beep://192.0.2.1' }, '', ''],
    [
      420,
      'an extension it does not know (§8.2.2.3)',
      { headers: [['Require', 'timer, foo, bar']] },
      'Unsupported',
      'foo, bar',
    ],
    [
      415,
      'a body it can not read (§8.2.3)',
      { body: 'x', contentType: 'text/html' },
      'Accept',
      'application/sdp, multipart/mixed',
    ],
    [
      415,
      'an encoding it can not read (§8.2.3)',
      { body: 'x', headers: [['Content-Encoding', 'gzip']] },
      'Accept-Encoding',
      'identity',
    ],
    [405, 'a method it does not serve (§8.2.1)', { method: 'SUBSCRIBE' }, 'Allow', ALLOW.join(', ')],
    [501, 'a method nobody knows (§21.5.2)', { method: 'NEWMETHOD' }, 'Allow', ALLOW.join(', ')],
    [481, 'a BYE outside of a dialog (§15.1.2)', { method: 'BYE' }, '', ''],
    [481, 'an INFO outside of a dialog (RFC 6086 §4.2.2)', { method: 'INFO' }, '', ''],
    [481, 'a request of an unknown dialog (§12.2.2)', { method: 'INFO', toTag: 'gone' }, '', ''],
  ])('answers %i to %s', async (status, _what, fields, header, value) => {
    const { inject, answer, taken } = await start();
    inject(fields);
    const response = answer();
    expect(response?.status).toBe(status);
    if (header) expect(response?.headers.get(header)).toBe(value);
    expect(response?.to.tag).toBeTruthy();
    expect(taken).toEqual([]);
  });

  it('reports the first fault when there are several (§8.2)', async () => {
    const { inject, answer } = await start();
    inject({ method: 'NEWMETHOD', requestUri: 'x-y:z', headers: [['Require', 'foo']] });
    expect(answer()?.status).toBe(416);
    inject({ method: 'NEWMETHOD', headers: [['Require', 'foo']] });
    expect(answer()?.status).toBe(420);
  });

  it('takes what passes, OPTIONS too, and bodies that may be ignored (§8.2.3)', async () => {
    const { inject, taken } = await start();
    inject({ method: 'OPTIONS' });
    inject({ body: 'v=0' });
    inject({
      body: 'x',
      contentType: 'text/html',
      headers: [['Content-Disposition', 'session;handling=optional']],
    });
    inject({ requestUri: 'tel:+49301234' });
    inject({
      method: 'INVITE',
      headers: [['Max-Forwards', '0']],
      vias: ['SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKa'],
    });
    expect(taken.map(({ request }) => request.method)).toEqual(['OPTIONS', 'INVITE', 'INVITE', 'INVITE']);
  });

  it('processes Max-Forwards 0 as an endpoint and refuses it with 483 where it forwards (RFC 7092 §3.1.2)', async () => {
    for (const [forwards, expected] of [
      [false, undefined],
      [true, 483],
    ] as const) {
      const { inject, answer } = await start({ forwards });
      const invite = buildRequest();
      invite.headers.set('Max-Forwards', '0');
      inject(invite);
      expect(answer()?.status).toBe(expected);
    }
  });

  it('answers 482 to a request that came by another path before (§8.2.2.2)', async () => {
    const { inject, answer, taken, clock } = await start();
    const fields = { callId: 'merged', fromTag: 'x', cseq: 1 };
    inject({ ...fields, branch: 'z9hG4bKone' });
    inject({ ...fields, branch: 'z9hG4bKtwo' });
    expect(answer()?.status).toBe(482);
    inject({ ...fields, cseq: 2, branch: 'z9hG4bKthree' });
    expect(taken).toHaveLength(2);
    clock.advance(65_000);
    inject({ ...fields, branch: 'z9hG4bKfour' });
    expect(taken).toHaveLength(3);
  });

  it('sheds new calls with 503 and Retry-After while it is overloaded, nothing else (§21.5.4)', async () => {
    const { inject, answer, taken } = await start({ overloaded: () => true });
    inject({});
    const response = answer();
    expect([response?.status, response?.headers.get('Retry-After')]).toEqual([503, '5']);
    inject({ method: 'OPTIONS' });
    expect(taken).toHaveLength(1);
  });

  it('answers OPTIONS with what it serves when nobody else does (§11.2)', async () => {
    const { core, inject, answer } = await start({ serverHeader: 'Legato/1' });
    inject({ method: 'OPTIONS' });
    core.onRequest = (transaction) => core.answerOptions(transaction);
    inject({ method: 'OPTIONS' });
    const response = answer();
    expect(response?.status).toBe(200);
    const values = ['Allow', 'Accept', 'Supported', 'Server'].map((name) => response?.headers.get(name));
    expect(values).toEqual([ALLOW.join(', '), 'application/sdp, multipart/mixed', 'timer', 'Legato/1']);
  });

  it('answers 480 to calls when nobody takes them', async () => {
    const clock = new FakeClock();
    const transport = new RecordingTransport({ clock });
    const layer = new TransactionLayer({ clock, transports: [transport] });
    new UserAgentCore({ clock, layer, ids: randomIds, allow: ALLOW, supported: [], accept: [] });
    await layer.start();
    transport.inject(buildRequest());
    transport.inject(buildRequest({ method: 'OPTIONS' }));
    expect(transport.take().map((message) => (message as SipResponse).status)).toEqual([480, 200]);
  });

  it('answers 487 to a cancelled INVITE that nobody owns (§9.2)', async () => {
    const { inject, transport } = await start();
    const invite = buildRequest({ branch: 'z9hG4bKcancelled', callId: 'c', fromTag: 'f' });
    inject(invite);
    transport.take();
    inject({
      method: 'CANCEL',
      branch: 'z9hG4bKcancelled',
      callId: 'c',
      fromTag: 'f',
      requestUri: invite.requestUri,
    });
    expect(transport.take().map((message) => (message as SipResponse).status)).toEqual([200, 487]);
  });

  it('hands requests and ACKs of a dialog to its owner, and drops ACKs of none (§12.2.2, §17.2.1)', async () => {
    const { core, inject, transport } = await start();
    const seen: string[] = [];
    core.dialogs.add(
      { sipCallId: 'd', localTag: 'us', remoteTag: 'them' } as Parameters<typeof core.dialogs.add>[0],
      {
        receiveInDialog: ({ method }, transaction) =>
          void seen.push(`${method} ${transaction ? 'with' : 'without'}`),
      },
    );
    const fields = { callId: 'd', toTag: 'us', fromTag: 'them' };
    inject({ ...fields, method: 'INFO' });
    inject({ ...fields, method: 'ACK' });
    inject({ ...fields, method: 'ACK', toTag: 'other' });
    expect(seen).toEqual(['INFO with', 'ACK without']);
    expect(transport.take()).toEqual([]);
  });

  it('drops a 2xx to an INVITE that it knows nothing of: no ACK to where a stranger says', async () => {
    const { inject, transport, layer } = await start();
    transport.inject(SipResponse.to(buildRequest({ branch: 'z9hG4bKstray' }), 200, { toTag: 'x' }));
    inject({ method: 'ACK' });
    expect(transport.take()).toEqual([]);
    expect(layer.counts().inviteServer).toBe(0);
  });
});
