import { energyShareAt, readWav } from '@legato/media';
import fs, { existsSync, readFileSync } from 'node:fs';
import { AudibleServer } from '../../../spec/audible-server';

const ROOM_BYTES = 20_000;

describe('a disk that is full', () => {
  let server: AudibleServer;

  beforeEach(() => {
    server = new AudibleServer();
    const write = fs.write.bind(fs) as (...given: unknown[]) => void;
    let left = ROOM_BYTES;
    jest.spyOn(fs, 'write').mockImplementation((...given: unknown[]) => {
      left -= given[3] as number;
      const done = given.at(-1) as (error: Error | null, count: number) => void;
      if (left >= 0) write(...given);
      else
        setImmediate(() =>
          done(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }), 0),
        );
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
  });

  it('fails the recording with its event, keeps what was written, and the call goes on', async () => {
    await server.phone('a', { frequencyHz: 440 });
    const b = await server.phone('b', { frequencyHz: 1000 });
    expect(server.control.request('<join id1="conn:a" id2="conn:b"/>').response).toBe('200');
    server.control.dialog('conn:a', '<record dest="file://full.wav" format="audio/wav" maxtime="60s"/>');
    const lines = () => server.control.control.lines;
    await server.settle(() => {
      if (lines().length === 0 && server.clock.now() < 8000) server.run(100);
      return lines().length > 0;
    });
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toContain('msml.dialog.exit conn:a/dialog:d dialog.exit.status=500');
    expect(lines()[0]).toContain('ENOSPC');
    const path = server.control.recordingPath('full.wav');
    await server.settle(() => existsSync(path));
    const wav = readWav(readFileSync(path));
    if (!wav.ok) throw new Error(wav.error);
    expect(wav.value.samples.length).toBeGreaterThan(4000);
    expect(energyShareAt(wav.value.samples.subarray(800), 8000, 440)).toBeGreaterThan(0.9);
    expect(energyShareAt(server.heard(b, 200), 8000, 440)).toBeGreaterThan(0.9);
    expect(server.engine.counts().recordings).toBe(0);
    const manifest: unknown = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    expect(manifest).toMatchObject({ state: 'failed', samples: wav.value.samples.length });
  });
});
