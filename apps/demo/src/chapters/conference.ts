import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chapter, Page, RecordingResource, Stage } from '../chapter';
import { pause } from '../chapter';
import { channelsOf, shareAt } from '../check-list';
import type { SoftPhone } from '../soft-phone';

const LISTEN_MS = 800;
const SETTLE_MS = 400;
/** Share of the energy from which on a tone counts as heard. */
const HEARD = 0.1;

export interface Speaker {
  readonly phone: SoftPhone;
  readonly toneHz: number;
}

interface Participant {
  readonly id: string;
  readonly state: string;
  readonly call_id: string;
}

interface Conference {
  readonly id: string;
  readonly state: string;
}

async function gather({ rest, sip, say }: Stage, speakers: readonly Speaker[]): Promise<Conference> {
  for (const { phone } of speakers) phone.dial(`sip:3000@${sip}`);
  const conference = await rest.until<Page<Conference>, Conference>(
    '/v1/conferences?name=standup',
    ({ data }) => data.find(({ state }) => state !== 'ended'),
  );
  await rest.until<Page<Participant>, true>(`/v1/conferences/${conference.id}/participants`, ({ data }) =>
    data.filter(({ state }) => state === 'connected').length === speakers.length ? true : undefined,
  );
  say(`${speakers.map(({ phone }) => phone.name).join(', ')} dial 3000: they are in ${conference.id}`);
  return conference;
}

/** Which of the tones each of them hears. */
async function ears(speakers: readonly Speaker[]): Promise<Map<string, number[]>> {
  await pause(SETTLE_MS);
  const heard = await Promise.all(speakers.map(({ phone }) => phone.listen(LISTEN_MS)));
  return new Map(
    speakers.map(({ phone }, index) => [
      phone.name,
      speakers.map(({ toneHz }) => toneHz).filter((toneHz) => shareAt(heard[index], toneHz) > HEARD),
    ]),
  );
}

function checkEars(
  { list }: Stage,
  speakers: readonly Speaker[],
  heard: ReadonlyMap<string, number[]>,
  muted = 0,
): void {
  for (const { phone, toneHz } of speakers) {
    const found = heard.get(phone.name) ?? [];
    const wanted = speakers
      .map((other) => other.toneHz)
      .filter((other) => other !== toneHz && other !== muted);
    const passed = found.join() === wanted.join();
    const suffix = muted === 0 ? 'hears the two others and not itself' : 'does not hear who is muted';
    list.check(`${phone.name} ${suffix}`, passed, found.map((hz) => `${hz} Hz`).join(', ') || 'nothing');
  }
}

async function announce({ rest, say }: Stage, { id }: Conference, ear: Speaker): Promise<number> {
  const play = await rest.post<{ id: string }>(`/v1/conferences/${id}/plays`, {
    sources: [{ file: 'announcement.wav' }],
  });
  await rest.until<Page<{ id: string; state: string }>, unknown>(`/v1/conferences/${id}/plays`, ({ data }) =>
    data.find((each) => each.id === play.id && each.state !== 'queued'),
  );
  const heard = await ear.phone.listen(LISTEN_MS);
  say('an announcement is played to all');
  await rest.until<Page<{ id: string; state: string }>, unknown>(`/v1/conferences/${id}/plays`, ({ data }) =>
    data.find((each) => each.id === play.id && each.state === 'completed'),
  );
  return heard.samples.length === 0 ? 1 : shareAt(heard, ear.toneHz);
}

async function recordOf({ rest, folder }: Stage, recording: RecordingResource): Promise<Buffer> {
  await rest.post(`/v1/recordings/${recording.id}/stop`);
  await rest.untilState(`/v1/recordings/${recording.id}`, 'completed');
  const wav = await rest.bytes(`/v1/recordings/${recording.id}/media`);
  writeFileSync(join(folder, 'conference.wav'), wav);
  return wav;
}

/** Three parties meet: each hears two, an announcement reaches all, one is muted, the mix is recorded. */
export const threeMeet = (speakers: readonly Speaker[]): Chapter => ({
  title: 'Three callers meet in a conference with an announcement',
  async run(stage) {
    const { rest, list, say } = stage;
    const conference = await gather(stage, speakers);
    const path = `/v1/conferences/${conference.id}`;
    const recording = await rest.post<RecordingResource>(`${path}/recordings`, {});
    await rest.untilState(`/v1/recordings/${recording.id}`, 'recording');
    checkEars(stage, speakers, await ears(speakers));
    const [first, last] = [speakers[0], speakers.at(-1)];
    if (!first || !last) return;
    await announce(stage, conference, first);
    const { data } = await rest.get<Page<Participant & { uri?: string }>>(`${path}/participants`);
    const muted = await mutedOne(stage, data, last);
    if (muted) {
      await rest.patch(`${path}/participants/${muted}`, { muted: true });
      say(`${last.phone.name} is muted`);
      checkEars(stage, speakers.slice(0, -1), await ears(speakers), last.toneHz);
    }
    const wav = await recordOf(stage, recording);
    for (const { phone, toneHz } of speakers)
      list.hears(`${phone.name} is in the recording`, channelsOf(wav)[0], toneHz, 0.05);
    await rest.post(`${path}/end`);
    await rest.untilState(path, 'ended');
    say('the conference is ended');
    const idle = (): boolean => speakers.every(({ phone }) => phone.isIdle);
    for (let waited = 0; waited < LISTEN_MS && !idle(); waited += 50) await pause(50);
    list.check('everybody was hung up', idle());
    await Promise.all(speakers.map(({ phone }) => phone.stop()));
  },
});

/** The participant whose call came from this phone. */
async function mutedOne(
  { rest }: Stage,
  participants: readonly Participant[],
  { phone }: Speaker,
): Promise<string | undefined> {
  for (const { id, call_id } of participants) {
    const { from } = await rest.get<{ from: string }>(`/v1/calls/${call_id}`);
    if (from.includes(`:${phone.name}@`)) return id;
  }
  return undefined;
}
