/** Why a command that was accepted came to nothing: `error.code` of `command.failed`; docs/errors.md is compared with it by a spec. */
export const COMMAND_FAILURES = {
  party_refused: 'A party refused what was sent to it.',
  media_server_refused: 'The media server refused the request.',
  media_server_failed: 'The media server reported that it failed.',
  media_unavailable: 'There was no media server, or the call could not be moved to it.',
  interrupted: 'The call ended, or its node was restarted, before the outcome was known.',
} as const satisfies Readonly<Record<string, string>>;

export const COMMAND_FAILURE_CODES = Object.keys(COMMAND_FAILURES) as (keyof typeof COMMAND_FAILURES)[];
