import { escapeUser, SipUri } from './sip-uri';

function parse(text: string): SipUri {
  const uri = SipUri.parse(text);
  if (!uri) throw new Error(`no URI: ${text}`);
  return uri;
}

describe('SipUri', () => {
  it('reads every component (§19.1.1)', () => {
    const uri = parse('sips:alice:s3cret@atlanta.com:5061;transport=tcp;lr?subject=a%20b&priority=urgent');
    expect(uri).toMatchObject({
      scheme: 'sips',
      user: 'alice',
      password: 's3cret',
      host: 'atlanta.com',
      port: 5061,
      headers: 'subject=a%20b&priority=urgent',
    });
    expect([uri.params.get('Transport'), uri.params.has('lr')]).toEqual(['tcp', true]);
    expect(String(uri)).toBe(
      'sips:alice:s3cret@atlanta.com:5061;transport=tcp;lr?subject=a%20b&priority=urgent',
    );
  });

  it('writes changed parameters in front of the headers', () => {
    const uri = parse('sip:a@b;lr?x=y');
    uri.params.set('transport', 'ws').delete('lr');
    expect(String(uri)).toBe('sip:a@b;transport=ws?x=y');
  });

  it('unescapes the user once, and knows a NUL from nothing (§19.1.2)', () => {
    expect(parse('sip:sips%3Auser%40example.com@example.net').userText).toBe('sips:user@example.com');
    expect(parse('sip:%2541@a').userText).toBe('%41');
    expect(parse('sip:null-%00-null@a').userText).toBe('null-\0-null');
    expect(parse('sip:%ff@a').userText).toBeUndefined();
    expect(parse('sip:a').userText).toBeUndefined();
  });

  it('lets the user hold what looks like parameters or headers (RFC 4475 §3.1.1.9)', () => {
    expect(parse('sip:user;par=u%40example.net@example.com')).toMatchObject({
      user: 'user;par=u%40example.net',
      host: 'example.com',
    });
    expect(parse('sip:a?b,/;;*:&c=1@h')).toMatchObject({ user: 'a?b,/;;*', password: '&c=1', host: 'h' });
  });

  it.each([
    '',
    'sip',
    'sip:',
    ':a',
    'sip:@host',
    'sip::pw@host',
    'sip:a@',
    'sip:a@b@c',
    'sip:a b@c',
    'sip:a@b:',
    'sip:a@b:65536',
    'sip:a@b:x',
    'sip:a@b;;lr',
    'sip:a@b;lr;',
    'sip:a@b;x=c@d',
    'sip:%@h',
    'sip:%4@h',
    'sip:%zz@h',
    'sip:a@b?x=%',
    'sip:<a>@b',
    'sip:a@b>',
    'sip:"a"@b',
    'sip:a@b c',
    'sip:a@b\r\nX: y',
    'sip:[::1',
    'sip:[::g]',
    'sip:[1.2.3.4]',
    '1sip:a',
  ])('refuses %j', (text) => {
    expect(SipUri.parse(text)).toBeUndefined();
  });

  it('refuses a URI beyond the line limit', () => {
    expect(SipUri.parse(`sip:${'a'.repeat(65_000)}@b`)).toBeUndefined();
  });

  it('tells other schemes apart by name alone', () => {
    expect(parse('http://example.com/a?b')).toMatchObject({ scheme: 'http', host: '', user: undefined });
    expect(parse('SIP:A@B').scheme).toBe('sip');
    expect(parse('urn:service:sos').equals(parse('urn:service:sos'))).toBe(true);
    expect(parse('urn:service:sos').equals(parse('urn:service:fire'))).toBe(false);
  });

  it('builds a URI, escaping its user', () => {
    expect(
      String(SipUri.of({ user: 'a b@c', host: '2001:db8::1', port: 5060, params: { lr: undefined } })),
    ).toBe('sip:a%20b%40c@[2001:db8::1]:5060;lr');
    expect(escapeUser('ü+1(2)%')).toBe('%C3%BC+1(2)%25');
    expect(() => SipUri.of({ host: 'a b' })).toThrow(TypeError);
    expect(() => SipUri.of({ host: 'a\r\nX: y' })).toThrow(TypeError);
  });
});

describe('SipUri comparison (§19.1.4)', () => {
  const equal = [
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['sip:a@[2001:db8::9:1]', 'sip:a@[2001:DB8:0:0:0:0:9:1]'],
    ['sip:a@[::ffff:192.0.2.10]', 'sip:a@[::FFFF:C000:20A]'],
  ] as const;
  const different = [
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:bob@biloxi.com', 'sips:bob@biloxi.com'],
    ['sip:bob@biloxi.com', 'sip:biloxi.com'],
    ['sip:bob:pw@biloxi.com', 'sip:bob@biloxi.com'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;maddr=192.0.2.1'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;ttl=1'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;method=INVITE'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;user=ip'],
    ['sip:a%40b@h', 'sip:a%3Bb@h'],
    ['sip:a@h?x=A', 'sip:a@h?x=a'],
  ] as const;

  it.each(equal)('%s equals %s', (a, b) => {
    expect([parse(a).equals(parse(b)), parse(b).equals(parse(a))]).toEqual([true, true]);
  });

  it.each(different)('%s differs from %s', (a, b) => {
    expect([parse(a).equals(parse(b)), parse(b).equals(parse(a))]).toEqual([false, false]);
  });

  it('leaves a reserved character apart from its escape', () => {
    expect(parse('sip:a%3Bb@h').equals(parse('sip:a;b@h'))).toBe(false);
    expect(parse('sip:a%3bb@h').equals(parse('sip:a%3Bb@h'))).toBe(true);
  });
});

describe('tel: URIs (RFC 3966)', () => {
  it('reads number and parameters', () => {
    const uri = parse('tel:+1-201-555-0123;ext=12');
    expect(uri).toMatchObject({ scheme: 'tel', user: '+1-201-555-0123', host: '' });
    expect(uri.params.get('ext')).toBe('12');
    expect(parse('tel:7042;phone-context=example.com').params.get('phone-context')).toBe('example.com');
  });

  it.each(['tel:', 'tel:+', 'tel:abcxyz', 'tel:7042', 'tel:+1 2', 'tel:+1;;ext=1', 'tel:-.()'])(
    'refuses %j (§5.1)',
    (text) => {
      expect(SipUri.parse(text)).toBeUndefined();
    },
  );

  it.each([
    ['tel:+1-201-555-0123', 'tel:+12015550123', true],
    ['tel:+1.201.555.0123', 'TEL:+1(201)5550123', true],
    ['tel:7042;phone-context=Example.COM', 'tel:70-42;phone-context=example.com', true],
    ['tel:863-1234;phone-context=+1-914-555', 'tel:8631234;phone-context=+1914555', true],
    ['tel:+1;ext=1-2;isub=3', 'tel:+1;isub=3;ext=12', true],
    ['tel:7042;phone-context=example.com', 'tel:7042;phone-context=example.org', false],
    ['tel:+12015550123', 'tel:+12015550124', false],
    ['tel:+1;ext=1', 'tel:+1', false],
    ['tel:+1;ext=1', 'tel:+1;isub=1', false],
  ])('%s and %s: %s (§4)', (a, b, same) => {
    expect([parse(a).equals(parse(b)), parse(b).equals(parse(a))]).toEqual([same, same]);
  });

  it.each([
    ['tel:+1-(201).555;ext=7', '+1201555'],
    ['tel:10-11;phone-context=example.com', '1011'],
    ['sip:+1-201@example.com', '+1-201'],
    ['sip:example.com', undefined],
  ])('%s dials %s (RFC 3966 §5.1.1)', (uri, dialled) => {
    expect(parse(uri).dialled).toBe(dialled);
  });

  it('becomes a SIP URI with user=phone and no separators (RFC 3261 §19.1.6)', () => {
    expect(String(parse('tel:+358-555-1234567').toSip('foo.com'))).toBe(
      'sip:+3585551234567@foo.com;user=phone',
    );
    expect(String(parse('tel:+1-2;ext=3').toSip('foo.com', 5070))).toBe(
      'sip:+12;ext=3@foo.com:5070;user=phone',
    );
    expect(String(parse('sip:a@b').toSip('foo.com'))).toBe('sip:a@b');
  });
});

describe('IPv6 in URIs (RFC 5118)', () => {
  it.each([
    ['sip:[2001:db8::10]', '2001:db8::10', undefined],
    ['sip:[2001:db8::10:5070]', '2001:db8::10:5070', undefined],
    ['sip:[2001:db8::10]:5070', '2001:db8::10', 5070],
    ['sip:user@[::ffff:192.0.2.10]', '::ffff:192.0.2.10', undefined],
    ['sip:user@[2001:db8:::192.0.2.1]', '2001:db8:::192.0.2.1', undefined],
    ['sip:[::]', '::', undefined],
    ['sip:[1:2:3:4:5:6:7:8]', '1:2:3:4:5:6:7:8', undefined],
  ])('%s is host %s, port %s (§4.1 to §4.10)', (text, host, port) => {
    const uri = parse(text);
    expect([uri.host, uri.port, String(uri)]).toEqual([host, port, text]);
  });

  it.each([
    'sip:2001:db8::10',
    'sip:[1:2:3:4:5:6:7:8:9]',
    'sip:[1::2::3]',
    'sip:[12345::]',
    'sip:[::1.2.3]',
    'sip:[::1.2.3.256]',
    'sip:[1:2]',
    'sip:[:::]',
    'sip:[]',
    'sip:[::1]x',
  ])('refuses %s (§4.2)', (text) => {
    expect(SipUri.parse(text)).toBeUndefined();
  });
});
