import { randomIds } from '@legato/kernel';
import {
  ANSWER,
  buildRequest,
  FakeClock,
  NOTHING_HELD,
  OFFER,
  RecordingTransport,
  TwoUserAgents,
} from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { TransactionLayer } from '../transaction/transaction-layer';
import type { ServerTransaction } from '../transaction/transaction-user';
import { InviteUsage } from './invite-usage';
import type { UsageEvent } from './usage-events';
import type { UsageOutput } from './usage-output';
import { UsageRunner } from './usage-runner';
import { UserAgentCore } from './user-agent-core';

const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'INFO'];
const PEER = { host: '192.0.2.2', port: 5060 };

async function start(options: { protocol?: 'UDP' | 'TCP'; contactUser?: string } = {}) {
  const clock = new FakeClock();
  const transport = new RecordingTransport({ clock, protocol: options.protocol ?? 'UDP' });
  const layer = new TransactionLayer({ clock, transports: [transport] });
  const common = { clock, layer, ids: randomIds, allow: ALLOW };
  const core = new UserAgentCore({ ...common, supported: [], accept: ['application/sdp'] });
  const contact = options.contactUser === undefined ? {} : { contactUser: options.contactUser };
  const runner = new UsageRunner({ ...common, core, ...contact });
  const usages = new Map<string, InviteUsage>();
  const events: UsageEvent[] = [];
  runner.deliver = (usageId, feed) => {
    const usage = usages.get(usageId);
    if (usage) events.push(...feed(usage));
  };
  await layer.start();
  const invited: ServerTransaction[] = [];
  core.onRequest = (transaction) => void invited.push(transaction);
  return { clock, transport, layer, core, runner, usages, events, invited };
}

/** Holds back what a usage wants done until flush(), as who stores calls does. */
function held(inner: UsageOutput): { output: UsageOutput; flush: () => void } {
  const waiting: (() => void)[] = [];
  const later =
    <A extends unknown[]>(effect: (...args: A) => void) =>
    (...args: A) =>
      void waiting.push(() => effect(...args));
  const output: UsageOutput = {
    sendRequest: later((...args) => inner.sendRequest(...args)),
    sendCancel: later((...args) => inner.sendCancel(...args)),
    sendAck: later((...args) => inner.sendAck(...args)),
    sendResponse: later((...args) => inner.sendResponse(...args)),
    startTimer: later((...args) => inner.startTimer(...args)),
    stopTimer: later((...args) => inner.stopTimer(...args)),
    dialogAdded: later((...args) => inner.dialogAdded(...args)),
    dialogRemoved: later((...args) => inner.dialogRemoved(...args)),
    now: inner.now,
    ids: inner.ids,
    contact: inner.contact,
    allow: inner.allow,
    timers: inner.timers,
  };
  return { output, flush: (): void => waiting.splice(0).forEach((effect) => effect()) };
}

const outgoing = {
  requestUri: 'sip:bob@192.0.2.2',
  from: '<sip:a@x>',
  to: '<sip:b@y>',
  contact: '<sip:a@192.0.2.1>',
};

describe('the usage runner', () => {
  it('lets a call be whose state is still being stored when copies of its 2xx come', async () => {
    const { runner, usages, events, transport, core } = await start();
    const { output, flush } = held(runner.output);
    const usage = InviteUsage.outgoing('u', output, outgoing);
    usages.set('u', usage);
    usage.invite();
    flush();
    const [invite] = transport.take() as SipRequest[];
    const ok = SipResponse.to(invite as SipRequest, 200, {
      toTag: 't',
      headers: [['Contact', '<sip:b@192.0.2.2>']],
    });
    transport.inject(ok, PEER);
    transport.inject(ok, PEER);
    expect(transport.take()).toEqual([]);
    expect(core.dialogs.size).toBe(0);
    usage.acknowledge();
    flush();
    expect((transport.take() as SipRequest[]).map(({ method }) => method)).toEqual(['ACK']);
    expect(core.dialogs.size).toBe(1);
    expect(events.map(({ type }) => type)).toEqual(['accepted']);
  });

  it('tells a usage that its INVITE was cancelled before the usage was made (§9.2)', async () => {
    const { runner, usages, events, transport, clock, invited } = await start();
    const fields = { callId: 'c', fromTag: 'f', branch: 'z9hG4bKgone' };
    transport.inject(buildRequest(fields), PEER);
    transport.inject(buildRequest({ ...fields, method: 'CANCEL' }), PEER);
    const statuses = transport.take().map((message) => (message as SipResponse).status);
    expect(statuses).toEqual([200, 487]);
    const usage = runner.receiveInvite('u', runner.output, invited[0] as ServerTransaction);
    usages.set('u', usage);
    usage.accept(ANSWER);
    clock.advance(1_000);
    expect(transport.take().filter((message) => (message as SipResponse).status !== 487)).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['cancelled', 'ended']);
    expect(runner.size).toBe(0);
  });

  it('writes its own address and user into Contact, with the transport when it is not UDP', async () => {
    const udp = await start({ contactUser: 'legato' });
    expect(udp.runner.output.contact).toBe('<sip:legato@192.0.2.1:5060>');
    const tcp = await start({ protocol: 'TCP' });
    expect(tcp.runner.output.contact).toBe('<sip:192.0.2.1:5060;transport=tcp>');
  });

  it('forgets a usage that has not ended: timers, dialog and CANCEL', async () => {
    const { runner, usages, transport, clock, core, invited } = await start();
    transport.inject(buildRequest({ branch: 'z9hG4bKforget', callId: 'c', fromTag: 'f' }), PEER);
    const usage = runner.receiveInvite('u', runner.output, invited[0] as ServerTransaction);
    usages.set('u', usage);
    usage.accept(ANSWER);
    expect([runner.size, core.dialogs.size]).toEqual([1, 1]);
    runner.forget(['u', 'unknown']);
    expect([runner.size, core.dialogs.size]).toEqual([0, 0]);
    transport.take();
    clock.advance(10_000);
    expect(transport.take()).toEqual([]);
  });

  it('holds nothing of usages that were refused', async () => {
    const w = await TwoUserAgents.start();
    for (let i = 0; i < 50; i++) w.alice.invite(w.bob.uri, OFFER);
    w.run();
    for (const call of w.bob.calls) call.usage.refuse(486);
    w.run();
    expect([w.alice.runner.size, w.bob.runner.size]).toEqual([0, 0]);
    expect(w.settle()).toEqual(NOTHING_HELD);
  });
});
