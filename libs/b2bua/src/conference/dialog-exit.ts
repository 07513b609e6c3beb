import type { NameValue } from '@legato/msml';
import type { MediaFailure } from '../media-control/dialog-report';
import { reported } from '../media-control/dialog-report';

/** Events that say that a dialog ends; some servers send msml.dialog.exit after them, others do not (RFC 5707 §7.4). */
const ANNOUNCE_EXIT: readonly string[] = ['moml.exit', 'moml.error', 'moml.disconnect'];

export const announcesExit = (event: string): boolean => ANNOUNCE_EXIT.includes(event);

/** The failure that a dialog reported when it ended (RFC 5707 §9.6.1, §7.4). */
export function failureIn(values: readonly NameValue[]): MediaFailure | undefined {
  const status = reported(values, 'dialog.exit.status') ?? reported(values, 'moml.error.status');
  if (status === undefined) return undefined;
  const description =
    reported(values, 'dialog.exit.description') ?? reported(values, 'moml.error.description');
  return { code: 'media_server_failed', detail: `MSML ${status}: ${description ?? ''}`.trim() };
}
