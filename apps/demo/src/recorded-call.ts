import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RestClient } from './rest-client';
import type { SoftPhone } from './soft-phone';

export interface CallResource {
  readonly id: string;
  readonly state: string;
  readonly mode: string;
}

export interface RecordingResource {
  readonly id: string;
  readonly state: string;
  readonly duration_ms?: number;
}

export interface RecordedCall {
  readonly modeBefore: string;
  readonly call: CallResource;
  readonly recording: RecordingResource;
  readonly file: string;
}

interface Page<T> {
  readonly data: T[];
}

const RECORD_MS = 3_000;

/** The main job: a direct call is bridged, recorded over REST, and hung up. `say` tells how far it is. */
export async function recordedCall(
  rest: RestClient,
  phones: { alice: SoftPhone; numberUri: string },
  folder: string,
  say: (line: string) => void,
): Promise<RecordedCall> {
  phones.alice.dial(phones.numberUri);
  const connected = await rest.until<Page<CallResource>, CallResource>('/v1/calls', ({ data }) =>
    data.find(({ state }) => state === 'in_progress'),
  );
  say(`call ${connected.id} is bridged, ${connected.mode}: the media flows between the parties`);

  const { id } = await rest.post<RecordingResource>(`/v1/calls/${connected.id}/recordings`, {
    channels: 'dual',
  });
  say(`POST /v1/calls/${connected.id}/recordings -> 202, ${id}`);
  await rest.until<RecordingResource, true>(`/v1/recordings/${id}`, inState('recording'));
  say('both parties were moved to the media server, the recording runs');
  await new Promise((resolve) => setTimeout(resolve, RECORD_MS));
  await rest.post(`/v1/recordings/${id}/stop`);
  await rest.until<RecordingResource, true>(`/v1/recordings/${id}`, inState('completed'));
  const file = join(folder, 'recording.wav');
  writeFileSync(file, await rest.bytes(`/v1/recordings/${id}/media`));
  say(`stopped; the file is ${file}`);

  phones.alice.hangUp();
  await rest.until<CallResource, true>(`/v1/calls/${connected.id}`, inState('ended'));
  return {
    modeBefore: connected.mode,
    call: await rest.get<CallResource>(`/v1/calls/${connected.id}`),
    recording: await rest.get<RecordingResource>(`/v1/recordings/${id}`),
    file,
  };
}

const inState =
  (wanted: string) =>
  ({ state }: { state: string }): true | undefined => {
    if (state === 'failed' || state === 'absent') throw new Error(`it is ${state} instead of ${wanted}`);
    return state === wanted ? true : undefined;
  };
