import { Headers } from '../headers';
import { decodeReason, encodeReason, reasonOf } from './reason';

describe('Reason (RFC 3326 §2)', () => {
  it.each([
    ['Q.850;cause=16;text="Terminated"', { protocol: 'Q.850', cause: 16, text: 'Terminated' }],
    ['SIP ;cause=600 ;text="Busy, everywhere"', { protocol: 'SIP', cause: 600, text: 'Busy, everywhere' }],
    ['X', { protocol: 'X' }],
  ])('reads %s', (text, value) => {
    expect(decodeReason(text)).toEqual(value);
  });

  it.each(['', ';cause=1', 'SIP;', '"SIP"'])('refuses %j', (text) => {
    expect(decodeReason(text)).toBeUndefined();
  });

  it('finds the value of a protocol', () => {
    const headers = new Headers([
      ['Reason', 'SIP;cause=487;text="a, b", q.850;cause=31'],
      ['Reason', 'broken;'],
    ]);
    expect(reasonOf(headers, 'Q.850')).toEqual({ protocol: 'q.850', cause: 31 });
    expect(reasonOf(headers, 'Preemption')).toBeUndefined();
  });

  it('writes its text quoted and refuses a line end', () => {
    expect(encodeReason({ protocol: 'SIP', cause: 200, text: 'Call "done"' })).toBe(
      'SIP;cause=200;text="Call \\"done\\""',
    );
    expect(() => encodeReason({ protocol: 'SIP', text: 'a\r\nb' })).toThrow(TypeError);
  });
});
