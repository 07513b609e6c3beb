import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallResource, Chapter, Page, RecordingResource, Stage } from '../chapter';
import { pause } from '../chapter';
import { channelsOf, during, levelOf } from '../check-list';
import type { SoftPhone } from '../soft-phone';

const SPEAK_MS = 2_000;
const PAUSE_MS = 1_500;
/** What is left out at the edges of a pause: packets on their way. */
const EDGE_MS = 300;
const SILENT_DB = -60;

export interface Parties {
  readonly alice: SoftPhone;
  readonly bob: SoftPhone;
  readonly aliceHz: number;
  readonly bobHz: number;
}

interface Manifest {
  readonly sha256?: string;
  readonly pauses?: readonly { at_ms: number; duration_ms: number }[];
}

interface Recorded {
  readonly modeBefore: string;
  readonly call: CallResource;
  readonly recording: RecordingResource;
  readonly file: string;
  readonly manifest: Manifest;
}

async function record({ rest, folder, say }: Stage, callId: string): Promise<[string, Manifest]> {
  const { id } = await rest.post<RecordingResource>(`/v1/calls/${callId}/recordings`, { channels: 'dual' });
  const path = `/v1/recordings/${id}`;
  say(`POST /v1/calls/${callId}/recordings → 202, ${id}`);
  await rest.untilState(path, 'recording');
  say('both parties are at the media server now, and the recording runs');
  await pause(SPEAK_MS);
  await rest.post(`${path}/pause`, { mode: 'silence', reason: 'card number' });
  await rest.untilState(path, 'paused');
  say('paused: what is said now is silence in the file');
  await pause(PAUSE_MS);
  await rest.post(`${path}/resume`);
  await rest.untilState(path, 'recording');
  await pause(SPEAK_MS);
  await rest.post(`${path}/stop`);
  await rest.untilState(path, 'completed');
  writeFileSync(join(folder, 'recording.wav'), await rest.bytes(`${path}/media`));
  const manifest = await rest.bytes(`${path}/manifest`);
  writeFileSync(join(folder, 'recording.wav.json'), manifest);
  say('stopped: recording.wav and its manifest are fetched');
  return [id, JSON.parse(manifest.toString()) as Manifest];
}

async function callAndRecord(stage: Stage, { alice }: Parties): Promise<Recorded> {
  const { rest, sip, say, folder } = stage;
  alice.dial(`sip:1000@${sip}`);
  const connected = await rest.until<Page<CallResource>, CallResource>('/v1/calls', ({ data }) =>
    data.find(({ state }) => state === 'in_progress'),
  );
  say(`${connected.id} is bridged, ${connected.mode}: the media flow between the parties`);
  const [id, manifest] = await record(stage, connected.id);
  alice.hangUp();
  const call = await rest.untilState<CallResource>(`/v1/calls/${connected.id}`, 'ended');
  const recording = await rest.get<RecordingResource>(`/v1/recordings/${id}`);
  return { modeBefore: connected.mode, call, recording, file: join(folder, 'recording.wav'), manifest };
}

function check({ list, folder }: Stage, parties: Parties, done: Recorded): void {
  const wav = readFileSync(done.file);
  const [left, right] = channelsOf(wav);
  const [alice] = channelsOf(readFileSync(join(folder, 'alice-hears.wav')));
  const [bob] = channelsOf(readFileSync(join(folder, 'bob-hears.wav')));
  const { aliceHz, bobHz } = parties;
  list.check('the call was bridged without the media server', done.modeBefore === 'direct', done.modeBefore);
  list.check('it moved to the media server to be recorded', done.call.mode === 'anchored', done.call.mode);
  const { state, duration_ms = 0 } = done.recording;
  list.check(
    'the recording is complete',
    state === 'completed' && duration_ms > SPEAK_MS,
    `${duration_ms} ms`,
  );
  list.hears('its left channel is Alice', left, aliceHz, 0.8);
  list.hears('its right channel is Bob', right, bobHz, 0.8);
  const [gap] = done.manifest.pauses ?? [];
  const silent = during(left, (gap?.at_ms ?? 0) + EDGE_MS, (gap?.duration_ms ?? 0) - 2 * EDGE_MS);
  const level = levelOf(silent);
  list.check('what was said during the pause is not in it', level < SILENT_DB, `${Math.round(level)} dB`);
  const sha256 = createHash('sha256').update(wav).digest('hex');
  list.check(
    'its manifest has the checksum of the file',
    done.manifest.sha256 === sha256,
    sha256.slice(0, 8),
  );
  list.hears('Alice heard Bob', alice, bobHz, 0.6);
  list.hears('Bob heard Alice', bob, aliceHz, 0.6);
}

/** The main job: a direct call is bridged, moved, recorded over REST with a pause, and hung up. */
export const recordedCall = (parties: Parties): Chapter => ({
  title: 'A call is recorded over REST, and paused while a card number is said',
  async run(stage) {
    const done = await callAndRecord(stage, parties);
    await Promise.all([parties.alice.stop(), parties.bob.stop()]);
    check(stage, parties, done);
  },
});
