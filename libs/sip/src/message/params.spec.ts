import { findParam, MAX_PARAMS, Params } from './params';

describe('Params', () => {
  it('looks names up in any case and keeps them as they came (§7.3.1)', () => {
    const params = Params.parse(';Tag=a;LR;q=0.5');
    expect([params?.get('tag'), params?.has('lr'), params?.get('lr'), params?.get('Q')]).toEqual([
      'a',
      true,
      undefined,
      '0.5',
    ]);
    expect(String(params)).toBe(';Tag=a;LR;q=0.5');
  });

  it('allows blanks around semicolon and equals sign (RFC 4475 §3.1.1.1)', () => {
    expect(String(Params.parse(' ;  tag\t = x ; lr'))).toBe(';tag=x;lr');
  });

  it('unquotes what it reads and quotes what it must', () => {
    const params = Params.parse(';methods="INVITE, \\"BYE\\""');
    expect(params?.get('methods')).toBe('INVITE, "BYE"');
    expect(String(params)).toBe(';methods="INVITE, \\"BYE\\""');
    expect(String(new Params().set('text', 'a "b" c').set('id', 'x=').set('none', '').set('flag'))).toBe(
      ';text="a \\"b\\" c";id="x=";none="";flag',
    );
  });

  it('sets in place, deletes, and lists in order', () => {
    const params = Params.parse(';a=1;b=2;c');
    params?.set('B', '3').delete('A');
    expect(String(params)).toBe(';b=3;c');
    expect([...(params?.entries() ?? [])]).toEqual([
      ['b', '3'],
      ['c', undefined],
    ]);
    expect([params?.delete('z'), params?.size]).toEqual([false, 2]);
  });

  it.each([';', ';;a', ';a;', ';=x', ';a="x', ';a=b c', 'a=b', ';a=<x>', ';a="x"y'])('refuses %j', (text) => {
    expect(Params.parse(text)).toBeUndefined();
  });

  it('refuses to write what would not survive the wire', () => {
    expect(() => new Params().set('a', 'x\r\ny')).toThrow(TypeError);
    expect(() => new Params().set('a b', 'x')).toThrow(TypeError);
    expect(() => new Params().set('', 'x')).toThrow(TypeError);
  });

  it('takes a bounded number', () => {
    expect(Params.parse(';a'.repeat(MAX_PARAMS))?.size).toBe(MAX_PARAMS);
    expect(Params.parse(';a'.repeat(MAX_PARAMS + 1))).toBeUndefined();
    expect(findParam(';a'.repeat(MAX_PARAMS + 1), 0, 'x').end).toBe(-1);
  });

  it('finds one parameter without keeping the others', () => {
    expect({ ...findParam('<x>;a=1;TAG=t;b', 3, 'tag') }).toEqual({ end: 15, value: 't' });
    expect(findParam(';tag=a;tag=b', 0, 'tag').end).toBe(-1);
    expect(findParam(';tag', 0, 'tag').end).toBe(-1);
    expect(findParam(';tag=', 0, 'tag').end).toBe(-1);
    expect({ ...findParam(';a, next', 0, 'tag') }).toEqual({ end: 2, value: undefined });
  });
});
