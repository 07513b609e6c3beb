import { SipResponse } from '@legato/sip';
import type { SipMessage, TransportHandler } from '@legato/sip';
import { buildRequest } from '@legato/testing';
import { FrontTransport } from './front.transport';

function front() {
  const below: { handler?: TransportHandler } = {};
  const transport = new FrontTransport({
    protocol: 'UDP',
    local: { host: '127.0.0.1', port: 5060 },
    start: (handler) => Promise.resolve(void (below.handler = handler)),
    send: () => undefined,
    stop: () => Promise.resolve(),
  });
  const received: SipMessage[] = [];
  void transport.start({
    receiveMessage: (message) => received.push(message),
    receiveMalformed: () => undefined,
  });
  const arrive = (message: SipMessage) => below.handler?.receiveMessage(message);
  return { transport, received, arrive, below };
}

describe('the front of the transport', () => {
  it('holds what arrives until it is opened, then delivers in order', () => {
    const { transport, received, arrive } = front();
    const [bye, info, later] = [
      buildRequest({ method: 'BYE' }),
      buildRequest({ method: 'INFO' }),
      buildRequest(),
    ];
    arrive(bye);
    arrive(info);
    expect(received).toEqual([]);
    transport.open();
    arrive(later);
    expect(received).toEqual([bye, info, later]);
  });

  it('holds a bounded number', () => {
    const { transport, received, arrive } = front();
    const request = buildRequest();
    for (let i = 0; i < 5000; i += 1) arrive(request);
    transport.open();
    expect(received).toHaveLength(4096);
  });

  it('counts requests, responses and what is neither', () => {
    const { transport, arrive, below } = front();
    const request = buildRequest();
    arrive(request);
    arrive(request);
    arrive(SipResponse.to(request, 200));
    const [remote, local] = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: 2 },
    ];
    below.handler?.receiveMalformed(
      { status: 400, text: 'x', isResponse: false },
      { protocol: 'UDP', remote, local },
    );
    expect(transport.received()).toEqual({ request: 2, response: 1, malformed: 1 });
  });
});
