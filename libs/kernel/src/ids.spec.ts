import { randomIds } from './ids';

describe('random identifiers', () => {
  it('are lower-case hexadecimal of the length that was asked for, longer than the pool too', () => {
    for (const bytes of [1, 4, 12, 16, 4095, 4096, 10_000]) {
      expect(randomIds.token(bytes)).toMatch(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
    }
  });

  it('do not repeat, across refills of the pool', () => {
    const tokens = Array.from({ length: 20_000 }, () => randomIds.token(12));
    expect(new Set(tokens).size).toBe(20_000);
  });

  it('use every bit', () => {
    const seen = Array.from({ length: 96 }, () => new Set<number>());
    for (let i = 0; i < 200; i++) {
      const token = BigInt(`0x${randomIds.token(12)}`);
      seen.forEach((values, bit) => values.add(Number((token >> BigInt(bit)) & 1n)));
    }
    expect(seen.every((values) => values.size === 2)).toBe(true);
  });
});

describe('a UUID of version 7', () => {
  it('has the version, the variant and the layout of RFC 9562 §5.7', () => {
    for (let i = 0; i < 1000; i++) {
      expect(randomIds.uuidv7()).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  it('begins with the time in milliseconds, so that its order is that of creation', () => {
    const before = Date.now();
    const id = randomIds.uuidv7();
    const after = Date.now();
    const time = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(after);
  });

  it('does not repeat within a millisecond', () => {
    expect(new Set(Array.from({ length: 20_000 }, () => randomIds.uuidv7())).size).toBe(20_000);
  });

  it('has all four variants', () => {
    const variants = new Set(Array.from({ length: 500 }, () => randomIds.uuidv7().charAt(19)));
    expect([...variants].sort()).toEqual(['8', '9', 'a', 'b']);
  });
});
