import { mkdtempSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import request from 'supertest';
import { recordingId, recordingView } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const id = recordingId(1);
const media = `/v1/recordings/${id}/media`;
const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

describe('the media of a recording', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'legato-media-')));
  const dir = join(root, 'recordings');
  let test: TestApplication;
  const get = () => request(test.app.getHttpServer()).get(media);

  function completed(path: string) {
    test.calls.recordings.set(id, recordingView(1, { state: 'completed', file: pathToFileURL(path).href }));
  }

  beforeAll(async () => {
    mkdirSync(join(dir, 'sub'), { recursive: true });
    writeFileSync(join(dir, `${id}.wav`), bytes);
    writeFileSync(join(root, `${id}.wav`), bytes);
    test = await testApplication({ recordingsDir: dir });
  });
  afterAll(async () => {
    await test.app.close();
    rmSync(root, { recursive: true });
  });

  it('is the whole WAV', async () => {
    completed(join(dir, `${id}.wav`));
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.body).toEqual(bytes);
    expect(response.headers).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': '256',
      'accept-ranges': 'bytes',
      'content-disposition': `inline; filename="${id}.wav"`,
    });
  });

  it('is a range of it (RFC 9110 §14)', async () => {
    completed(join(dir, `${id}.wav`));
    const response = await get().set('Range', 'bytes=10-19');
    expect(response.status).toBe(206);
    expect(response.headers['content-range']).toBe('bytes 10-19/256');
    expect(response.body).toEqual(bytes.subarray(10, 20));
  });

  it('is the whole when the range belongs to an older file (RFC 9110 §13.1.5)', async () => {
    completed(join(dir, `${id}.wav`));
    const etag = (await get()).headers['etag'] as string;
    expect((await get().set('Range', 'bytes=0-1').set('If-Range', etag)).status).toBe(206);
    expect((await get().set('Range', 'bytes=0-1').set('If-Range', '"other"')).status).toBe(200);
  });

  it('is 416 beyond the end, with the length', async () => {
    completed(join(dir, `${id}.wav`));
    const response = await get().set('Range', 'bytes=256-');
    expect(response.status).toBe(416);
    expect(response.headers['content-range']).toBe('bytes */256');
  });

  it('answers HEAD without the bytes', async () => {
    completed(join(dir, `${id}.wav`));
    const response = await request(test.app.getHttpServer()).head(media);
    expect(response.status).toBe(200);
    expect(response.headers['content-length']).toBe('256');
  });

  it.each(['requested', 'recording', 'stopping', 'failed', 'absent'] as const)(
    'is 409 while %s',
    async (state) => {
      test.calls.recordings.set(id, recordingView(1, { state }));
      const response = await get();
      expect(response.status).toBe(409);
      expect(JSON.parse(response.text)).toMatchObject({ code: 'recording_not_completed' });
    },
  );

  it.each([
    ['a file outside of the folder', () => join(root, `${id}.wav`)],
    ['a way out of the folder', () => join(dir, '..', `${id}.wav`)],
    ['another name', () => '/etc/passwd'],
    ['a file that is not there', () => join(dir, 'sub', `${id}.wav`)],
  ])('is 404 for %s', async (_what, path) => {
    completed(path());
    const response = await get();
    expect(response.status).toBe(404);
    expect(JSON.parse(response.text)).toMatchObject({ code: 'media_not_found' });
  });

  it('is 404 for a link, a folder and another scheme, whatever they are called', async () => {
    symlinkSync(join(root, `${id}.wav`), join(dir, 'sub', `${id}.wav`));
    completed(join(dir, 'sub', `${id}.wav`));
    expect((await get()).status).toBe(404);
    rmSync(join(dir, 'sub', `${id}.wav`));
    mkdirSync(join(dir, 'sub', `${id}.wav`));
    expect((await get()).status).toBe(404);
    rmSync(join(dir, 'sub', `${id}.wav`), { recursive: true });
    symlinkSync(root, join(dir, 'sub', 'out'));
    completed(join(dir, 'sub', 'out', `${id}.wav`));
    expect((await get()).status).toBe(404);
    for (const file of [`http://127.0.0.1/${id}.wav`, `file://host/${id}.wav`, `${id}.wav`, 'file:///%00']) {
      test.calls.recordings.set(id, recordingView(1, { state: 'completed', file }));
      expect((await get()).status).toBe(404);
    }
  });
});
