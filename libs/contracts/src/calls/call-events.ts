import { z } from 'zod';
import { COMMAND_FAILURE_CODES } from '../errors/command-failures';

const call = { call_id: z.string() };
const byCommand = {
  ...call,
  command_id: z.string().optional().meta({ description: 'The command that asked for it.' }),
};
const leg = z.enum(['caller', 'callee']);
const sip = z.strictObject({ status: z.int(), reason: z.string() });

/** Events that tell what became of commands to a call. */
export const COMMAND_EVENT_DATA = {
  'call.bridged': z
    .strictObject({ ...byCommand, to: z.string() })
    .meta({ description: 'A second party was brought to the call.' }),
  'call.bridge_failed': z
    .strictObject({ ...byCommand, to: z.string(), sip: sip.optional() })
    .meta({ description: 'A second party could not be brought to the call, which goes on without it.' }),
  'call.unbridged': z
    .strictObject({ ...call, to: z.string() })
    .meta({ description: 'The second party hung up, and the call goes on without it.' }),
  'call.muted': z
    .strictObject({ ...byCommand, leg })
    .meta({ description: 'A party is no longer heard by the other.' }),
  'call.unmuted': z
    .strictObject({ ...byCommand, leg })
    .meta({ description: 'A party is heard by the other again.' }),
  'dtmf.sent': z
    .strictObject({ ...byCommand, leg })
    .meta({ description: 'Digits were sent to a party; which ones is told nowhere.' }),
  'info.sent': z.strictObject({ ...byCommand, leg }).meta({ description: 'A party took an INFO.' }),
  'command.failed': z
    .strictObject({
      ...call,
      command_id: z.string(),
      command: z.enum(['bridge', 'hold', 'resume', 'mute', 'unmute', 'dtmf', 'info', 'move']),
      error: z.strictObject({ code: z.enum(COMMAND_FAILURE_CODES), detail: z.string() }),
    })
    .meta({ description: 'A command that was accepted came to nothing; the call is as it was.' }),
} as const;
