import { FakeClock } from '@legato/testing';
import { readiness } from './readiness';

const up = { mediaServer: () => true, sip: () => true };

describe('readiness', () => {
  it('does not wait for a store that does not answer', async () => {
    const clock = new FakeClock();
    const answer = readiness({ ...up, store: () => new Promise(() => undefined) }, clock);
    clock.advance(800);
    expect((await answer).checks.store).toBe('down');
  });

  it('takes a store that fails as down, and leaves no timer', async () => {
    const clock = new FakeClock();
    const answer = await readiness({ ...up, store: () => Promise.reject(new Error('away')) }, clock);
    expect([answer.status, clock.armed]).toEqual(['not_ready', 0]);
  });
});
