import { Headers } from '../headers';
import { accepts, decodeAccept, encodeAccept } from './accept';

const ranges = (value: string) => decodeAccept(new Headers([['Accept', value]]));

describe('Accept (§20.1)', () => {
  it('is application/sdp when absent, and nothing when empty', () => {
    expect(accepts(decodeAccept(new Headers()), 'application/sdp')).toBe(true);
    expect(accepts(ranges(''), 'application/sdp')).toBe(false);
  });

  it('prefers the closest range', () => {
    const read = ranges('application/sdp;level=1;q=0, application/*;q=0.5, text/html, broken');
    expect(read).toHaveLength(3);
    expect(
      ['application/sdp', 'application/msml+xml', 'text/html', 'text/plain'].map((type) =>
        accepts(read, type),
      ),
    ).toEqual([false, true, true, false]);
    expect(accepts(ranges('*/*'), 'a/b')).toBe(true);
    expect(encodeAccept(['a/b', 'c/d'])).toBe('a/b, c/d');
  });
});
