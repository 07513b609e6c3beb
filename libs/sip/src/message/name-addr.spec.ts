import { NameAddr } from './name-addr';

function parse(text: string): NameAddr {
  const address = NameAddr.parse(text);
  if (!address) throw new Error(`no address: ${text}`);
  return address;
}

describe('NameAddr', () => {
  it.each([
    ['"Bob" <sips:bob@biloxi.com>;tag=a48s', 'Bob', 'sips:bob@biloxi.com', 'a48s'],
    [
      'sip:+12125551212@server.phone2net.com;tag=887s',
      undefined,
      'sip:+12125551212@server.phone2net.com',
      '887s',
    ],
    ['Anonymous <sip:c8oqz84zk7z@privacy.org>;TAG=hyh8', 'Anonymous', 'sip:c8oqz84zk7z@privacy.org', 'hyh8'],
    ['caller<sip:caller@example.com>', 'caller', 'sip:caller@example.com', undefined],
    ['"" <sip:a@b>', undefined, 'sip:a@b', undefined],
    [' "A \\"B\\" \\\\" <sip:a@b> ; tag = x ', 'A "B" \\', 'sip:a@b', 'x'],
    ['张三 <sip:a@b>', '张三', 'sip:a@b', undefined],
    ['<tel:+1-201-555-0123>', undefined, 'tel:+1-201-555-0123', undefined],
    ['"<sip:x>" <sip:a@b>', '<sip:x>', 'sip:a@b', undefined],
  ])('reads %j (§20.10)', (text, displayName, uri, tag) => {
    expect(parse(text)).toMatchObject({ uri });
    expect([parse(text).displayName, parse(text).tag]).toEqual([displayName, tag]);
  });

  it('gives parameters after a bare URI to the header, inside brackets to the URI (§20.10)', () => {
    expect(parse('sip:a@b;lr').params.has('lr')).toBe(true);
    expect(parse('sip:a@b;lr').sipUri?.params.has('lr')).toBe(false);
    expect(parse('<sip:a@b;lr>;q=1').sipUri?.params.has('lr')).toBe(true);
    expect(parse('<sip:a@b;lr>;q=1').params.has('lr')).toBe(false);
  });

  it.each([
    '',
    '*',
    'alice',
    '""',
    '"Bob <sip:b@c>',
    '"Bob" sip:b@c',
    '<sip:a@b',
    '<>',
    '<a>',
    '< sip:a@b >',
    'Bell, Alexander <sip:a@b>',
    'sip:a@b?x=y',
    'sip:a@b,c',
    'sip:a@b>',
    'si\xcd:a@b',
    ':a@b',
    '<sip:a@b>;',
    '<sip:a@b>;;tag=x',
    '<sip:a@b>;tag=x;tag=y',
    '<sip:a@b>;tag=',
    '<sip:a@b> x',
    '<sip:a@b>, <sip:c@d>',
    '%',
  ])('refuses %j', (text) => {
    expect(NameAddr.parse(text)).toBeUndefined();
  });

  it('keeps a URI that it can not read', () => {
    expect([parse('<sip:%@x>').uri, parse('<sip:%@x>').sipUri]).toEqual(['sip:%@x', undefined]);
  });

  it('writes brackets and quotes', () => {
    expect(String(parse('A B <sip:a@b>;x=1'))).toBe('"A B" <sip:a@b>;x=1');
    expect(String(parse('sip:a@b;tag=1'))).toBe('<sip:a@b>;tag=1');
    expect(parse('"A" <sip:a@b>;tag=1').address).toBe('"A" <sip:a@b>');
    expect(String(NameAddr.of({ uri: 'sip:a@b', displayName: 'x"y', tag: '1', params: { q: '0.5' } }))).toBe(
      '"x\\"y" <sip:a@b>;tag=1;q=0.5',
    );
  });

  it('follows a changed tag', () => {
    const address = parse('<sip:a@b>');
    address.params.set('tag', 'new');
    expect([address.tag, String(address)]).toEqual(['new', '<sip:a@b>;tag=new']);
  });

  it.each(['a"b', 'sip:a>b', 'sip:a b', '', 'sip:a\r\nX: y'])('does not build on the URI %j', (uri) => {
    expect(() => NameAddr.of({ uri })).toThrow(TypeError);
  });

  it.each(['"A\\\u0001 B" <sip:a@b>', 'A\u0000 B <sip:a@b>', '"A\\\r B" <sip:a@b>'])(
    'reads %j, whose name no header field can be written with, and writes it with blanks (§25.1)',
    (text) => {
      const address = parse(text);
      expect(address.displayName).toBe('A  B');
      expect(String(address)).toBe('"A  B" <sip:a@b>');
    },
  );

  it('takes a name of control characters for none', () => {
    expect(String(parse('\r\n <tel:+1>'))).toBe('<tel:+1>');
  });

  it('does not build a display name with a line end', () => {
    expect(() => NameAddr.of({ uri: 'sip:a@b', displayName: 'a\r\nRoute: <sip:evil;lr>' })).toThrow(
      TypeError,
    );
  });
});
