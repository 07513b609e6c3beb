import { arrowFor } from '@legato/kernel';
import { decodeAllow } from '../message/header/allow';
import { decodeMinSE, SMALLEST_MIN_SE_SECONDS } from '../message/header/min-se';
import { decodeOptionTags } from '../message/header/option-tags';
import type { Refresher } from '../message/header/session-expires';
import { decodeSessionExpires, encodeSessionExpires } from '../message/header/session-expires';
import type { SipMessage } from '../message/sip-message';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import type { SessionTimerAction, SessionTimerEvent } from './session-timer.machine';
import { sessionTimerMachine } from './session-timer.machine';
import { storeBody } from './stored-body';
import type { SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { SessionRequest, StoredBody, StoredRequest } from './usage-state';

export const REFRESH_TIMER = 'session refresh';
export const EXPIRY_TIMER = 'session expiry';
const RETRY_MS = 10_000;
const S = 1000;

/** @internal marks a refresh among the requests and re-INVITEs: its outcome is not told. */
export const REFRESH_TOKEN = 'session refresh';

const actions: Readonly<Record<SessionTimerAction, (usage: UsageContext, intervalMs: number) => void>> = {
  'start refresh timer': (usage, intervalMs) => usage.startTimer(REFRESH_TIMER, intervalMs / 2),
  'start retry timer': (usage) => usage.startTimer(REFRESH_TIMER, RETRY_MS),
  'stop refresh timer': (usage) => usage.stopTimer(REFRESH_TIMER),
  // A little before the end, for what has to pass firewalls (RFC 4028 §10).
  'start expiry timer': (usage, intervalMs) =>
    usage.startTimer(EXPIRY_TIMER, intervalMs - Math.min(32 * S, intervalMs / 3)),
  'stop expiry timer': (usage) => usage.stopTimer(EXPIRY_TIMER),
  'send refresh': sendRefresh,
  'lose dialog': (usage) => usage.move(usage, 'dialog lost', {}),
};

/** UPDATE without an offer where the peer takes it, else a re-INVITE with what we described last (RFC 4028 §7.4). */
export function sendRefresh(usage: UsageContext): void {
  const { state } = usage;
  if (state.peerTakesUpdate)
    (state.requests ??= []).push({ method: 'UPDATE', token: REFRESH_TOKEN, isRefresh: true });
  else if (state.localBody) {
    state.reinvite ??= { phase: 'Idle', cseq: 0, collisions: 0, body: null, wanted: [] };
    state.reinvite.wanted.push({ body: state.localBody, isRefresh: true });
  }
}

function step(usage: UsageContext, event: SessionTimerEvent, intervalS?: number): void {
  const { session } = usage.state;
  const arrow = arrowFor(sessionTimerMachine, session?.state ?? 'Off', event);
  if (!arrow) return;
  const seconds = intervalS ?? session?.intervalS ?? 0;
  if (arrow.to === 'Off') usage.state.session = undefined;
  else usage.state.session = { state: arrow.to, intervalS: seconds };
  for (const action of arrow.do) actions[action](usage, seconds * S);
}

/** The longest minimum that was heard of in this dialog, in seconds (RFC 4028 §7.4). */
function minSeS(usage: UsageContext): number {
  const ours = usage.output.sessionTimer?.minSeS ?? SMALLEST_MIN_SE_SECONDS;
  return Math.max(ours, usage.state.minSeS ?? 0, SMALLEST_MIN_SE_SECONDS);
}

/** What an INVITE or UPDATE of ours says of the session's interval (RFC 4028 §7.1, §7.4). */
export function sessionRequestHeaders(usage: UsageContext): [string, string][] {
  const { sessionTimer } = usage.output;
  if (!sessionTimer) return [];
  const { session } = usage.state;
  const least = minSeS(usage);
  const seconds = Math.max(session?.intervalS ?? sessionTimer.intervalS, least);
  const refresher: Refresher | undefined = session && (session.state === 'Watcher' ? 'uas' : 'uac');
  const value = encodeSessionExpires({ seconds, ...(refresher && { refresher }) });
  const headers: [string, string][] = [['Session-Expires', value]];
  if (least > SMALLEST_MIN_SE_SECONDS) headers.push(['Min-SE', String(least)]);
  return headers;
}

/** A 2xx to an INVITE or UPDATE of ours; without Session-Expires the peer knows no timers, and the refreshes are ours (§7.2). */
export function noteSessionResponse(usage: UsageContext, response: SipResponse): void {
  const { sessionTimer } = usage.output;
  if (!sessionTimer) return;
  notePeer(usage, response);
  const expires = decodeSessionExpires(response.headers.get('Session-Expires') ?? '');
  const seconds =
    expires?.seconds ?? Math.max(usage.state.session?.intervalS ?? sessionTimer.intervalS, minSeS(usage));
  step(usage, expires?.refresher === 'uas' ? 'peer refreshes' : 'we refresh', seconds);
}

/** What a request says of session timers, to be kept until its answer; undefined where they are not used. */
export function sessionRequestOf({ method, headers }: SipRequest): SessionRequest | undefined {
  if (method !== 'INVITE' && method !== 'UPDATE') return undefined;
  const expires = decodeSessionExpires(headers.get('Session-Expires') ?? '');
  const least = decodeMinSE(headers.get('Min-SE') ?? '');
  return {
    supportsTimer: decodeOptionTags(headers, 'Supported').includes('timer'),
    seconds: expires?.seconds,
    refresher: expires?.refresher,
    minSeS: least,
  };
}

/** Table 2 of RFC 4028 §9; where the choice is ours, whoever can refresh by UPDATE does. */
function refresherFor(usage: UsageContext, { supportsTimer, refresher }: SessionRequest): Refresher {
  if (!supportsTimer) return 'uas';
  if (refresher) return refresher;
  const { session, peerTakesUpdate } = usage.state;
  if (session) return session.state === 'Watcher' ? 'uac' : 'uas';
  return peerTakesUpdate ? 'uas' : 'uac';
}

/** What our 2xx to an INVITE or UPDATE says of the session's interval, which begins now (RFC 4028 §9). */
export function sessionAnswerHeaders(usage: UsageContext, stored: StoredRequest): [string, string][] {
  const { sessionTimer } = usage.output;
  const { session } = stored;
  if (!sessionTimer || !session) return [];
  if (session.minSeS !== undefined) usage.state.minSeS = Math.max(usage.state.minSeS ?? 0, session.minSeS);
  const seconds = session.seconds ?? Math.max(sessionTimer.intervalS, minSeS(usage));
  const refresher = refresherFor(usage, session);
  step(usage, refresher === 'uas' ? 'we refresh' : 'peer refreshes', seconds);
  const headers: [string, string][] = [['Session-Expires', encodeSessionExpires({ seconds, refresher })]];
  if (session.supportsTimer) headers.push(['Require', 'timer']);
  return headers;
}

/** A refresh without offer needs no answer of the TU (RFC 4028 §7.4). */
export const isRefreshOfPeer = (usage: UsageContext, request: SipRequest): boolean =>
  usage.output.sessionTimer !== undefined && request.method === 'UPDATE' && request.body.length === 0;

/** What a peer says that it takes (RFC 3311 §4). */
export function notePeer(usage: UsageContext, message: SipMessage): void {
  const allow = decodeAllow(message.headers);
  if (!usage.output.sessionTimer || !allow) return;
  usage.state.peerTakesUpdate = allow.includes('UPDATE');
  if (usage.state.peerTakesUpdate) usage.state.localBody = undefined;
}

/** Keeps what we described last, for a refresh by re-INVITE. */
export function noteLocalBody(usage: UsageContext, body: SdpBody | undefined): void {
  if (body) noteStoredBody(usage, storeBody(body));
}

/** The same, of a body that is stored already. */
export function noteStoredBody(usage: UsageContext, body: StoredBody | null): void {
  if (usage.output.sessionTimer && !usage.state.peerTakesUpdate && body) usage.state.localBody = body;
}

/** A 422 says how long the interval has to be at least; false when that is nothing new (RFC 4028 §7.3). */
export function raiseMinSE(usage: UsageContext, response: SipResponse): boolean {
  const least = decodeMinSE(response.headers.get('Min-SE') ?? '');
  if (!usage.output.sessionTimer || least === undefined || least <= minSeS(usage)) return false;
  usage.state.minSeS = least;
  return true;
}

/** The outcome of a refresh other than 2xx, 408 and 481; a 422 is tried again at once. */
export function refreshRefused(usage: UsageContext, response: SipResponse | undefined): void {
  const again = response?.status === 422 && raiseMinSE(usage, response);
  step(usage, 'refresh refused');
  if (again) step(usage, 'half time');
}

export const fireRefreshTimer = (usage: UsageContext): void => step(usage, 'half time');
export const fireExpiryTimer = (usage: UsageContext): void => step(usage, 'expiry');

/** With a BYE. */
export function stopSessionTimer(usage: UsageContext): void {
  step(usage, 'no interval');
}
