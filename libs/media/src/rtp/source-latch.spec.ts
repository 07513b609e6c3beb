import { SourceLatch } from './source-latch';

describe('source latch (RFC 4961)', () => {
  it('sends to the signalled address until a packet tells better', () => {
    const latch = new SourceLatch('same-address');
    expect(latch.port).toBe(0);
    latch.signal('192.0.2.1', 4000);
    expect([latch.host, latch.port]).toEqual(['192.0.2.1', 4000]);
    expect(latch.accept('192.0.2.1', 4444)).toBe('latched');
    expect([latch.host, latch.port]).toEqual(['192.0.2.1', 4444]);
  });

  it('latches once: another port of the same address is foreign from then on', () => {
    const latch = new SourceLatch('same-address');
    latch.signal('192.0.2.1', 4000);
    expect(latch.accept('192.0.2.1', 4000)).toBe('latched');
    expect(latch.accept('192.0.2.1', 4000)).toBe('known');
    expect(latch.accept('192.0.2.1', 4002)).toBe('foreign');
  });

  it('hears no other address, before and after latching', () => {
    const latch = new SourceLatch('same-address');
    latch.signal('192.0.2.1', 4000);
    expect(latch.accept('198.51.100.9', 4000)).toBe('foreign');
    latch.accept('192.0.2.1', 4000);
    expect(latch.accept('198.51.100.9', 4000)).toBe('foreign');
  });

  it('hears nobody before an address was signalled, or when its port is 0', () => {
    const latch = new SourceLatch('any');
    expect(latch.accept('192.0.2.1', 4000)).toBe('foreign');
    latch.signal('192.0.2.1', 0);
    expect(latch.accept('192.0.2.1', 4000)).toBe('foreign');
  });

  it('believes the first source, whoever it is, when told to, and only that one', () => {
    const latch = new SourceLatch('any');
    latch.signal('10.0.0.7', 4000);
    expect(latch.accept('198.51.100.9', 61000)).toBe('latched');
    expect(latch.accept('10.0.0.7', 4000)).toBe('foreign');
    expect(latch.host).toBe('198.51.100.9');
  });

  it('keeps the latch when the same address is signalled again, and gives it up for another', () => {
    const latch = new SourceLatch('same-address');
    latch.signal('192.0.2.1', 4000);
    latch.accept('192.0.2.1', 4444);
    latch.signal('192.0.2.1', 4000);
    expect(latch.port).toBe(4444);
    latch.signal('192.0.2.1', 5000);
    expect(latch.port).toBe(5000);
    expect(latch.accept('192.0.2.1', 5001)).toBe('latched');
  });

  describe('when another peer of the same host is signalled', () => {
    const moved = (): SourceLatch => {
      const latch = new SourceLatch('same-address');
      latch.signal('192.0.2.1', 4000);
      latch.accept('192.0.2.1', 4000);
      latch.signal('192.0.2.1', 5000);
      return latch;
    };

    it('does not hold on to the former one, whose last packets are still on their way', () => {
      const latch = moved();
      expect(latch.accept('192.0.2.1', 4000)).toBe('foreign');
      expect(latch.port).toBe(5000);
      expect(latch.accept('192.0.2.1', 5000)).toBe('latched');
      expect(latch.accept('192.0.2.1', 4000)).toBe('foreign');
    });

    it('believes a source after a while that goes on as before: its NAT has not moved', () => {
      const latch = moved();
      const verdicts = Array.from({ length: 51 }, () => latch.accept('192.0.2.1', 4000));
      expect(verdicts.filter((verdict) => verdict === 'foreign')).toHaveLength(50);
      expect(verdicts.at(-1)).toBe('latched');
    });

    it('believes it at once when it is signalled again', () => {
      const latch = moved();
      latch.signal('192.0.2.1', 4000);
      expect(latch.accept('192.0.2.1', 4000)).toBe('latched');
    });
  });

  it('lets go of an address that says nothing, until a packet comes from it', () => {
    const latch = new SourceLatch('same-address', 1_000);
    latch.signal('192.0.2.1', 4000);
    latch.noteSent(980);
    expect(latch.reachable).toBe(true);
    latch.noteSent(20);
    expect(latch.reachable).toBe(false);
    expect(latch.accept('192.0.2.1', 4000)).toBe('latched');
    expect(latch.reachable).toBe(true);
    latch.noteSent(5_000);
    expect(latch.reachable).toBe(true);
  });

  it('goes on with one that reports and does not speak, and gives each new address its time', () => {
    const latch = new SourceLatch('same-address', 1_000);
    latch.signal('192.0.2.1', 4000);
    latch.noteSent(1_000);
    latch.noteReport();
    latch.noteSent(5_000);
    expect(latch.reachable).toBe(true);
    latch.signal('192.0.2.2', 4000);
    expect(latch.reachable).toBe(true);
    latch.noteSent(1_000);
    expect(latch.reachable).toBe(false);
  });
});
