import { randomIds, silentLog, systemClock } from '@legato/kernel';
import { TcpTransport, UdpTransport } from '@legato/sip';
import type { SipTransport } from '@legato/sip';
import { FakeClock, TransportInbox, buildRequest } from '@legato/testing';
import { SipStack } from './sip-stack';

const running: { stop(): Promise<void> }[] = [];

async function stackOf(requestsPerSecond: number, isTrusted = false): Promise<SipStack> {
  const stack = await SipStack.create({
    clock: new FakeClock(),
    ids: randomIds,
    log: silentLog,
    host: '127.0.0.1',
    port: 0,
    serverHeader: 'spec',
    requestsPerSecond,
    isTrusted: () => isTrusted,
    overloaded: () => false,
  });
  running.push(stack);
  await stack.start();
  return stack;
}

async function peerOver(transport: SipTransport): Promise<TransportInbox> {
  const inbox = new TransportInbox();
  await transport.start(inbox);
  running.push(transport);
  return inbox;
}

const peer = { host: '127.0.0.1', port: 0, clock: systemClock };
const options = (transport: SipTransport, index: number) =>
  buildRequest({
    method: 'OPTIONS',
    callId: `options-${index}`,
    vias: [`SIP/2.0/${transport.protocol} 127.0.0.1:${transport.local.port};branch=z9hG4bK-${index}`],
  });

/** Sends `count` requests, and waits for `answers`. */
async function statuses(stack: SipStack, count: number, answers: number): Promise<(number | undefined)[]> {
  const udp = new UdpTransport(peer);
  const inbox = await peerOver(udp);
  for (let index = 0; index < count; index += 1) udp.send(options(udp, index), stack.address);
  await inbox.next(answers);
  return inbox.messages.map((each) => (each.kind === 'response' ? each.status : undefined));
}

afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

describe('the SIP stack of a node', () => {
  it('refuses what one source begins beyond its rate, then drops it (§26.3.1)', async () => {
    const stack = await stackOf(1);
    stack.open();
    const answers = await statuses(stack, 6, 4);
    expect(answers.filter((status) => status === 503)).toHaveLength(2);
    expect(stack.dropped().refused).toBe(4);
  });

  it.each([
    ['a trusted source', 1, true],
    ['any, with the limit off', 0, false],
  ])('does not limit %s', async (_who, rate, isTrusted) => {
    const stack = await stackOf(rate, isTrusted);
    stack.open();
    expect(await statuses(stack, 6, 6)).not.toContain(503);
  });

  it('listens on TCP at the port of UDP, and holds what comes there until it is opened (§18.2.1)', async () => {
    const stack = await stackOf(0);
    expect(stack.addressOf('TCP')).toEqual(stack.address);
    const tcp = new TcpTransport(peer);
    const inbox = await peerOver(tcp);
    tcp.send(options(tcp, 1), stack.address);
    while (stack.receivedBy()['tcp'] === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(inbox.messages).toEqual([]);
    expect(stack.transactions().nonInviteServer).toBe(0);
    stack.open();
    expect(await inbox.next()).toMatchObject({ kind: 'response' });
    expect(stack.receivedBy()).toEqual({ udp: 0, tcp: 1 });
  });
});
