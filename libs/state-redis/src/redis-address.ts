/** `host:port` of a Redis URL, for logs and errors: user and password stay out. RangeError when it is no Redis URL. */
export function redisAddress(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw new RangeError('the Redis URL must be redis://host:port or rediss://host:port');
  }
  return `${parsed.hostname}:${parsed.port || '6379'}`;
}
