import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallResource, Chapter, Page, RecordingResource, Stage } from '../chapter';
import { pause } from '../chapter';
import { channelsOf } from '../check-list';
import type { SoftPhone } from '../soft-phone';

/** The PIN of the demo: long enough not to be found by chance among identifiers. */
export const PIN = '73910462';
const SPEAK_MS = 2_000;

/** What callers of 2000 hear and are asked. */
const FLOW = {
  name: 'Leave a message',
  start: 'welcome',
  steps: {
    welcome: { type: 'play', sources: [{ file: 'welcome.wav' }], barge: true, next: 'pin' },
    pin: {
      type: 'gather',
      prompt: [{ file: 'enter-pin.wav' }],
      barge: true,
      min: 4,
      max: 12,
      term: '#',
      retries: 1,
      sensitive: true,
      into: 'pin',
      next: 'check',
      on: { no_input: 'sorry', no_match: 'sorry' },
    },
    check: { type: 'branch', variable: 'pin', cases: [{ equals: PIN, next: 'ask' }], next: 'sorry' },
    ask: { type: 'play', sources: [{ file: 'leave-message.wav' }], next: 'message' },
    message: { type: 'record', max_s: 60, max_silence_s: 10, beep: true, term: '#', next: 'thanks' },
    thanks: { type: 'play', sources: [{ file: 'thank-you.wav' }], next: 'bye' },
    sorry: { type: 'play', sources: [{ file: 'sorry.wav' }], next: 'bye' },
    bye: { type: 'hangup' },
  },
};

/** Stores the flow and gives it to callers. */
export async function publishMenu({ rest }: Pick<Stage, 'rest'>): Promise<void> {
  await rest.put('/v1/flows/menu', FLOW);
  await rest.post('/v1/flows/menu/activate');
}

interface Listed {
  readonly state: string;
}

async function walkThrough(stage: Stage, carol: SoftPhone): Promise<{ call: string; recording: string }> {
  const { rest, sip, say } = stage;
  carol.dial(`sip:2000@${sip}`);
  const { id: call } = await rest.until<Page<CallResource>, CallResource>(
    '/v1/calls?state=in_progress',
    ({ data }) => data[0],
  );
  say(`Carol dials 2000: ${call} is answered by the flow "menu"`);
  await rest.until<Page<Listed>, Listed>(`/v1/calls/${call}/collects`, ({ data }) =>
    data.find(({ state }) => state === 'collecting'),
  );
  carol.press(`${PIN}#`);
  say('she keys her PIN, which is written nowhere');
  const recording = await rest.until<Page<RecordingResource>, RecordingResource>(
    `/v1/calls/${call}/recordings`,
    ({ data }) => data.find(({ state }) => state === 'recording'),
    30_000,
  );
  await pause(SPEAK_MS);
  carol.press('#');
  say('she leaves a message and presses #');
  await rest.untilState(`/v1/calls/${call}`, 'ended', 30_000);
  return { call, recording: recording.id };
}

/** Files of the demo in which the PIN can be read. */
const leaks = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    try {
      return !name.endsWith('.wav') && readFileSync(join(folder, name), 'latin1').includes(PIN);
    } catch {
      // A folder.
      return false;
    }
  });

/** A caller keys a PIN and leaves a message. */
export const voiceMenu = (carol: SoftPhone, carolHz: number): Chapter => ({
  title: 'A caller keys a PIN in a voice menu and leaves a message',
  async run(stage) {
    const { rest, folder, list } = stage;
    const { call, recording } = await walkThrough(stage, carol);
    const message = await rest.untilState<RecordingResource>(`/v1/recordings/${recording}`, 'completed');
    const wav = await rest.bytes(`/v1/recordings/${recording}/media`);
    writeFileSync(join(folder, 'message.wav'), wav);
    const events =
      await rest.get<Page<{ type: string; data: { call_id?: string; step?: string } }>>(
        '/v1/events?limit=1000',
      );
    const steps = events.data.flatMap(({ type, data }) =>
      type === 'flow.step' && data.call_id === call ? [data.step] : [],
    );
    list.check(
      'the caller went through the menu',
      steps.join(' ') === 'welcome pin check ask message thanks bye',
      steps.join(' → '),
    );
    list.check('the message is stored', message.state === 'completed', `${message.duration_ms ?? 0} ms`);
    list.hears('it is what Carol said', channelsOf(wav)[0], carolHz, 0.6);
    const found = leaks(folder);
    list.check('the PIN is in no log, event or trace', found.length === 0, found.join(', '));
    await carol.stop();
  },
});
