import { redisAddress } from './redis-address';

describe('the address of a Redis URL', () => {
  it.each([
    ['redis://10.0.0.1', '10.0.0.1:6379'],
    ['redis://redis.example.com:7000/3', 'redis.example.com:7000'],
    ['rediss://user:canary@host:6380', 'host:6380'],
    ['redis://:canary@[::1]:6379', '[::1]:6379'],
  ])('is host and port of %s and nothing else', (url, address) => {
    expect(redisAddress(url)).toBe(address);
  });

  it.each(['', 'localhost:6379', 'http://host', 'redis://', 'redis:///3', 'unix:/run/redis.sock'])(
    'does not exist for %j',
    (url) => {
      expect(() => redisAddress(url)).toThrow(RangeError);
    },
  );

  it('is not told by the error for a URL with a password in it', () => {
    expect(() => redisAddress('redos://:canary@host')).toThrow(/^(?!.*canary)/);
  });
});
