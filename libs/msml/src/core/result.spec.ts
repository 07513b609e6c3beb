import { decodeMsml, encodeMsml } from './msml';
import type { MsmlResult } from './result';

const resultOf = (text: string): MsmlResult | undefined => {
  const decoded = decodeMsml(Buffer.from(`<msml version="1.1">${text}</msml>`));
  return decoded.ok && decoded.value.kind === 'result' ? decoded.value.result : undefined;
};

describe('result (§7.3)', () => {
  it.each([
    ['inside', '<result response="200"><confid>conf:a</confid><dialogid>conf:a/dialog:b</dialogid></result>'],
    ['after', '<result response="200"/><confid>conf:a</confid><dialogid>conf:a/dialog:b</dialogid>'],
    [
      'on both sides',
      '<result response="200"><confid> conf:a </confid></result><dialogid>conf:a/dialog:b</dialogid>',
    ],
  ])('has its identifiers %s (erratum 4961)', (_where, text) => {
    expect(resultOf(text)).toEqual({ response: '200', confIds: ['conf:a'], dialogIds: ['conf:a/dialog:b'] });
  });

  it('has a mark and a description', () => {
    expect(resultOf('<result response="430" mark="m2"><description>no such</description></result>')).toEqual({
      response: '430',
      mark: 'm2',
      description: 'no such',
      confIds: [],
      dialogIds: [],
    });
  });

  it.each([
    '<result/>',
    '<result response="2000"/>',
    '<result response="ok"/>',
    '<result response="200"/><result response="200"/>',
  ])('is refused as %s', (text) => {
    expect(resultOf(text)).toBeUndefined();
  });

  it('is written with identifiers where the dialect has them', () => {
    const result: MsmlResult = { response: '200', confIds: ['conf:a'], dialogIds: ['conf:a/dialog:b'] };
    expect(encodeMsml({ kind: 'result', result }).toString()).toContain(
      '<result response="200"><confid>conf:a</confid><dialogid>conf:a/dialog:b</dialogid></result>',
    );
    const xms = encodeMsml({ kind: 'result', result }, 'xms');
    expect(xms.toString()).toContain(
      '<result response="200"/><confid>conf:a</confid><dialogid>conf:a/dialog:b</dialogid></msml>',
    );
    expect(decodeMsml(xms)).toEqual({ ok: true, value: { kind: 'result', result } });
  });
});
