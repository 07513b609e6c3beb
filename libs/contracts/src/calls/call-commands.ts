import { z } from 'zod';
import { freeText } from '../text/free-text';
import { sipUriText } from '../text/sip-uri-text';
import { CALL_MODES, callSchema } from './call';

const MAX_DURATION_S = 86_400;
const MAX_RING_S = 600;
const leg = z.enum(['caller', 'callee']);

/** What a command that was accepted is answered with. */
export const commandedCallSchema = callSchema
  .extend({
    command_id: z.string().meta({ description: 'Events that tell of the outcome carry it.' }),
  })
  .meta({ description: 'The call as it was when the command was accepted.' });

/** The body of POST /v1/calls/{id}/answer. */
export const answerCallSchema = z
  .strictObject({ max_duration_s: z.int().min(1).max(MAX_DURATION_S).optional() })
  .meta({ description: 'How a caller that rings at an application is answered.' });
export type AnswerCall = z.infer<typeof answerCallSchema>;

const DECLINE = 603;
/** 401 and 407 would need a challenge beside them. */
const ASK_FOR_CREDENTIALS: readonly number[] = [401, 407];

/** The body of POST /v1/calls/{id}/reject. */
export const rejectCallSchema = z
  .strictObject({
    status: z
      .int()
      .min(400)
      .max(699)
      .refine((status) => !ASK_FOR_CREDENTIALS.includes(status), 'needs a challenge')
      .default(DECLINE)
      .meta({ description: 'The SIP status that the caller gets.' }),
  })
  .meta({ description: 'How a caller that rings at an application is refused.' });
export type RejectCall = z.infer<typeof rejectCallSchema>;

/** The body of POST /v1/calls/{id}/bridge. */
export const bridgeCallSchema = z
  .strictObject({
    to: sipUriText.meta({ description: 'Who is called.' }),
    mode: z
      .enum(CALL_MODES)
      .default('anchored')
      .meta({ description: 'Only a call that is not answered yet can be direct.' }),
    timeout_s: z
      .int()
      .min(1)
      .max(MAX_RING_S)
      .optional()
      .meta({ description: 'How long the party may ring.' }),
    on_hangup: z
      .enum(['end', 'continue'])
      .default('end')
      .meta({ description: 'What becomes of the call when the party that was called hangs up.' }),
  })
  .refine(({ mode, on_hangup }) => mode === 'anchored' || on_hangup === 'end', {
    path: ['on_hangup'],
    message: 'a direct call ends with its parties',
  })
  .meta({ description: 'A second party for a call.' });
export type BridgeCall = z.infer<typeof bridgeCallSchema>;

/** The body of POST /v1/calls/{id}/hangup. */
export const hangUpCallSchema = z
  .strictObject({
    reason: freeText(64)
      .min(1)
      .optional()
      .meta({ description: 'Told to the parties in a Reason header field (RFC 3326), and in the events.' }),
  })
  .meta({ description: 'How a call is ended.' });
export type HangUpCall = z.infer<typeof hangUpCallSchema>;

/** The body of POST /v1/calls/{id}/mute and of /unmute. */
export const muteCallSchema = z
  .strictObject({ leg: leg.meta({ description: 'The party whom the other does not hear.' }) })
  .meta({ description: 'Whose voice is meant.' });
export type MuteCall = z.infer<typeof muteCallSchema>;

/** The body of POST /v1/calls/{id}/dtmf. */
export const dtmfCallSchema = z
  .strictObject({
    leg: leg.meta({ description: 'The party that gets the digits.' }),
    digits: z.string().regex(/^[0-9A-D*#]{1,64}$/, 'expected 1 to 64 of 0-9 A-D * #'),
    duration_ms: z.int().min(40).max(5000).default(100).meta({ description: 'Of each digit.' }),
    interval_ms: z.int().min(40).max(5000).default(100).meta({ description: 'Between two digits.' }),
  })
  .meta({ description: 'Digits for a party.' });
export type DtmfCall = z.infer<typeof dtmfCallSchema>;

const MAX_INFO_CHARACTERS = 4096;
/** RFC 3261 §25.1: token "/" token, and nothing behind it. */
const MEDIA_TYPE = /^[A-Za-z0-9.!%*_+`'~-]{1,64}\/[A-Za-z0-9.!%*_+`'~-]{1,64}$/;
/** Would change the session, or speak to a media server in our name. */
const REFUSED_TYPES = ['application/sdp', 'application/xml', 'text/xml'];
const isRefused = (type: string) =>
  REFUSED_TYPES.includes(type) || type.includes('msml') || type.includes('moml');

/** The body of POST /v1/calls/{id}/info. */
export const infoCallSchema = z
  .strictObject({
    leg: leg.meta({ description: 'The party that gets the INFO.' }),
    content_type: z
      .string()
      .regex(MEDIA_TYPE, 'expected a media type without parameters')
      .refine((type) => !isRefused(type.toLowerCase()), 'this media type is not for parties'),
    body: z
      .string()
      .max(MAX_INFO_CHARACTERS)
      .regex(
        /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/,
        'must not contain control characters but TAB, CR and LF',
      ),
  })
  .meta({ description: 'An INFO for a party (RFC 6086).' });
export type InfoCall = z.infer<typeof infoCallSchema>;

/** The body of POST /v1/calls/{id}/move. */
export const moveCallSchema = z
  .strictObject({ mode: z.enum(CALL_MODES).meta({ description: 'Where the media are to flow.' }) })
  .meta({ description: 'Where the media of a call go.' });
export type MoveCall = z.infer<typeof moveCallSchema>;

/** Bodies of commands to a call, by the name of their component. */
export const CALL_COMMAND_SCHEMAS = {
  AnswerCall: answerCallSchema,
  RejectCall: rejectCallSchema,
  BridgeCall: bridgeCallSchema,
  HangUpCall: hangUpCallSchema,
  MuteCall: muteCallSchema,
  DtmfCall: dtmfCallSchema,
  InfoCall: infoCallSchema,
  MoveCall: moveCallSchema,
} as const;
