import type { Call } from '../call/call';
import type { CommandId, LegRole } from '../call/call-snapshot';
import { isMediaRole } from '../call/call-snapshot';
import type { Role } from '../call/call-snapshot';
import { failCommand } from './command-outcome';
import { receiveDigitAnswer } from './send-digits';

export interface InfoRequest {
  readonly leg: LegRole;
  readonly contentType: string;
  readonly body: string;
}

/** Sends an INFO of an application to a party (RFC 6086); the answer is told by `info.sent` or `command.failed`. */
export function sendInfo(call: Call, { leg, contentType, body }: InfoRequest, command: CommandId): void {
  call.usage(leg)?.request('INFO', `info ${command}`, { contentType, bytes: Buffer.from(body) });
}

/** A party answered a request that we made in the name of an application. */
export function receivePartyAnswer(call: Call, role: Role, token: string, status: number): void {
  const [topic, object = ''] = token.split(' ');
  if (isMediaRole(role)) return;
  if (topic === 'digit') receiveDigitAnswer(call, object, status);
  else if (topic === 'info') receiveInfoAnswer(call, role, object as CommandId, status);
}

function receiveInfoAnswer(call: Call, leg: LegRole, command: CommandId, status: number): void {
  if (status < 300) call.log('info.sent', { leg, command_id: command });
  else failCommand(call, { id: command, name: 'info' }, { code: 'party_refused', detail: `SIP ${status}` });
}
