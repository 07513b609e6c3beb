import { decodeWarning, encodeWarning } from './warning';

describe('Warning (§20.43)', () => {
  it('reads code, agent and text', () => {
    const value = decodeWarning('307 isi.edu "Session parameter \\"foo\\" not understood"');
    expect(value).toEqual({ code: 307, agent: 'isi.edu', text: 'Session parameter "foo" not understood' });
    expect(value && decodeWarning(encodeWarning(value))).toEqual(value);
  });

  it.each([
    '',
    '307',
    '307 a',
    '307 a text',
    '1812 a "x"',
    '299 a "x"',
    '0307 a "x"',
    '307 a "x',
    '307 a "x" y',
  ])('refuses %j (RFC 4475 §3.1.2.5)', (text) => {
    expect(decodeWarning(text)).toBeUndefined();
  });

  it('refuses to write a line end', () => {
    expect(() => encodeWarning({ code: 399, agent: 'a', text: 'x\r\ny' })).toThrow(TypeError);
  });
});
