import type { MsmlDialogResult, MsmlOutcome } from '@legato/msml';
import type { Call } from '../call/call';
import type { CommandId, LegRole } from '../call/call-snapshot';
import { mediaOf } from '../call/call-snapshot';
import type { DigitsSnapshot } from '../call/digits-snapshot';
import { failureOf, isStarted, refusalOf } from '../media-control/dialog-report';
import { connectionId } from '../media-control/join-connections';
import type { CommandFailure } from './command-outcome';
import { failCommand } from './command-outcome';

export interface DigitsRequest {
  readonly leg: LegRole;
  /** 0-9 A-D * # */
  readonly digits: string;
  readonly durationMs: number;
  readonly intervalMs: number;
}

const DTMF_RELAY = 'application/dtmf-relay';
/** Words of tokens. */
const INFO_TOPIC = 'digit';

const find = (call: Call, name: string): DigitsSnapshot | undefined =>
  call.snapshot.digits?.find((sending) => sending.name === name);

const dialogId = (call: Call, { leg, name }: DigitsSnapshot): string =>
  `${connectionId(call, mediaOf(leg))}/dialog:${name}`;

/**
 * Sends digits to a party: as telephone events of the media server (RFC 4733), or in a direct call by INFO, where each digit
 * waits for the answer to the one before. Digits are kept nowhere: they may be a PIN.
 */
export function sendDigits(call: Call, request: DigitsRequest, command: CommandId): void {
  const { mode } = call.snapshot;
  const name = `dtmf_${call.runtime.ids.uuidv7()}`;
  const sending: DigitsSnapshot = { name, leg: request.leg, command, left: request.digits.length };
  (call.snapshot.digits ??= []).push(sending);
  if (mode === 'anchored') startDialog(call, sending, request);
  else for (const digit of request.digits) sendInfo(call, sending, digit, request.durationMs);
}

function startDialog(call: Call, sending: DigitsSnapshot, request: DigitsRequest): void {
  const { digits, durationMs, intervalMs } = request;
  call.mediaDialogs.watch(dialogId(call, sending));
  call.submit('caller media', `digits start ${sending.name}`, [
    {
      element: 'dialogstart',
      target: connectionId(call, mediaOf(sending.leg)),
      type: 'application/moml+xml',
      name: sending.name,
      content: [
        {
          element: 'dtmfgen',
          digits,
          dur: `${durationMs}ms`,
          interval: `${intervalMs}ms`,
          dtmfgenexit: [{ element: 'exit', namelist: 'dtmfgen.end' }],
        },
      ],
    },
  ]);
}

function sendInfo(call: Call, { leg, name }: DigitsSnapshot, digit: string, durationMs: number): void {
  const bytes = Buffer.from(`Signal=${digit}\r\nDuration=${durationMs}\r\n`);
  call.usage(leg)?.request('INFO', `${INFO_TOPIC} ${name}`, { contentType: DTMF_RELAY, bytes });
}

function finish(call: Call, sending: DigitsSnapshot, error?: CommandFailure): void {
  const others = (call.snapshot.digits ?? []).filter((other) => other !== sending);
  if (others.length > 0) call.snapshot.digits = others;
  else delete call.snapshot.digits;
  const { command, leg } = sending;
  if (error) failCommand(call, { id: command, name: 'dtmf' }, error);
  else call.log('dtmf.sent', { leg, command_id: command });
}

/** The media server answered the request that starts the digits. */
export function receiveDigitsOutcome(call: Call, _verb: string, name: string, outcome: MsmlOutcome): void {
  const sending = find(call, name);
  if (!sending || isStarted(outcome)) return;
  call.mediaDialogs.forget(dialogId(call, sending));
  finish(call, sending, refusalOf(outcome));
}

/** The media server has sent them all, or says why not. */
export function digitsDialogFinished(call: Call, name: string, result: MsmlDialogResult): void {
  const sending = find(call, name);
  if (sending) finish(call, sending, failureOf(result));
}

/** A party answered the INFO of a digit. */
export function receiveDigitAnswer(call: Call, name: string, status: number): void {
  const sending = find(call, name);
  if (!sending) return;
  sending.left -= 1;
  if (status >= 300) sending.refusal ??= status;
  if (sending.left > 0) return;
  const { refusal } = sending;
  const error = refusal === undefined ? undefined : { code: 'party_refused', detail: `SIP ${refusal}` };
  finish(call, sending, error);
}

/** What is under way can not be followed any further; sent twice, digits would be others. */
export function loseDigits(call: Call, detail: string): void {
  for (const sending of call.snapshot.digits ?? []) finish(call, sending, { code: 'interrupted', detail });
}
