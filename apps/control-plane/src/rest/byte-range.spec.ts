import { readRange } from './byte-range';

describe('a Range header', () => {
  it.each([
    ['bytes=0-9', 100, { first: 0, last: 9 }],
    ['bytes=90-', 100, { first: 90, last: 99 }],
    ['bytes=90-500', 100, { first: 90, last: 99 }],
    ['bytes=-10', 100, { first: 90, last: 99 }],
    ['bytes=-500', 100, { first: 0, last: 99 }],
    ['bytes=99-99', 100, { first: 99, last: 99 }],
  ])('%s of %d bytes', (header, size, range) => {
    expect(readRange(header, size)).toEqual(range);
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])(
    '%s lies beyond the end (RFC 9110 §15.5.17)',
    (header) => {
      expect(readRange(header, 100)).toBe('unsatisfiable');
    },
  );

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=9-1',
    'bytes=0-1,5-6',
    'lines=0-1',
    'bytes=a-b',
    'bytes=0-1e3',
  ])('%s is no range that we read: the whole file (RFC 9110 §14.2)', (header) => {
    expect(readRange(header, 100)).toBe('whole');
  });
});
