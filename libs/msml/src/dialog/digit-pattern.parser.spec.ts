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
    expect(matchDigits(pattern(text), digits)).toBe(expected);
  });
});

describe('matchesAfterPause (§9.7.5)', () => {
  it.each([
    ['min=2;max=5', '1', false],
    ['min=2;max=5', '12', true],
    ['min=2;max=5;rtk=#', '12', false],
    ['xx', '1', false],
  ] as const)('decides for %s after %j: %s', (text, digits, expected) => {
    expect(matchesAfterPause(pattern(text), digits)).toBe(expected);
  });
});
