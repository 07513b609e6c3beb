import { decodeContentDisposition, encodeContentDisposition } from './content-disposition';

describe('Content-Disposition (§20.11)', () => {
  it('is required unless it says otherwise', () => {
    expect(decodeContentDisposition('Session')).toEqual({ type: 'session', handling: 'required' });
    expect(decodeContentDisposition('render;Handling=OPTIONAL')).toEqual({
      type: 'render',
      handling: 'optional',
    });
    expect(decodeContentDisposition(';handling=optional')).toBeUndefined();
    expect(encodeContentDisposition({ type: 'session', handling: 'required' })).toBe('session');
    expect(encodeContentDisposition({ type: 'icon', handling: 'optional' })).toBe('icon;handling=optional');
  });
});
