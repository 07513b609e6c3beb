import type { RecordingView } from '@legato/b2bua';
import { silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCallControl, recordingId, recordingView } from '../../test/fake-call-control';
import { RecordingArchiver } from './recording-archiver';
import type { RecordingArchive } from './recording-archive';
import { RecordingFiles } from './recording-files';
import { RetentionSweeper } from './retention-sweeper';

const id = recordingId(1);
const DAY_MS = 24 * 3_600_000;

/** The disk takes its time. */
const DEADLINE_MS = 10_000;

/** Lets file operations that nobody waits for come to their end. */
async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (performance.now() < end && !condition()) await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the files of finished recordings', () => {
  let folder: string;
  let clock: FakeClock;
  let calls: FakeCallControl;
  const wav = () => join(folder, `${id}.wav`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'legato-archive-'));
    clock = new FakeClock();
    calls = new FakeCallControl();
    writeFileSync(wav(), 'RIFF');
    writeFileSync(`${wav()}.json`, '{}');
    writeFileSync(join(folder, 'somebody-elses.wav'), 'RIFF');
  });
  afterEach(() => {
    expect(existsSync(join(folder, 'somebody-elses.wav'))).toBe(true);
    rmSync(folder, { recursive: true });
  });

  const known = (state: RecordingView['state']) => calls.recordings.set(id, recordingView(1, { state }));

  describe('in an archive', () => {
    let stored: string[];
    let refusals: number;
    let archiver: RecordingArchiver;
    const archive: RecordingArchive = {
      store: (object) => {
        if (refusals > 0) {
          refusals -= 1;
          return Promise.reject(new Error('503'));
        }
        stored.push(object);
        return Promise.resolve();
      },
      open: () => Promise.resolve(undefined),
      text: () => Promise.resolve(undefined),
      remove: () => Promise.resolve(),
    };

    beforeEach(() => {
      stored = [];
      refusals = 0;
      const files = new RecordingFiles(folder);
      archiver = new RecordingArchiver({ files, archive, recordings: calls, clock, log: silentLog });
    });
    afterEach(() => archiver.stop());

    it('are stored with their manifest, noted as complete, and then deleted here', async () => {
      known('processing');
      archiver.start();
      clock.advance(0);
      await until(() => !existsSync(wav()) && !existsSync(`${wav()}.json`));
      expect(stored).toEqual([`${id}.wav.json`, `${id}.wav`]);
      expect(calls.recordings.get(id)).toMatchObject({ state: 'completed', object: `${id}.wav` });
    });

    it('are tried again, each time later, until the archive takes them', async () => {
      known('processing');
      refusals = 2;
      archiver.start();
      clock.advance(0);
      await until(() => refusals === 1);
      expect(existsSync(wav())).toBe(true);
      // Not before its time, which is a second and then two.
      await turns();
      clock.advance(999);
      await turns();
      expect(refusals).toBe(1);
      clock.advance(1);
      await until(() => refusals === 0);
      await turns();
      clock.advance(2_000);
      await until(() => !existsSync(wav()));
      expect(stored).toContain(`${id}.wav`);
    });

    it('stay where they are while they grow, and when nobody knows of them', async () => {
      known('recording');
      const asked = () => calls.asked.filter(({ command }) => command === 'getRecording').length;
      archiver.start();
      clock.advance(0);
      await until(() => asked() === 1);
      await archiver.stop();
      expect(stored).toEqual([]);
      expect(existsSync(wav())).toBe(true);
    });
  });

  it('are deleted when their time is over, and that is told', async () => {
    known('completed');
    const old = new Date(clock.wallTime() - 31 * DAY_MS);
    utimesSync(wav(), old, old);
    const files = new RecordingFiles(folder);
    const sweeper = new RetentionSweeper({ files, recordings: calls, days: 30, clock, log: silentLog });
    sweeper.start();
    clock.advance(0);
    await until(() => calls.recordings.get(id)?.state === 'deleted');
    sweeper.stop();
    expect([existsSync(wav()), existsSync(`${wav()}.json`)]).toEqual([false, false]);
  });

  it('are kept until then', async () => {
    known('completed');
    const young = new Date(clock.wallTime() - 29 * DAY_MS);
    utimesSync(wav(), young, young);
    const files = new RecordingFiles(folder);
    const sweeper = new RetentionSweeper({ files, recordings: calls, days: 30, clock, log: silentLog });
    sweeper.start();
    clock.advance(0);
    await until(() => clock.armed > 0);
    sweeper.stop();
    expect(existsSync(wav())).toBe(true);
  });
});
