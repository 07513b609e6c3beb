import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../e2e/support/eventually';
import { MediaLeg } from '../../e2e/support/media-leg';

export interface Stage {
  readonly sipPort: number;
  readonly recordings: string;
  readonly isOver: () => boolean;
}

/** What was done so far, and what went wrong. */
export class SoakTally {
  calls = 0;
  recordings = 0;
  conferences = 0;
  digits = 0;
  /** INVITEs that were refused, or not answered: the machine was too busy, and said so. */
  refusals = 0;
  readonly failures: string[] = [];
}

type Scene = (stage: Stage, tally: SoakTally, name: string, legs: readonly MediaLeg[]) => Promise<void>;

const PACKETS_PER_SECOND = 50;
const DEADLINE_MS = 60_000;
const [LOUD, QUIET] = [6000, 60];
/** In a mix, -12 dB and more; what leaks from elsewhere is far below. */
const [HEARD_DB, UNHEARD_DB] = [-35, -45];
const TONES = [400, 700, 1100] as const;
const CHIME = 1900;
const PROMPT = 'file://chime.wav';
const ROUNDS = 5;
const RECORD_MS = 5_000;
const RETRY_AFTER_MS = 2_000;
const HEADER_AND_TAIL_BYTES = 4_000;

/** Lets `seconds` go by, by the clock of what a leg says; the end of the soak ends it, too. */
const forSeconds = (stage: Stage, leg: MediaLeg, seconds: number) => {
  const until = leg.voice.sentPackets + seconds * PACKETS_PER_SECOND;
  return eventually(
    'time goes by',
    () => leg.voice.sentPackets >= until || stage.isOver(),
    seconds * 1000 + DEADLINE_MS,
  );
};

const hears = (leg: MediaLeg, hz: number) =>
  eventually(`${hz} Hz is heard`, () => leg.voice.levelDb(hz) > HEARD_DB, DEADLINE_MS);
const hearsNothingOf = (leg: MediaLeg, hz: number) =>
  eventually(`${hz} Hz is not heard`, () => leg.voice.levelDb(hz) < UNHEARD_DB, DEADLINE_MS);

/** Takes a recording off the disk again, once it is there as long as it says. */
function takeAway(stage: Stage, tally: SoakTally, file: string, channels: number, lengthMs: number): void {
  const path = join(stage.recordings, file);
  const bytes = statSync(path).size;
  if (Math.abs(bytes - channels * lengthMs * 16) > HEADER_AND_TAIL_BYTES)
    throw new Error(`${file}: ${bytes} bytes for ${lengthMs} ms`);
  for (const name of [path, `${path}.json`]) rmSync(name);
  tally.recordings += 1;
}

const recordOf = (file: string, attributes = '') =>
  `<record dest="file://${file}" format="audio/wav" maxtime="${RECORD_MS}ms" ${attributes}><recordexit><exit namelist="record.len record.end"/></recordexit></record>`;
const STEREO = 'legato:channels="2" xmlns:legato="urn:legato:msml:1"';

async function record(
  stage: Stage,
  tally: SoakTally,
  leg: MediaLeg,
  { file, target = leg.id, channels = 1 }: { file: string; target?: string; channels?: number },
): Promise<void> {
  const dialog = file.replace('.', '-');
  await leg.startDialog(dialog, recordOf(file, channels === 2 ? STEREO : ''), target);
  const values = await leg.exitOf(dialog, DEADLINE_MS);
  takeAway(stage, tally, file, channels, Number(values.get('record.len')));
}

/** Three in a conference that is recorded, and played to. */
const roomOfThree: Scene = async (stage, tally, name, legs) => {
  legs.forEach((leg, index) => leg.say(TONES[index] as number, LOUD));
  const [first] = legs as [MediaLeg, MediaLeg, MediaLeg];
  const joins = legs.map(({ id }) => `<join id1="${id}" id2="conf:${name}"/>`).join('');
  await first.tell(`<createconference name="${name}"><audiomix/></createconference>${joins}`);
  tally.conferences += 1;
  for (let round = 0; round < ROUNDS && !stage.isOver(); round += 1) {
    await record(stage, tally, first, { file: `${name}-${round}.wav`, target: `conf:${name}` });
    await first.startDialog(`p${round}`, `<play><audio uri="${PROMPT}"/></play>`, `conf:${name}`);
    await first.exitOf(`p${round}`, DEADLINE_MS);
    for (const leg of legs)
      for (const hz of TONES)
        await (hz === TONES[legs.indexOf(leg)] ? hearsNothingOf(leg, hz) : hears(leg, hz));
    await forSeconds(stage, first, 5);
  }
};

/** Two that are joined; one of them is recorded in two channels. */
const pair: Scene = async (stage, tally, name, legs) => {
  const [a, b] = legs as [MediaLeg, MediaLeg];
  a.say(TONES[0], LOUD);
  b.say(TONES[1], LOUD);
  await a.tell(`<join id1="${a.id}" id2="${b.id}"/>`);
  for (let round = 0; round < ROUNDS && !stage.isOver(); round += 1) {
    await record(stage, tally, a, { file: `${name}-${round}.wav`, channels: 2 });
    await Promise.all([hears(a, TONES[1]), hears(b, TONES[0])]);
    await forSeconds(stage, a, 5);
  }
};

/** One that is asked for digits, and keys them. */
const questions: Scene = async (stage, tally, _name, legs) => {
  const [leg] = legs as [MediaLeg];
  leg.say(TONES[0], 0);
  for (let round = 0; round < ROUNDS && !stage.isOver(); round += 1) {
    const digits = String(1000 + ((tally.digits + round) % 9000));
    await leg.startDialog(
      `q${round}`,
      `<collect fdt="60s" idt="20s"><play barge="true" cleardb="true"><audio uri="${PROMPT}" iterate="20"/></play><pattern digits="xxxx#"><exit namelist="dtmf.digits"/></pattern></collect>`,
    );
    await hears(leg, CHIME);
    for (const key of `${digits}#`) {
      leg.voice.press(key);
      await forSeconds(stage, leg, 0.2);
    }
    const keyed = (await leg.exitOf(`q${round}`, DEADLINE_MS)).get('dtmf.digits');
    if (keyed !== `${digits}#`) throw new Error(`keyed ${digits}#, collected ${keyed}`);
    tally.digits += digits.length + 1;
  }
};

/** Many in one conference, of whom the three loudest are heard; it lasts as long as the soak. */
const assembly: Scene = async (stage, tally, name, legs) => {
  const [first, speaker] = legs as [MediaLeg, MediaLeg];
  legs.forEach((leg, index) => leg.say(TONES[index] ?? TONES[0], index < TONES.length ? LOUD : QUIET));
  await first.tell(
    `<createconference name="${name}"><audiomix><n-loudest n="3"/><asn ri="1s"/></audiomix></createconference>`,
  );
  tally.conferences += 1;
  for (const { id } of legs) await first.tell(`<join id1="${id}" id2="conf:${name}"/>`);
  const gain = (amt: string) =>
    speaker.tell(
      `<modifystream id1="${speaker.id}" id2="conf:${name}"><stream media="audio" dir="from-id1"><gain amt="${amt}"/></stream></modifystream>`,
    );
  while (!stage.isOver()) {
    await Promise.all(legs.slice(3).map((leg) => hears(leg, TONES[1])));
    await gain('mute');
    await Promise.all(legs.slice(3).map((leg) => hearsNothingOf(leg, TONES[1])));
    await gain('unmute');
    await forSeconds(stage, first, 5);
    first.events.length = 0;
  }
};

const hangUp = async (legs: readonly MediaLeg[]): Promise<void> =>
  void (await Promise.all(legs.map((leg) => leg.hangUp().catch(() => undefined))));

/** Calls until it is taken in, with the pause that a 503 asks for in between (RFC 3261 §21.5.4). */
async function call(stage: Stage, tally: SoakTally): Promise<MediaLeg | undefined> {
  while (!stage.isOver()) {
    const leg = await MediaLeg.open(stage.sipPort).catch(() => undefined);
    if (leg) return leg;
    tally.refusals += 1;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
  }
  return undefined;
}

async function play(scene: Scene, size: number, stage: Stage, tally: SoakTally, name: string): Promise<void> {
  for (let turn = 0; !stage.isOver(); turn += 1) {
    const legs: MediaLeg[] = [];
    try {
      for (let leg; legs.length < size && (leg = await call(stage, tally));) legs.push(leg);
      if (legs.length < size) return await hangUp(legs);
      tally.calls += size;
      await scene(stage, tally, `${name}-${turn}`, legs);
      for (const leg of legs) await leg.hangUp();
    } catch (error) {
      tally.failures.push(`${name}-${turn}: ${(error as Error).message}`);
      await hangUp(legs);
    }
  }
}

/** How many legs each scene has, and how many hundredths of all legs are in it. */
const PROGRAMME = [
  { name: 'assembly', scene: assembly, size: 50, percent: 25 },
  { name: 'room', scene: roomOfThree, size: 3, percent: 45 },
  { name: 'pair', scene: pair, size: 2, percent: 20 },
  { name: 'questions', scene: questions, size: 1, percent: 10 },
] as const;

/** All scenes side by side, over and over, with `legs` legs in all, until the stage is over. */
export async function soak(legs: number, stage: Stage, tally: SoakTally): Promise<void> {
  const running = PROGRAMME.flatMap(({ name, scene, size, percent }) => {
    const count = Math.round((legs * percent) / 100 / size);
    return Array.from({ length: count }, (_, index) => play(scene, size, stage, tally, `${name}${index}`));
  });
  await Promise.all(running);
}
