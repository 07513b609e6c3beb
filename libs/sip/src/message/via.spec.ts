import { Via } from './via';

function parse(text: string): Via {
  const via = Via.parse(text);
  if (!via) throw new Error(`no Via: ${text}`);
  return via;
}

describe('Via', () => {
  it.each([
    [
      'SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7',
      'UDP',
      'erlang.bell-telephone.com',
      5060,
      'z9hG4bK87asdks7',
    ],
    [
      'SIP/2.0/UDP 192.0.2.1:5060 ;received=192.0.2.207 ;branch=z9hG4bK77asjd',
      'UDP',
      '192.0.2.1',
      5060,
      'z9hG4bK77asjd',
    ],
    [
      'SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1',
      'UDP',
      'first.example.com',
      4000,
      'z9hG4bKa7c6a8dlze.1',
    ],
    ['sip/2.0/tls a', 'TLS', 'a', undefined, undefined],
    [
      'SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en',
      'UNKNOWN',
      't4.example.com',
      undefined,
      'z9hG4bKasd0f3en',
    ],
    [
      'SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks',
      'WSS',
      'df7jal23ls0d.invalid',
      undefined,
      'z9hG4bK56sdasks',
    ],
    [
      'SIP/2.0/UDP [2001:db8::9:1]:5070;received=[2001:db8::9:255];branch=z9hG4bKas3-111',
      'UDP',
      '2001:db8::9:1',
      5070,
      'z9hG4bKas3-111',
    ],
    [
      'SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3',
      'UDP',
      '2001:db8::9:1',
      undefined,
      'z9hG4bKas3',
    ],
    ['SIP/2.0/UDP a;branch=x, SIP/2.0/UDP b;branch=y', 'UDP', 'a', undefined, 'x'],
  ])('reads %s (§20.42, RFC 5118 §4.5)', (text, protocol, host, port, branch) => {
    const via = parse(text);
    expect([via.protocol, via.host, via.port, via.branch]).toEqual([protocol, host, port, branch]);
  });

  it.each([
    '',
    'SIP/2.0',
    'SIP/2.0/UDP',
    'SIP/2.0/UDP ',
    'SIP/3.0/UDP a',
    'UDP a',
    'SIP/2.0/ a',
    'SIP/2.0/UDP a;;branch=x',
    'SIP/2.0/UDP a;branch=',
    'SIP/2.0/UDP a;branch=x;branch=y',
    'SIP/2.0/UDP a:;branch=x',
    'SIP/2.0/UDP a:99999',
    'SIP/2.0/UDP 2001:db8::1',
    'SIP/2.0/UDP a b',
    'SIP/2.0/UDP 192.0.2.15;;,;,,',
  ])('refuses %j', (text) => {
    expect(Via.parse(text)).toBeUndefined();
  });

  it('writes itself in one way, with parameters added (§18.2.1, RFC 3581 §4)', () => {
    const via = parse('SIP / 2.0 / UDP  [2001:db8::1] : 5060 ;rport;branch=z9hG4bKx');
    expect(via.sentBy).toBe('[2001:db8::1]:5060');
    via.params.set('rport', '40000').set('received', '192.0.2.9');
    expect(String(via)).toBe('SIP/2.0/UDP [2001:db8::1]:5060;rport=40000;branch=z9hG4bKx;received=192.0.2.9');
    expect(via.branch).toBe('z9hG4bKx');
    expect(String(parse('SIP/2.0/TCP a;branch=b'))).toBe('SIP/2.0/TCP a;branch=b');
  });

  it('is built from its parts', () => {
    expect(
      String(Via.of({ protocol: 'UDP', host: '::1', port: 5060, branch: 'z9hG4bK1', rport: true })),
    ).toBe('SIP/2.0/UDP [::1]:5060;branch=z9hG4bK1;rport');
    expect(String(Via.of({ protocol: 'TCP', host: 'a' }))).toBe('SIP/2.0/TCP a');
  });
});
