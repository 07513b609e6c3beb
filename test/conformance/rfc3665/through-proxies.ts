import type { Address, SipRequest } from '@legato/sip';
import { sdp, TwoUserAgents } from '@legato/testing';
import type { TwoUserAgentsOptions } from '@legato/testing';
import { FlowPage } from '../../flow/support/flow-page';
import { audio } from '../../flow/support/flow-world';
import { RecordRoutingProxy } from './record-routing-proxy';

export const PROXY_1 = { host: '192.0.2.11', port: 5060 };
export const PROXY_2 = { host: '192.0.2.22', port: 5060 };
const BOB = { host: '192.0.2.2', port: 5060 };
export const OFFER = sdp(audio('192.0.2.101', 49172));
export const ANSWER = sdp(audio('192.0.2.201', 3456));
const MADE_BY = 'test/conformance/rfc3665/session-flows.spec.ts';
export const BOBS_ADDRESS = 'sip:bob@biloxi.example.com';

/** Writes down what passes the network of a flow from now on. */
export function pageOf(w: TwoUserAgents, between: Readonly<Record<string, string>> = {}): FlowPage {
  const participants = { '192.0.2.1:5060': 'Alice', ...between, '192.0.2.2:5060': 'Bob' };
  const page = new FlowPage({ participants, madeBy: MADE_BY });
  const startMs = w.clock.now();
  const hostPort = ({ host, port }: Address) => `${host}:${port}`;
  w.network.onCarry = ({ from, to, message, atMs }) =>
    page.record(hostPort(from), hostPort(to), message, atMs - startMs);
  return page;
}

/** Alice - Proxy 1 - Proxy 2 - Bob. */
export async function throughProxies(options: TwoUserAgentsOptions = {}) {
  const w = await TwoUserAgents.start(options);
  const first = new RecordRoutingProxy(w.network, PROXY_1, PROXY_2);
  const second = new RecordRoutingProxy(w.network, PROXY_2, BOB);
  await Promise.all([first.start(), second.start()]);
  const page = pageOf(w, { '192.0.2.11:5060': 'Proxy 1', '192.0.2.22:5060': 'Proxy 2' });
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
  return { w, page, first, second, call, run, ladder };
}

/** Requests of a method that one of the two sent, Alice's first. */
export const requestsTo = (w: TwoUserAgents, method: string): SipRequest[] =>
  [...w.alicesTransport.sent, ...w.bobsTransport.sent]
    .map(({ message }) => message)
    .filter((message): message is SipRequest => message.kind === 'request' && message.method === method);
