import { Params } from '../params';

/** Replaces (RFC 3891 §6.1): the dialog that the new one takes the place of, as seen by the receiver. */
export interface ReplacesValue {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
}

/** undefined when malformed or without both tags. */
export function decodeReplaces(text: string): ReplacesValue | undefined {
  const semicolon = text.indexOf(';');
  const callId = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  const params = semicolon < 0 ? undefined : Params.parse(text, semicolon);
  const toTag = params?.get('to-tag');
  const fromTag = params?.get('from-tag');
  if (callId === '' || !params || toTag === undefined || fromTag === undefined) return undefined;
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

export const encodeReplaces = (value: ReplacesValue): string =>
  `${value.callId};to-tag=${value.toTag};from-tag=${value.fromTag}${value.earlyOnly ? ';early-only' : ''}`;
