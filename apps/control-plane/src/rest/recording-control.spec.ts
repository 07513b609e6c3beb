import { recordingManifestSchema, recordingSchema } from '@legato/contracts';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import request from 'supertest';
import { callId, callView, recordingId, recordingView } from '../../test/fake-call-control';
import { testApplication } from '../../test/test-application';
import type { TestApplication } from '../../test/test-application';

const id = recordingId(1);
const path = `/v1/recordings/${id}`;
const MANIFEST = {
  target: 'conn:x',
  file: `${id}.wav`,
  state: 'maxlength',
  startedAt: '2026-11-21T02:30:00.000Z',
  endedAt: '2026-11-21T02:30:10.000Z',
  sampleRate: 8000,
  channels: 2,
  samples: 80_000,
  gaps: [{ atMs: 20, durationMs: 40 }],
  pauses: [{ atMs: 1000, durationMs: 2000, mode: 'silence', note: 'pause.silence.card' }],
  sha256: 'ab'.repeat(32),
};

describe('the control of recordings over REST', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-control-')));
  const wav = join(folder, `${id}.wav`);
  let test: TestApplication;
  const http = () => request(test.app.getHttpServer());

  beforeEach(async () => {
    test = await testApplication({ recordingsDir: folder });
    test.calls.calls.set(callId(1), callView(1, { state: 'in_progress' }));
  });
  afterEach(() => test.app.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  function completed(): void {
    writeFileSync(wav, 'RIFF');
    writeFileSync(`${wav}.json`, JSON.stringify(MANIFEST));
    test.calls.recordings.set(id, recordingView(1, { state: 'completed', file: pathToFileURL(wav).href }));
  }

  it('takes every option of a recording', async () => {
    const body = {
      channels: 'mono',
      leg: 'caller',
      format: 'wav',
      sample_rate_hz: 16_000,
      max_s: 60,
      max_silence_s: 3,
      max_initial_silence_s: 5,
      beep: true,
      trim: true,
    };
    expect(
      (
        await http()
          .post(`/v1/calls/${callId(1)}/recordings`)
          .send(body)
      ).status,
    ).toBe(202);
    expect(test.calls.asked.at(-1)).toEqual({
      command: 'startRecording',
      with: {
        id: callId(1),
        channels: 'mono',
        leg: 'caller',
        sampleRateHz: 16_000,
        maxMs: 60_000,
        maxSilenceMs: 3000,
        maxInitialSilenceMs: 5000,
        beep: true,
        trim: true,
      },
    });
  });

  it.each([
    [{ channels: 'dual', leg: 'caller' }, '/channels'],
    [{ sample_rate_hz: 11_025 }, '/sample_rate_hz'],
    [{ format: 'mp3' }, '/format'],
    [{ max_silence_s: 0 }, '/max_silence_s'],
  ])('refuses %j with 422', async (body, pointer) => {
    const response = await http()
      .post(`/v1/calls/${callId(1)}/recordings`)
      .send(body);
    expect(response.status).toBe(422);
    expect(response.text).toContain(pointer);
  });

  it('pauses, with silence unless said otherwise, and resumes', async () => {
    test.calls.recordings.set(id, recordingView(1, { state: 'recording' }));
    const paused = await http().post(`${path}/pause`);
    expect(paused.status).toBe(202);
    expect(recordingSchema.parse(paused.body).id).toBe(id);
    await http().post(`${path}/pause`).send({ mode: 'skip', reason: 'card' });
    await http().post(`${path}/resume`);
    expect(test.calls.asked.slice(-3)).toEqual([
      { command: 'pauseRecording', with: { id, mode: 'silence' } },
      { command: 'pauseRecording', with: { id, mode: 'skip', reason: 'card' } },
      { command: 'resumeRecording', with: id },
    ]);
    const bad = await http().post(`${path}/pause`).send({ mode: 'loud', reason: 'a\r\nb' });
    expect(bad.status).toBe(422);
  });

  it('shows the manifest of a completed file, and nothing of one that is none', async () => {
    completed();
    const manifest = recordingManifestSchema.parse((await http().get(`${path}/manifest`)).body);
    expect(manifest).toMatchObject({
      recording_id: id,
      call_id: callId(1),
      samples: 80_000,
      sha256: MANIFEST.sha256,
      pauses: [{ at_ms: 1000, duration_ms: 2000, mode: 'silence', note: 'pause.silence.card' }],
    });
    writeFileSync(`${wav}.json`, '{"sha256": 1');
    expect((await http().get(`${path}/manifest`)).body).toMatchObject({ code: 'media_not_found' });
    test.calls.recordings.set(id, recordingView(1, { state: 'recording' }));
    expect((await http().get(`${path}/manifest`)).body).toMatchObject({ code: 'recording_not_completed' });
  });

  it('deletes the file and its manifest, and says so', async () => {
    completed();
    const response = await http().delete(path);
    expect(response.status).toBe(200);
    expect(recordingSchema.parse(response.body).state).toBe('deleted');
    expect([existsSync(wav), existsSync(`${wav}.json`)]).toEqual([false, false]);
    expect(test.calls.asked.at(-1)).toMatchObject({ command: 'noteDeleted', with: { id } });
    expect((await http().get(`${path}/media`)).status).toBe(409);
  });

  it('deletes no file that has another name, or lies elsewhere', async () => {
    const other = join(folder, 'other.wav');
    writeFileSync(other, 'RIFF');
    test.calls.recordings.set(id, recordingView(1, { state: 'completed', file: pathToFileURL(other).href }));
    expect((await http().delete(path)).status).toBe(200);
    expect(existsSync(other)).toBe(true);
  });

  it('does not delete what is still being recorded', async () => {
    test.calls.recordings.set(id, recordingView(1, { state: 'recording' }));
    expect((await http().delete(path)).body).toMatchObject({ code: 'recording_not_ended', status: 409 });
  });
});
