import type { FlowCommand } from '@legato/flows';
import type { CollectRequest } from '../call/collect-snapshot';
import type { CollectedDigits } from '../media-control/collect-requests';
import type { PlayOptions } from '../media-control/play-requests';
import type { LegRole } from '../call/call-snapshot';
import type { RecordingRequest } from './record';

/** What steps want, in the words of media work: a call and its simulation have the same. */

type CommandOf<Do extends FlowCommand['do']> = Extract<FlowCommand, { do: Do }>;

const CALLER: LegRole = 'caller';
const MOST_DIGITS = 64;
const FIRST_DIGIT_MS = 5_000;
const INTER_DIGIT_MS = 3_000;
const MS_PER_S = 1_000;
/** A message that nothing ends. */
const MOST_MESSAGE_S = 120;

export const playOptionsOf = ({
  sources,
  loop = 1,
  barge = false,
}: CommandOf<'play'>): PlayOptions & { leg: LegRole } => ({ leg: CALLER, sources, loop, barge });

function digitsOf({ pattern, min = 1, max = MOST_DIGITS, term }: CommandOf<'gather'>): CollectedDigits {
  return pattern === undefined ? { min, max, ...(term === undefined ? {} : { term }) } : { pattern };
}

export function collectRequestOf(command: CommandOf<'gather'>): CollectRequest {
  const { prompt, barge = true, retries = 0, sensitive = false } = command;
  return {
    leg: CALLER,
    digits: digitsOf(command),
    prompt,
    barge,
    firstDigitMs: command.first_digit_ms ?? FIRST_DIGIT_MS,
    interDigitMs: command.inter_digit_ms ?? INTER_DIGIT_MS,
    retries,
    sensitive,
  };
}

/** A message is what the caller says; a recording of the call has both. */
export function recordingRequestOf(command: CommandOf<'record'>): RecordingRequest {
  const { what, channels, max_s: maxS, max_silence_s: silenceS, beep, trim, term } = command;
  const isMessage = what === 'message';
  const seconds = maxS ?? (isMessage ? MOST_MESSAGE_S : undefined);
  return {
    ...(isMessage ? { leg: CALLER } : {}),
    channels: isMessage ? 'mono' : (channels ?? 'mono'),
    ...(seconds === undefined ? {} : { maxMs: seconds * MS_PER_S }),
    ...(silenceS === undefined ? {} : { maxSilenceMs: silenceS * MS_PER_S }),
    ...(beep === undefined ? {} : { beep }),
    ...(trim === undefined ? {} : { trim }),
    ...(term === undefined ? {} : { termKey: term }),
  };
}
