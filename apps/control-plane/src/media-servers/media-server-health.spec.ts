import { silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { MediaServerHealth } from './media-server-health';

const URIS = ['sip:127.0.0.1:5080', 'sip:127.0.0.1:5081'];

function watch(up: Record<string, boolean>) {
  const clock = new FakeClock();
  const told: string[] = [];
  const asked: string[] = [];
  const health = new MediaServerHealth({
    uris: URIS,
    clock,
    log: silentLog,
    probe: (uri) => {
      asked.push(uri);
      return Promise.resolve(up[uri] ?? false);
    },
    pool: {
      reportFailure: (uri) => told.push(`failure ${uri}`),
      reportSuccess: (uri) => told.push(`success ${uri}`),
    },
    onChange: (uri, state) => told.push(`${state} ${uri}`),
  });
  const settle = () => new Promise(setImmediate);
  return { clock, health, told, asked, settle };
}

describe('the health of media servers', () => {
  it('is unknown until the first answer', async () => {
    const { health, settle } = watch({ [URIS[0]!]: true });
    expect([health.anyUp, health.counts()]).toEqual([false, { unknown: 2, up: 0, down: 0 }]);
    health.start();
    await settle();
    expect([health.anyUp, health.counts()]).toEqual([true, { unknown: 0, up: 1, down: 1 }]);
    health.stop();
  });

  it('tells of changes once, and the pool of every answer', async () => {
    const up = { [URIS[0]!]: true };
    const { clock, health, told, settle } = watch(up);
    health.start();
    await settle();
    clock.advance(2_000);
    await settle();
    up[URIS[1]!] = true;
    clock.advance(2_000);
    await settle();
    expect(told).toEqual([
      `success ${URIS[0]}`,
      `up ${URIS[0]}`,
      `failure ${URIS[1]}`,
      `down ${URIS[1]}`,
      `failure ${URIS[1]}`,
      `success ${URIS[1]}`,
      `up ${URIS[1]}`,
    ]);
    health.stop();
  });

  it('asks one that works every 15 s and one that does not every 2 s', async () => {
    const { clock, health, asked, settle } = watch({ [URIS[0]!]: true });
    health.start();
    for (let second = 0; second < 15; second += 1) {
      await settle();
      clock.advance(1_000);
    }
    await settle();
    expect(asked.filter((uri) => uri === URIS[0])).toHaveLength(2);
    expect(asked.filter((uri) => uri === URIS[1])).toHaveLength(8);
    health.stop();
  });

  it('leaves no timer and tells nothing after it was stopped', async () => {
    const { clock, health, told, settle } = watch({});
    health.start();
    health.stop();
    await settle();
    expect([told, clock.armed]).toEqual([[], 0]);
  });
});
