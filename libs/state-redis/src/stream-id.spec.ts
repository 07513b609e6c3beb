import { isAfter, streamId } from './stream-id';

describe('a cursor of the event log', () => {
  it('is the id of a stream entry', () => {
    expect(streamId('1700000000000-12')).toBe('1700000000000-12');
  });

  it.each(['', '$', '+', '(1-0', '1', '1-', '-1', '1-2-3', '1-0\n', ' 1-0', '١-٠', '9'.repeat(30) + '-0'])(
    'that is none of ours (%j) is the oldest',
    (cursor) => {
      expect(streamId(cursor)).toBe('0-0');
    },
  );

  it('is ordered by its numbers, not by its letters', () => {
    expect(isAfter('10-0', '9-0')).toBe(true);
    expect(isAfter('9-0', '10-0')).toBe(false);
    expect(isAfter('5-10', '5-9')).toBe(true);
    expect(isAfter('5-9', '5-10')).toBe(false);
    expect(isAfter('5-9', '5-9')).toBe(false);
  });
});
