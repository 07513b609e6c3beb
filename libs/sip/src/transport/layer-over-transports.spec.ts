import { systemClock } from '@legato/kernel';
import { RecordingTransactionUser, buildRequest } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import { TransactionLayer } from '../transaction/transaction-layer';
import type { ClientTransaction } from '../transaction/transaction-user';
import { TcpTransport } from './tcp.transport';
import type { SipTransport } from './transport';
import { UdpTransport } from './udp.transport';
import { WsTransport } from './ws.transport';

const bind = { host: '127.0.0.1', port: 0 };
const kinds: [name: string, make: () => SipTransport][] = [
  ['UDP', () => new UdpTransport(bind)],
  ['TCP', () => new TcpTransport(bind)],
  ['WS', () => new WsTransport(bind)],
];
/** For the test that waits for Timer F; the others keep the RFC's, so that a slow machine repeats nothing. */
const shortTimers = { T1: 20, T2: 80, T4: 20 };

const layers: TransactionLayer[] = [];
async function startLayer(
  make: () => SipTransport,
  user = new RecordingTransactionUser(),
  timers?: typeof shortTimers,
): Promise<TransactionLayer> {
  const layer = new TransactionLayer({ clock: systemClock, transports: [make()], timers });
  layer.user = user;
  layers.push(layer);
  await layer.start();
  return layer;
}

/** Statuses until the final one. */
function send(
  layer: TransactionLayer,
  request: SipRequest,
  onProvisional?: (transaction: ClientTransaction) => void,
): Promise<number[]> {
  const statuses: number[] = [];
  return new Promise((resolve, reject) => {
    layer.sendRequest(request, {
      receiveResponse: ({ status }, transaction) => {
        statuses.push(status);
        if (status >= 200) resolve(statuses);
        else onProvisional?.(transaction);
      },
      receiveTimeout: () => reject(new Error('timeout')),
      receiveTransportError: reject,
    });
  });
}

afterEach(async () => {
  await Promise.all(layers.splice(0).map((each) => each.stop()));
});

describe.each(kinds)('two layers over %s', (protocol, make) => {
  const to = (layer: TransactionLayer, method: string): SipRequest =>
    buildRequest({
      method,
      vias: [],
      requestUri: `sip:bob@127.0.0.1:${layer.localAddressFor().port};transport=${protocol.toLowerCase()}`,
    });

  it('carry a request that is answered at once (§17.1.2)', async () => {
    const bob = await startLayer(
      make,
      new RecordingTransactionUser((request, transaction) =>
        transaction?.respond(SipResponse.to(request, 202)),
      ),
    );
    const alice = await startLayer(make);
    expect(await send(alice, to(bob, 'MESSAGE'))).toEqual([202]);
  });

  it('carry an INVITE that is cancelled, through to the ACK (§9, §17.1.1.3)', async () => {
    const user = new RecordingTransactionUser((request, transaction) => {
      transaction?.respond(SipResponse.to(request, 180, { toTag: 'b' }));
    });
    const confirmed = new Promise<string>((resolve) => {
      user.receiveCancel = (_cancel, transaction): void => {
        transaction.respond(SipResponse.to(transaction.request, 487, { toTag: 'b' }));
        const poll = (): void =>
          void (transaction.state === 'Completed' ? setImmediate(poll) : resolve(transaction.state));
        poll();
      };
    });
    const bob = await startLayer(make, user);
    const alice = await startLayer(make);
    const statuses = await send(alice, to(bob, 'INVITE'), (transaction) => transaction.cancel());
    // Over UDP an INVITE is repeated when it takes longer than T1, and its provisional response with it (§17.2.1).
    expect(protocol === 'UDP' ? [...new Set(statuses)] : statuses).toEqual([180, 487]);
    // TCP is reliable: there the ACK ends the transaction at once.
    expect(await confirmed).toBe(protocol === 'UDP' ? 'Confirmed' : 'Terminated');
  });

  it('tell the sender that nobody is there (§17.1.4)', async () => {
    const bob = await startLayer(make);
    const request = to(bob, 'OPTIONS');
    await bob.stop();
    const alice = await startLayer(make, new RecordingTransactionUser(), shortTimers);
    await expect(send(alice, request)).rejects.toThrow(protocol === 'UDP' ? 'timeout' : 'ECONNREFUSED');
  });
});

describe('a layer with UDP and TCP', () => {
  it('sends a large request by TCP, and by UDP to a peer without TCP (§18.1.1)', async () => {
    const protocols: string[] = [];
    const user = (): RecordingTransactionUser =>
      new RecordingTransactionUser((request, transaction) => {
        protocols.push(request.via.protocol);
        transaction?.respond(SipResponse.to(request, 200));
      });
    const udpOnly = await startLayer(() => new UdpTransport(bind), user());
    const { port } = udpOnly.localAddressFor();
    const alice = new TransactionLayer({
      clock: systemClock,
      transports: [new UdpTransport(bind), new TcpTransport(bind)],
    });
    layers.push(alice);
    await alice.start();
    const large = (): SipRequest =>
      buildRequest({
        method: 'INFO',
        vias: [],
        requestUri: `sip:bob@127.0.0.1:${port}`,
        body: 'x'.repeat(5_000),
      });
    expect(await send(alice, large())).toEqual([200]);
    await startLayer(() => new TcpTransport({ ...bind, port }), user());
    const fresh = new TransactionLayer({
      clock: systemClock,
      transports: [new UdpTransport(bind), new TcpTransport(bind)],
    });
    layers.push(fresh);
    await fresh.start();
    expect(await send(fresh, large())).toEqual([200]);
    expect(protocols).toEqual(['UDP', 'TCP']);
  });
});
