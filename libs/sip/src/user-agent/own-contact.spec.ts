import { FakeClock, RecordingTransport } from '@legato/testing';
import type { Flow, TransportProtocol } from '../message/flow';
import { TransactionLayer } from '../transaction/transaction-layer';
import { contactTowards, defaultContact } from './own-contact';

const PORTS: Readonly<Record<TransportProtocol, number>> = {
  UDP: 5060,
  TCP: 5060,
  TLS: 5061,
  WS: 8080,
  WSS: 8443,
};

function layerOver(...protocols: TransportProtocol[]): TransactionLayer {
  const transports = protocols.map(
    (protocol) => new RecordingTransport({ protocol, local: { host: '192.0.2.1', port: PORTS[protocol] } }),
  );
  return new TransactionLayer({ clock: new FakeClock(), transports });
}

const every = layerOver('UDP', 'TCP', 'TLS', 'WS', 'WSS');
const flowOver = (protocol: TransportProtocol): Flow => ({
  protocol,
  local: { host: '192.0.2.1', port: PORTS[protocol] },
  remote: { host: '192.0.2.9', port: 40_000 },
});

describe('our Contact', () => {
  it.each([
    ['sip:bob@192.0.2.9;transport=tcp', '<sip:192.0.2.1:5060;transport=tcp>'],
    ['sip:bob@example.com;transport=tls', '<sip:192.0.2.1:5061;transport=tls>'],
    ['sips:bob@example.com', '<sips:192.0.2.1:5061;transport=tcp>'],
    ['sip:bob@192.0.2.9;transport=ws', '<sip:192.0.2.1:8080;transport=ws>'],
    ['sips:bob@192.0.2.9;transport=ws', '<sips:192.0.2.1:8443;transport=ws>'],
  ])('names the transport of a peer at %s (§8.1.1.8)', (uri, contact) => {
    expect(contactTowards(every, uri)).toBe(contact);
  });

  it.each(['TCP', 'TLS', 'WS', 'WSS'] as const)('names that of a flow over %s (§12.1.1)', (protocol) => {
    expect(contactTowards(every, 'sip:us@192.0.2.1', flowOver(protocol), 'us')).toBe(
      `<sip:us@192.0.2.1:${PORTS[protocol]};transport=${protocol.toLowerCase()}>`,
    );
  });

  it('is the default one for a peer on UDP, and for a transport that we have not', () => {
    expect(contactTowards(every, 'sip:bob@192.0.2.9')).toBeUndefined();
    expect(contactTowards(every, 'sip:us@192.0.2.1;transport=tcp', flowOver('UDP'))).toBeUndefined();
    expect(contactTowards(layerOver('UDP'), 'sip:bob@192.0.2.9;transport=tcp')).toBeUndefined();
    expect(defaultContact(every, 'us')).toBe('<sip:us@192.0.2.1:5060>');
  });
});
