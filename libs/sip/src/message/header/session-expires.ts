import { decimal } from '../characters';
import { Params } from '../params';

export type Refresher = 'uac' | 'uas';

/** Session-Expires (RFC 4028 §4). */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher?: Refresher;
}

/** undefined when malformed; a refresher that is neither uac nor uas is malformed. */
export function decodeSessionExpires(text: string): SessionExpires | undefined {
  const semicolon = text.indexOf(';');
  const seconds = decimal((semicolon < 0 ? text : text.slice(0, semicolon)).trimEnd());
  const params = Params.parse(semicolon < 0 ? '' : text.slice(semicolon));
  if (seconds === undefined || !params) return undefined;
  if (!params.has('refresher')) return { seconds };
  const refresher = params.get('refresher')?.toLowerCase();
  return refresher === 'uac' || refresher === 'uas' ? { seconds, refresher } : undefined;
}

export const encodeSessionExpires = (value: SessionExpires): string =>
  value.refresher === undefined ? String(value.seconds) : `${value.seconds};refresher=${value.refresher}`;
