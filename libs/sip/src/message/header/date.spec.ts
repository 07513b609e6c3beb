import { decodeDate, encodeDate } from './date';

describe('Date (§20.17)', () => {
  it('is an RFC 1123 date in GMT', () => {
    const time = Date.UTC(2018, 7, 28, 10, 14, 19);
    expect(decodeDate('Tue, 28 Aug 2018 10:14:19 GMT')).toBe(time);
    expect(encodeDate(time)).toBe('Tue, 28 Aug 2018 10:14:19 GMT');
    expect(decodeDate('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2017, 0, 1));
  });

  it.each([
    '',
    'Fri, 01 Jan 2010 16:00:00 EST',
    'Tue, 28 Aug 2018 24:14:19 GMT',
    'Mon, 28 Aug 2018 10:14:19 GMT',
    'Tue, 28 Foo 2018 10:14:19 GMT',
    'Xxx, 28 Aug 2018 10:14:19 GMT',
    'Fri, 30 Feb 2018 10:14:19 GMT',
    'Tue, 28 Aug 20x8 10:14:19 GMT',
    'Tue, 28 Aug 2018 10:60:19 GMT',
    '2018-08-28T10:14:19Z',
  ])('refuses %j (RFC 4475 §3.1.2.12)', (text) => {
    expect(decodeDate(text)).toBeUndefined();
  });
});
