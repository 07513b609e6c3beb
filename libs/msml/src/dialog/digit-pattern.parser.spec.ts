import fc from 'fast-check';
import type { DigitPattern } from './digit-pattern.parser';
import { matchDigits, matchesAfterPause, parseDigitPattern } from './digit-pattern.parser';

const pattern = (text: string): DigitPattern => {
  const parsed = parseDigitPattern(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

describe('parseDigitPattern (§9.7.5.2, moml+digits)', () => {
  it.each([
    ['5', { kind: 'digits', digits: '5' }],
    ['xxxx#', { kind: 'digits', digits: 'xxxx#' }],
    ['0012', { kind: 'digits', digits: '0012' }],
    ['11#', { kind: 'digits', digits: '11#' }],
    ['aX*', { kind: 'digits', digits: 'Ax*' }],
    ['min=1;max=5;rtk=#', { kind: 'length', min: 1, max: 5, returnKey: '#' }],
    ['min=4;max=10', { kind: 'length', min: 4, max: 10 }],
    ['length=4', { kind: 'length', min: 4, max: 4 }],
    ['rtk=#', { kind: 'length', min: 1, max: Infinity, returnKey: '#' }],
    ['MAX=3; rtk=d; cancel=*', { kind: 'length', min: 1, max: 3, returnKey: 'D', cancelKey: '*' }],
  ])('reads %s', (text, expected) => {
    expect(pattern(text)).toEqual(expected);
  });

  it.each(
    [
      '',
      'hello',
      'min=1',
      'min=5;max=1',
      'max=0',
      'max=1000',
      'rtk=##',
      'max=2;max=3',
      'len=4',
      'max',
      'a=b=c',
    ].concat(['x'.repeat(129), 'max=2;'.repeat(100), 'cancel=*', 'max=x', 'constructor=1']),
  )('refuses %j', (text) => {
    expect(parseDigitPattern(text).ok).toBe(false);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseDigitPattern(text).ok === 'boolean'));
  });
});

describe('matchDigits (§9.7.5)', () => {
  it.each([
    ['min=1;max=5;rtk=#', '12#', 'match'],
    ['min=1;max=5;rtk=#', '12345#', 'match'],
    ['min=1;max=5;rtk=#', '12345', 'partial'],
    ['min=1;max=5;rtk=#', '123456', 'nomatch'],
    ['min=1;max=5;rtk=#', '#', 'nomatch'],
    ['min=1;max=5;rtk=#', '1#2', 'nomatch'],
    ['rtk=#', '1234567890', 'partial'],
    ['rtk=#', '1234567890#', 'match'],
    ['rtk=#;cancel=*', '12*', 'nomatch'],
    ['min=1;max=3', '12', 'partial'],
    ['min=1;max=3', '123', 'match'],
    ['length=2', '123', 'nomatch'],
    ['xxxx#', '1234', 'partial'],
    ['xxxx#', '1234#', 'match'],
    ['xxxx#', '123#', 'nomatch'],
    ['xx', '1*', 'nomatch'],
    ['a1', 'A', 'partial'],
    ['5', '6', 'nomatch'],
    ['5', '55', 'nomatch'],
    ['5', '', 'partial'],
  ] as const)('compares with %s the digits %j: %s', (text, digits, expected) => {
    expect(matchDigits(pattern(text), [...digits])).toBe(expected);
  });
});

describe('matchesAfterPause (§9.7.5)', () => {
  it.each([
    ['min=2;max=5', '1', false],
    ['min=2;max=5', '12', true],
    ['min=2;max=5;rtk=#', '12', false],
    ['xx', '1', false],
  ] as const)('decides for %s after %j: %s', (text, digits, expected) => {
    expect(matchesAfterPause(pattern(text), [...digits])).toBe(expected);
  });
});

describe('digit maps (RFC 3435 §2.1.5, RFC 3525 §7.1.14)', () => {
  const map = (text: string, format: 'mgcp' | 'megaco'): DigitPattern => {
    const parsed = parseDigitPattern(text, format);
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  };
  const PLAN = '(0T|00T|[1-7]xxx|8xxxxxxx|#xxxxxxx|*xx|91xxxxxxxxxx|9011x.T)';
  const MEGACO_PLAN = 'T:16,S:8,(0S|00S|[1-7]xlxx|8lxxxxxxx|Fxxxxxxx|Exx|9l1xxxxxxxxxx|9l011x.s)';

  it.each([
    ['mgcp', PLAN, '0', 'partial'],
    ['mgcp', PLAN, '234', 'partial'],
    ['mgcp', PLAN, '2345', 'match'],
    ['mgcp', PLAN, '23456', 'nomatch'],
    ['mgcp', PLAN, '*12', 'match'],
    ['mgcp', PLAN, '9011', 'partial'],
    ['mgcp', PLAN, '90114930', 'partial'],
    ['mgcp', PLAN, '92', 'nomatch'],
    ['mgcp', '(12|123)', '12', 'match'],
    ['mgcp', 'xx.', '1', 'match'],
    ['mgcp', '[*#A-C5]', 'b', 'match'],
    ['mgcp', '[*#A-C5]', 'D', 'nomatch'],
    ['megaco', MEGACO_PLAN, '0', 'partial'],
    ['megaco', MEGACO_PLAN, '2345', 'match'],
    ['megaco', MEGACO_PLAN, '*12', 'match'],
    ['megaco', MEGACO_PLAN, '#1234567', 'match'],
    ['megaco', MEGACO_PLAN, '90114930', 'partial'],
    ['megaco', '(12|123)', '12', 'partial'],
    ['megaco', '(12|123)', '123', 'match'],
  ] as const)('compares in %s with %s the digits %j: %s', (format, text, digits, expected) => {
    expect(matchDigits(map(text, format), [...digits.toUpperCase()])).toBe(expected);
  });

  it('takes a long key only where Z is, and a short one only where it is not', () => {
    const held = map('Z5x', 'megaco');
    expect(matchDigits(held, ['5L', '1'])).toBe('match');
    expect(matchDigits(held, ['5', '1'])).toBe('nomatch');
    expect(matchDigits(map('5x', 'megaco'), ['5L'])).toBe('nomatch');
  });

  it.each([
    ['mgcp', PLAN, '0', true],
    ['mgcp', PLAN, '9011493', true],
    ['mgcp', PLAN, '901', false],
    ['megaco', MEGACO_PLAN, '00', true],
    ['megaco', '(12|123)', '12', true],
    ['megaco', '(12|123)', '1', false],
  ] as const)('decides in %s for %s after a pause behind %j: %s', (format, text, digits, expected) => {
    expect(matchesAfterPause(map(text, format), [...digits])).toBe(expected);
  });

  it.each([
    ['mgcp', ''],
    ['mgcp', '()'],
    ['mgcp', '.1'],
    ['mgcp', '1..'],
    ['mgcp', 'T1'],
    ['mgcp', '[1-'],
    ['mgcp', '[3-1]'],
    ['mgcp', '[]'],
    ['mgcp', '1E'],
    ['megaco', 'T:16,Q:2,(1)'],
    ['megaco', '1(2)'],
    ['megaco', Array.from({ length: 65 }, () => '1').join('|')],
    ['mgcp', 'x'.repeat(257)],
  ] as const)('refuses in %s %j', (format, text) => {
    expect(parseDigitPattern(text, format).ok).toBe(false);
  });

  it('never throws', () => {
    const text = fc.stringMatching(/^[0-9xXTZSLEF.|()[\]*#A-D:,-]{0,40}$/);
    fc.assert(
      fc.property(text, fc.array(fc.constantFrom('1', '5L', '#')), (each, keyed) => {
        for (const format of ['mgcp', 'megaco'] as const) {
          const parsed = parseDigitPattern(each, format);
          if (parsed.ok) matchDigits(parsed.value, keyed);
        }
      }),
    );
  });
});
