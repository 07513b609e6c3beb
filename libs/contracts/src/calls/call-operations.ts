import type { Operation } from '../openapi/operation';
import { accepted, IDEMPOTENCY, one, page, READ, WRITE } from '../openapi/operation';
import { listCallsSchema } from './call';

const CALLS: readonly Operation[] = [
  {
    id: 'createCall',
    method: 'post',
    path: '/v1/calls',
    tag: 'calls',
    summary: 'Rings one or two parties and bridges them',
    body: 'CreateCall',
    headers: IDEMPOTENCY,
    responses: accepted('Call'),
    problems: [
      ...WRITE,
      'party_not_registered',
      'flow_not_active',
      'no_media_server',
      'shutting_down',
      'unavailable',
    ],
  },
  {
    id: 'listCalls',
    method: 'get',
    path: '/v1/calls',
    tag: 'calls',
    summary: 'Lists calls, newest first',
    query: listCallsSchema,
    responses: page('CallPage'),
    problems: [...READ, 'invalid_fields'],
  },
  {
    id: 'getCall',
    method: 'get',
    path: '/v1/calls/{id}',
    tag: 'calls',
    summary: 'Reads a call',
    responses: one('Call'),
    problems: [...READ, 'call_not_found'],
  },
  {
    id: 'hangUpCall',
    method: 'post',
    path: '/v1/calls/{id}/hangup',
    tag: 'calls',
    summary: 'Ends a call in any phase',
    body: 'HangUpCall',
    bodyOptional: true,
    headers: IDEMPOTENCY,
    responses: accepted('Call'),
    problems: [...WRITE, 'call_not_found', 'call_ended', 'owner_unreachable'],
  },
];

type Command = Pick<Operation, 'id' | 'summary' | 'body' | 'bodyOptional' | 'problems'>;

/** A command to a call: POST, answered with the call and the id of the command. */
const command = (verb: string, { problems, ...rest }: Command): Operation => ({
  ...rest,
  method: 'post',
  path: `/v1/calls/{id}/${verb}`,
  tag: 'calls',
  headers: IDEMPOTENCY,
  responses: accepted('CommandedCall'),
  problems: [...WRITE, 'call_not_found', 'call_ended', 'owner_unreachable', ...problems],
});

/** What stands against commands to the parties of a call. */
const CONNECTED = ['call_not_connected', 'leg_not_connected'] as const;

const COMMANDS: readonly Operation[] = [
  command('answer', {
    id: 'answerCall',
    summary: 'Connects a caller that rings at an application to the media server',
    body: 'AnswerCall',
    bodyOptional: true,
    problems: ['call_not_waiting'],
  }),
  command('reject', {
    id: 'rejectCall',
    summary: 'Refuses a caller that rings at an application',
    body: 'RejectCall',
    bodyOptional: true,
    problems: ['call_not_waiting'],
  }),
  command('bridge', {
    id: 'bridgeCall',
    summary: 'Calls a second party for a caller that rings at an application, or for a call of one party',
    body: 'BridgeCall',
    problems: ['call_not_connected', 'call_bridged', 'call_busy', 'media_in_use', 'party_not_registered'],
  }),
  command('hold', {
    id: 'holdCall',
    summary: 'Puts the parties on hold: neither hears the other',
    problems: [...CONNECTED, 'call_busy'],
  }),
  command('resume', {
    id: 'resumeCall',
    summary: 'Ends the hold',
    problems: [...CONNECTED, 'call_busy'],
  }),
  command('mute', {
    id: 'muteCall',
    summary: 'Takes the voice of a party from the other one',
    body: 'MuteCall',
    problems: [...CONNECTED, 'call_busy', 'call_not_anchored'],
  }),
  command('unmute', {
    id: 'unmuteCall',
    summary: 'Gives the voice of a party back',
    body: 'MuteCall',
    problems: [...CONNECTED, 'call_busy', 'call_not_anchored'],
  }),
  command('dtmf', {
    id: 'sendDigits',
    summary: 'Sends digits to a party: by RFC 4733 from the media server, by INFO in a direct call',
    body: 'DtmfCall',
    problems: [...CONNECTED, 'call_busy'],
  }),
  command('info', {
    id: 'sendInfo',
    summary: 'Sends an INFO to a party',
    body: 'InfoCall',
    problems: CONNECTED,
  }),
  command('move', {
    id: 'moveCall',
    summary: 'Moves the media of a call to the media server, or back to the parties',
    body: 'MoveCall',
    problems: [...CONNECTED, 'call_busy', 'media_in_use'],
  }),
];

export const CALL_OPERATIONS: readonly Operation[] = [...CALLS, ...COMMANDS];
