import { Headers } from './headers';

describe('Headers', () => {
  it('finds a field in any case and in compact form (§7.3.1, §7.3.3)', () => {
    const headers = new Headers([
      ['v', 'SIP/2.0/UDP a'],
      ['CALL-id', 'x'],
      ['X-Own', '1'],
    ]);
    expect([...headers.entries()]).toEqual([
      ['Via', 'SIP/2.0/UDP a'],
      ['Call-ID', 'x'],
      ['X-Own', '1'],
    ]);
    expect([headers.get('VIA'), headers.get('i'), headers.get('x-OWN'), headers.get('To')]).toEqual([
      'SIP/2.0/UDP a',
      'x',
      '1',
      undefined,
    ]);
    expect([headers.has('V'), headers.has('T')]).toEqual([true, false]);
  });

  it('reads a comma list as repeated fields (§7.3.1)', () => {
    const headers = new Headers([
      ['Route', '<sip:a;lr>, "x, y" <sip:b,c@d>'],
      ['Route', '<sip:e>'],
      ['Supported', ' '],
      ['Allow', 'INVITE,,ACK,'],
    ]);
    expect(headers.getAll('Route')).toEqual(['<sip:a;lr>', '"x, y" <sip:b,c@d>', '<sip:e>']);
    expect(headers.getAll('Supported')).toEqual([]);
    expect(headers.getAll('Allow')).toEqual(['INVITE', 'ACK']);
    expect(headers.get('Route')).toBe('<sip:a;lr>, "x, y" <sip:b,c@d>');
  });

  it('keeps an escaped quote inside its quoted string when it splits (§25.1)', () => {
    expect(new Headers([['Contact', '"a\\", b" <sip:a>, <sip:b>']]).getAll('Contact')).toEqual([
      '"a\\", b" <sip:a>',
      '<sip:b>',
    ]);
  });

  it.each([
    'WWW-Authenticate',
    'Proxy-Authenticate',
    'Authorization',
    'Proxy-Authorization',
    'Date',
    'Subject',
    'X-Unknown',
  ])('does not split %s at its commas (§7.3.1)', (name) => {
    const headers = new Headers([
      [name, 'Digest realm="a", nonce="b"'],
      [name, 'second, field'],
    ]);
    expect(headers.getAll(name)).toEqual(['Digest realm="a", nonce="b"', 'second, field']);
  });

  it('replaces in the place of the first, and removes all', () => {
    const headers = new Headers([
      ['X-A', '1'],
      ['X-B', '2'],
      ['x-a', '3'],
      ['X-A', '4'],
    ]);
    headers.set('x-a', '9');
    expect([...headers.entries()]).toEqual([
      ['x-a', '9'],
      ['X-B', '2'],
    ]);
    headers.append('X-A', '5').remove('X-A');
    expect([...headers.entries()]).toEqual([['X-B', '2']]);
    expect(headers.set('X-C', '3').size).toBe(2);
  });

  it('puts a Via on top and takes the topmost off a comma list (§16.6 step 8, §16.7 step 3)', () => {
    const headers = new Headers([
      ['Via', 'SIP/2.0/UDP b, SIP/2.0/UDP c'],
      ['To', '<sip:x>'],
    ]);
    headers.prepend('Via', 'SIP/2.0/UDP a');
    expect(headers.getAll('Via')).toEqual(['SIP/2.0/UDP a', 'SIP/2.0/UDP b', 'SIP/2.0/UDP c']);
    expect(headers.removeFirst('Via')).toBe('SIP/2.0/UDP a');
    expect(headers.removeFirst('Via')).toBe('SIP/2.0/UDP b');
    expect(headers.replaceFirst('Via', 'SIP/2.0/UDP d').getAll('Via')).toEqual(['SIP/2.0/UDP d']);
    expect(headers.removeFirst('Via')).toBe('SIP/2.0/UDP d');
    expect([headers.removeFirst('Via'), headers.removeFirst('To'), headers.size]).toEqual([
      undefined,
      '<sip:x>',
      0,
    ]);
  });

  it('replaces the first element of a comma list alone', () => {
    const headers = new Headers([['Via', 'SIP/2.0/UDP a, SIP/2.0/UDP b']]);
    expect(headers.replaceFirst('Via', 'SIP/2.0/UDP a;received=192.0.2.1').get('Via')).toBe(
      'SIP/2.0/UDP a;received=192.0.2.1, SIP/2.0/UDP b',
    );
  });

  it('trims values, and copies without sharing', () => {
    const headers = new Headers([['Subject', ' \ttwo words\t ']]);
    const copy = headers.clone();
    copy.set('Subject', 'other');
    expect([headers.get('Subject'), copy.get('Subject')]).toEqual(['two words', 'other']);
  });

  const injections = ['a\r\nRoute: <sip:evil;lr>', 'a\nb', 'a\rb', 'a\0b', 'a\x01b', 'a\x1fb'];

  it.each(injections)('refuses the value %j, which would not survive the wire (§7.3.1)', (value) => {
    const headers = new Headers();
    expect(() => headers.append('Subject', value)).toThrow(TypeError);
    expect(() => headers.set('Subject', value)).toThrow(TypeError);
    expect(() => headers.prepend('Subject', value)).toThrow(TypeError);
    expect(() => headers.replaceFirst('Subject', value)).toThrow(TypeError);
    expect(() => new Headers([['Subject', value]])).toThrow(TypeError);
    expect(headers.size).toBe(0);
  });

  it.each(['', 'To\x01', 'To ', 'T o', 'X:', 'X\r\nY', 'Füge'])('refuses the name %j (§25.1)', (name) => {
    expect(() => new Headers().append(name, 'x')).toThrow(TypeError);
  });

  it('lets HTAB stand in a value', () => {
    expect(new Headers([['Subject', 'a\tb']]).get('Subject')).toBe('a\tb');
  });
});
