import { FakeClock, RecordingTransactionUser, RecordingTransport, buildRequest } from '@legato/testing';
import { SourceRateLimit } from './source-rate-limit';
import { TransactionLayer } from './transaction-layer';

describe('the rate limit of a source', () => {
  const taken = (limit: SourceRateLimit, times: number, source = 'a'): string =>
    Array.from({ length: times }, () => limit.take(source)[0]).join('');

  it('lets a burst pass, refuses as many more, then drops', () => {
    const limit = new SourceRateLimit({ clock: new FakeClock(), perSecond: 1, burst: 3 });
    expect(taken(limit, 8)).toBe('aaarrrdd');
  });

  it('fills up with time, and never beyond the burst', () => {
    const clock = new FakeClock();
    const limit = new SourceRateLimit({ clock, perSecond: 2, burst: 3 });
    taken(limit, 8);
    clock.advance(1_000);
    expect(taken(limit, 5)).toBe('aarrd');
    clock.advance(3_600_000);
    expect(taken(limit, 4)).toBe('aaar');
  });

  it('keeps sources apart, and leaves trusted ones alone', () => {
    const limit = new SourceRateLimit({ clock: new FakeClock(), perSecond: 1, burst: 1, trusted: ['edge'] });
    expect(taken(limit, 2, 'a')).toBe('ar');
    expect(taken(limit, 2, 'b')).toBe('ar');
    expect(taken(limit, 9, 'edge')).toBe('aaaaaaaaa');
  });

  it('remembers only so many sources', () => {
    const limit = new SourceRateLimit({ clock: new FakeClock(), perSecond: 1, burst: 1, maxSources: 2 });
    expect(taken(limit, 1, 'a') + taken(limit, 1, 'b') + taken(limit, 1, 'c')).toBe('aaa');
    expect(taken(limit, 1, 'c')).toBe('r');
    expect(taken(limit, 1, 'a')).toBe('a');
  });

  it('in the layer: 503 for what exceeds it, silence beyond, and in-dialog requests untouched (§26.3.1)', () => {
    const clock = new FakeClock();
    const transport = new RecordingTransport({ clock });
    const { admit } = new SourceRateLimit({ clock, perSecond: 1, burst: 2 });
    const layer = new TransactionLayer({ clock, transports: [transport], admit });
    const user = new RecordingTransactionUser();
    layer.user = user;
    void layer.start();
    for (let i = 0; i < 10; i++) transport.inject(buildRequest());
    transport.inject(buildRequest({ method: 'BYE', toTag: 'dialog' }));
    expect(user.requests.map((each) => each.request.method)).toEqual(['INVITE', 'INVITE', 'BYE']);
    expect(transport.sent.map(({ message }) => message.kind === 'response' && message.status)).toEqual([
      503, 503,
    ]);
    expect(layer.counters().refused).toBe(8);
  });
});
