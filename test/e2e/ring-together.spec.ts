import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sineWave, writeWav } from '@legato/media';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { Baresip } from './support/baresip';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';

const USER = '1014';

/** Two softphones of one user, both with the same q, and SIPp that calls the user. */
describe('two phones of one user', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-ring-'));
  let control: ControlPlane;
  let rest: Rest;
  let desk: Baresip;
  let mobile: Baresip;

  beforeAll(async () => {
    control = await startControlPlane({ LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9' });
    rest = new Rest(control.http);
    const spoken = join(folder, 'spoken.wav');
    writeFileSync(spoken, writeWav({ sampleRate: 8000, channels: 1 }, sineWave(1000, 300_000)));
    const phone = (name: string) =>
      Baresip.start({
        folder: join(folder, name),
        user: USER,
        speaks: spoken,
        answers: 'manual',
        registers: { at: control.sip, intervalS: 60 },
      });
    [desk, mobile] = [await phone('desk'), await phone('mobile')];
    await eventually('both are registered', async () => {
      const found = await rest
        .get<{ bindings: unknown[] }>(`/v1/registrations/sip:${USER}@127.0.0.1`)
        .catch(() => undefined);
      return found?.bindings.length === 2;
    });
  }, 60_000);

  afterEach(() => {
    desk.events.length = 0;
    mobile.events.length = 0;
  });

  afterAll(async () => {
    await desk?.stop();
    await mobile?.stop();
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it.each([
    ['desk', 'mobile'],
    ['mobile', 'desk'],
  ])(
    'ring at once; the %s answers, the %s stops ringing (RFC 3261 §16.6, §16.7)',
    async (name) => {
      const [winner, loser] = name === 'desk' ? [desk, mobile] : [mobile, desk];
      const common = { cwd: folder, service: USER, extra: ['-d', '500'], timeoutS: 40 };
      const caller = await sipp({
        scenario: 'bench-caller-calls-then-hangs-up',
        remote: control.sip,
        ...common,
      });
      await Promise.all([winner.event('CALL_INCOMING'), loser.event('CALL_INCOMING')]);
      expect(await winner.command('accept')).toBe(true);
      await winner.event('CALL_ESTABLISHED');
      await loser.event('CALL_CLOSED');
      expect(loser.events.map(({ type }) => type)).not.toContain('CALL_ESTABLISHED');
      expect(await caller.child.exitWithin(40_000)).toBe(0);
      await winner.event('CALL_CLOSED');
      await eventually('no live call', async () => (await rest.metric('legato_calls')) === 0);
    },
    60_000,
  );
});
