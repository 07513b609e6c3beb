import type { Flow } from '../message/flow';
import { Headers } from '../message/headers';
import { NameAddr } from '../message/name-addr';
import { SipRequest } from '../message/sip-request';
import { SipUri } from '../message/sip-uri';
import type { DialogState } from './dialog-state';

const MAX_FORWARDS = 70;
export interface InDialogRequestOptions {
  /** CSeq number: that of the INVITE for its ACK; the next one of the dialog otherwise. */
  readonly cseq?: number;
  /** Contact value, for target refresh requests (§12.2.1.1). */
  readonly contact?: string;
  readonly headers?: Iterable<readonly [string, string]>;
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

const withTag = (address: string, tag: string): string => (tag === '' ? address : `${address};tag=${tag}`);

interface Routing {
  readonly requestUri: string;
  readonly routes: readonly string[];
}

/** Request-URI and Route of a loose or a strict first hop (RFC 3261 §12.2.1.1). */
function routing(dialog: DialogState): Routing {
  const [first, ...rest] = dialog.routeSet;
  const firstHop = first === undefined ? undefined : NameAddr.parse(first);
  if (!firstHop) return { requestUri: dialog.remoteTarget, routes: [] };
  const uri = SipUri.parse(firstHop.uri);
  if (!uri || uri.params.has('lr')) return { requestUri: dialog.remoteTarget, routes: dialog.routeSet };
  // A Request-URI has neither a method parameter nor headers (§19.1.1 table 1).
  uri.params.delete('method');
  const requestUri = uri.toString().replace(/\?.*$/, '');
  return { requestUri, routes: [...rest, `<${dialog.remoteTarget}>`] };
}

/**
 * A request within a dialog, without Via (RFC 3261 §12.2.1.1). Takes the next sequence number of `dialog` unless
 * `options.cseq` says which. Throws TypeError when an added value would not survive the wire.
 */
export function createInDialogRequest(
  dialog: DialogState,
  method: string,
  options: InDialogRequestOptions = {},
): SipRequest {
  if (options.cseq === undefined) dialog.localCSeq += 1;
  const { requestUri, routes } = routing(dialog);
  const headers = new Headers();
  for (const route of routes) headers.append('Route', route);
  headers.append('Max-Forwards', String(MAX_FORWARDS));
  headers.append('From', withTag(dialog.localUri, dialog.localTag));
  headers.append('To', withTag(dialog.remoteUri, dialog.remoteTag));
  headers.append('Call-ID', dialog.sipCallId);
  headers.append('CSeq', `${options.cseq ?? dialog.localCSeq} ${method}`);
  if (options.contact !== undefined) headers.append('Contact', options.contact);
  for (const [name, value] of options.headers ?? []) headers.append(name, value);
  if (options.body && options.body.length > 0)
    headers.append('Content-Type', options.contentType ?? 'application/sdp');
  return new SipRequest(method, requestUri, headers, options.body);
}

/**
 * Where to send a request of this dialog when its URIs can not be relied on: to the flow of the peer when there is no route and
 * the peer's Contact names a private or invalid address that its packets do not come from, as behind NAT (RFC 5626 §3.1's
 * reuse of the flow, without registration). undefined: as the URIs say.
 */
export function fallbackTarget(dialog: DialogState): Flow | undefined {
  const { flow } = dialog;
  if (!flow || dialog.routeSet.length > 0) return undefined;
  const uri = SipUri.parse(dialog.remoteTarget);
  if (flow.protocol === 'WS' || flow.protocol === 'WSS') return flow;
  if (!uri || uri.host === '' || uri.host.endsWith('.invalid')) return flow;
  return isPrivate(uri.host) && !isPrivate(flow.remote.host) && !isLoopback(flow.remote.host)
    ? flow
    : undefined;
}

const isLoopback = (host: string): boolean => host.startsWith('127.') || host === '::1';

/** RFC 1918 and RFC 6598. */
const isPrivate = (host: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[\d.]+$/.test(host);
