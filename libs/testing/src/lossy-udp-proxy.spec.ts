import { systemClock } from '@legato/kernel';
import { SipResponse, TransactionLayer, UdpTransport } from '@legato/sip';
import { LossyUdpProxy, seededRandom } from './lossy-udp-proxy';
import { RecordingTransactionUser } from './recording-users';
import { buildRequest } from './sip-builders';

describe('the UDP fault proxy', () => {
  it('draws the same numbers for the same seed', () => {
    const draw = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 1000 }, random);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const mean = draw(7).reduce((sum, each) => sum + each, 0) / 1000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });

  it('loses, doubles and delays, and SIP transactions come through with one effect each (§17)', async () => {
    // A transaction remembers for 64*T1: longer than a busy machine holds a copy back.
    const timers = { T1: 60, T2: 240, T4: 300 };
    const server = new TransactionLayer({
      clock: systemClock,
      transports: [new UdpTransport({ host: '127.0.0.1', port: 0 })],
      timers,
    });
    const user = new RecordingTransactionUser((request, transaction) => {
      transaction?.respond(SipResponse.to(request, request.method === 'INVITE' ? 486 : 200, { toTag: 'b' }));
    });
    server.user = user;
    await server.start();
    const client = new TransactionLayer({
      clock: systemClock,
      transports: [new UdpTransport({ host: '127.0.0.1', port: 0 })],
      timers,
    });
    await client.start();
    const proxy = new LossyUdpProxy({
      target: server.localAddressFor(),
      lossRate: 0.2,
      duplicateRate: 0.1,
      minDelayMs: 0,
      maxDelayMs: 10,
      seed: 5,
    });
    const target = await proxy.start();
    const statuses = await Promise.all(
      Array.from({ length: 60 }, (_, i) => i % 2).map((isInvite) => {
        const request = buildRequest({ method: isInvite ? 'INVITE' : 'MESSAGE', vias: [] });
        return new Promise<number>((resolve, reject) => {
          client.sendRequest(
            request,
            {
              receiveResponse: ({ status }) => status >= 200 && resolve(status),
              receiveTimeout: () => reject(new Error('timeout')),
              receiveTransportError: reject,
            },
            { target },
          );
        });
      }),
    );
    expect(statuses).toEqual(Array.from({ length: 60 }, (_, i) => (i % 2 ? 486 : 200)));
    expect(user.requests).toHaveLength(60);
    expect(proxy.counts.lost).toBeGreaterThan(5);
    expect(proxy.counts.duplicated).toBeGreaterThan(2);
    await proxy.stop();
    await client.stop();
    await server.stop();
  });
});
