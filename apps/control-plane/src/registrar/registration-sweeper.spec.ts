import { silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { RegistrationSweeper } from './registration-sweeper';

describe('the sweeper of registrations', () => {
  const settle = () => new Promise(setImmediate);

  it('looks every second, at once again while there is more, and after a failure', async () => {
    const clock = new FakeClock();
    const found = [100, 3, 0];
    const expire = jest.fn(() => Promise.resolve(found.shift() ?? 0));
    const count = () => Promise.resolve(7);
    const sweeper = new RegistrationSweeper({ registrar: { expire, count }, clock, log: silentLog });
    sweeper.start();
    clock.advance(1000);
    await settle();
    clock.advance(0);
    await settle();
    expect(expire).toHaveBeenCalledTimes(2);
    expect(sweeper.registered).toBe(7);
    expire.mockRejectedValueOnce(new Error('the store is away'));
    clock.advance(1000);
    await settle();
    clock.advance(1000);
    await settle();
    expect(expire).toHaveBeenCalledTimes(4);
    sweeper.stop();
    await settle();
    expect(clock.armed).toBe(0);
  });

  it('arms nothing after it was stopped in the middle', async () => {
    const clock = new FakeClock();
    const sweeper = new RegistrationSweeper({
      registrar: { expire: () => Promise.resolve(0), count: () => Promise.resolve(0) },
      clock,
      log: silentLog,
    });
    sweeper.start();
    clock.advance(1000);
    sweeper.stop();
    await settle();
    expect(clock.armed).toBe(0);
  });
});
