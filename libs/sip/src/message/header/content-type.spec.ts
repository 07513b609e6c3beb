import { decodeContentType, decodeMediaType, encodeContentType } from './content-type';

describe('Content-Type (§20.15)', () => {
  it('is read with blanks around the slash, in lower case, with parameters', () => {
    const value = decodeContentType('Application / MSML+xml ;charset="UTF-8"');
    expect([value?.mediaType, value?.params.get('CHARSET')]).toEqual(['application/msml+xml', 'UTF-8']);
    expect(value && encodeContentType(value)).toBe('application/msml+xml;charset="UTF-8"');
  });

  it.each(['', 'text', 'text/', '/plain', 'text plain', 'text/plain;', 'text/plain x'])(
    'refuses %j',
    (text) => {
      expect(decodeContentType(text)).toBeUndefined();
    },
  );

  it('has a media type even when its parameters are malformed', () => {
    expect(decodeMediaType('text/plain;;')).toBe('text/plain');
  });
});
