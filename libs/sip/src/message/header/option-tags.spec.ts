import { Headers } from '../headers';
import { decodeOptionTags, encodeOptionTags, unsupportedTags } from './option-tags';

describe('option tags (§19.2, §8.2.2.3)', () => {
  it('are a list over several fields', () => {
    const headers = new Headers([
      ['k', '100rel, Timer'],
      ['Supported', 'replaces'],
      ['Require', ''],
    ]);
    expect(decodeOptionTags(headers, 'Supported')).toEqual(['100rel', 'timer', 'replaces']);
    expect([decodeOptionTags(headers, 'Require'), decodeOptionTags(headers, 'Unsupported')]).toEqual([
      [],
      [],
    ]);
  });

  it('name in a 420 what is not supported', () => {
    expect(unsupportedTags(['nothingSupportsThis', '100REL'], ['100rel'])).toEqual(['nothingSupportsThis']);
    expect(encodeOptionTags(['a', 'b'])).toBe('a, b');
  });
});
