import { buildRequest } from '@legato/testing';
import type { Flow } from '../message/flow';
import { SipUri } from '../message/sip-uri';
import { bindingReach } from './binding-reach';
import type { Binding } from './binding';
import { callTargets } from './call-targets';

const NOW = 1_700_000_000_000;
const udp: Flow = {
  protocol: 'UDP',
  local: { host: '47.98.109.96', port: 5060 },
  remote: { host: '112.25.222.170', port: 28555 },
};

const binding = (contact: string, more: Partial<Binding> = {}): Binding => ({
  contact,
  sipCallId: 'c',
  cseq: 1,
  registeredAt: NOW,
  expiresAt: NOW + 1000,
  reach: 'contact',
  path: [],
  ...more,
});

function reach(contact: string, via: string, flow: Flow = udp, more: readonly string[] = []) {
  const request = buildRequest({ method: 'REGISTER', vias: [`SIP/2.0/UDP ${via}`, ...more] });
  request.flow = flow;
  const uri = SipUri.parse(contact);
  if (!uri) throw new Error(contact);
  return bindingReach(request, uri, []);
}

describe('a binding is reached', () => {
  it('along the flow of its REGISTER when the client is behind a NAT (RFC 3581 §4, RFC 5626 §3.1)', () => {
    const via = '192.168.1.107:62118;branch=z9hG4bK-1;rport=28555;received=112.25.222.170';
    expect(reach('sip:1011@192.168.1.107:62118;transport=udp', via)).toBe('flow');
    expect(reach('sip:1011@192.168.1.107:62118', '192.168.1.107:62118;received=112.25.222.170')).toBe('flow');
    expect(reach('sip:1011@10.0.0.9', 'phone.local;received=112.25.222.170')).toBe('flow');
    expect(reach('sip:x@df7jal23ls0d.invalid', 'df7jal23ls0d.invalid;received=112.25.222.170')).toBe('flow');
  });

  it('along the flow when it listens where it sends from (RFC 3581), and over its connection', () => {
    expect(reach('sip:a@112.25.222.170:5060', '112.25.222.170:5060;rport=28555')).toBe('flow');
    expect(reach('sip:a@112.25.222.170:5060', '112.25.222.170', { ...udp, protocol: 'TCP' })).toBe('flow');
    expect(reach('sip:a@192.0.2.77', '192.0.2.78', { ...udp, protocol: 'WSS' })).toBe('flow');
  });

  it('as its Contact says when that names a port of the same host, or another machine (RFC 3261 §10.2.1)', () => {
    expect(reach('sip:a@112.25.222.170:5080', '112.25.222.170:28555')).toBe('contact');
    expect(reach('sip:voicemail@vm.example.com', '112.25.222.170:28555;rport=28555')).toBe('contact');
  });

  it('as its Contact says when symmetric responses are asked for at another port than that of the Contact', () => {
    expect(reach('sip:a@112.25.222.170:5080', '112.25.222.170:28555;rport=28555')).toBe('contact');
  });

  it('as its Contact says when proxies without Path lie between', () => {
    const outer = 'SIP/2.0/UDP 10.1.1.1;branch=z9hG4bK-2';
    expect(reach('sip:a@10.1.1.1', '112.25.222.170', udp, [outer])).toBe('contact');
  });
});

describe('the targets of a call to a registered user', () => {
  it('are its live bindings, higher q first, equals together, the latest of them first (RFC 3261 §16.6)', () => {
    const bindings = [
      binding('sip:low@192.0.2.2', { q: 0.1 }),
      binding('sip:old@192.0.2.2', { registeredAt: NOW - 5 }),
      binding('sip:gone@192.0.2.2', { expiresAt: NOW }),
      binding('sip:new@192.0.2.2'),
      binding('sip:half@192.0.2.2', { q: 0.5, reach: 'flow', flow: udp }),
    ];
    expect(callTargets(bindings, NOW)).toEqual([
      { uri: 'sip:new@192.0.2.2' },
      { uri: 'sip:old@192.0.2.2', together: true },
      { uri: 'sip:half@192.0.2.2', flow: udp },
      { uri: 'sip:low@192.0.2.2' },
    ]);
  });

  it('have neither a header part nor a method, so that a client writes no headers into our requests (RFC 4475 §3.3.14)', () => {
    const contact = 'sip:user@example.com;x=1;method=BYE?Route=%3Csip:sip.example.com%3E';
    expect(callTargets([binding(contact)], NOW)).toEqual([{ uri: 'sip:user@example.com;x=1' }]);
  });

  it('fall back to the Contact where a connection may be gone, but not behind a NAT (RFC 5626 §5.3)', () => {
    const tcp: Flow = { ...udp, protocol: 'TCP', connectionId: '7' };
    const reached = { reach: 'flow', flow: tcp } as const;
    const own = 'sip:a@112.25.222.170:5060;transport=tcp';
    expect(callTargets([binding(own, reached)], NOW)).toEqual([
      { uri: own, flow: tcp },
      { uri: own, isBackup: true },
    ]);
    expect(callTargets([binding('sip:a@192.168.1.2', reached)], NOW)).toHaveLength(1);
  });

  it('are SIP URIs only', () => {
    expect(callTargets([binding('mailto:bob@example.com'), binding('tel:+15551234')], NOW)).toEqual([]);
  });
});
