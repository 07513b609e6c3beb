import { arrowFor } from '@legato/kernel';
import { refreshTarget } from '../dialog/receive-in-dialog';
import type { SipResponse } from '../message/sip-response';
import { sendAck } from './acknowledgement';
import { credentialsFor, MAX_CHALLENGES } from './authorization';
import { exchangeState, noteInviteResponse, stepExchange } from './offer-answer';
import type { ReinviteAction, ReinvitePhase, ReinviteTrigger } from './reinvite.machine';
import { reinviteMachine } from './reinvite.machine';
import { hasServedInvite } from './served-requests';
import {
  noteLocalBody,
  noteSessionResponse,
  noteStoredBody,
  refreshRefused,
  sessionRequestHeaders,
} from './session-timer';
import { loadBody, loadedBody, storeBody } from './stored-body';
import type { SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { ReinviteState } from './usage-state';

export const GLARE_TIMER = 'glare';
export const REINVITE_LIMIT_TIMER = 're-INVITE';
/** A peer that answers 491 for ever is refused in the end. */
const MAX_COLLISIONS = 10;

interface Input {
  readonly response?: SipResponse;
  readonly status?: number;
  readonly body?: SdpBody | undefined;
}

type Action = (usage: UsageContext, reinvite: ReinviteState, input: Input) => void;

function tellRefused(usage: UsageContext, status: number, response?: SipResponse): void {
  usage.tell({ type: 'refused', purpose: 're-INVITE', status, ...(response && { response }) });
}

const actions: Readonly<Record<ReinviteAction, Action>> = {
  'send re-INVITE': (usage, reinvite) => {
    const headers: [string, string][] = [['Allow', usage.output.allow]];
    if (usage.supported.length > 0) headers.push(['Supported', usage.supported.join(', ')]);
    headers.push(...sessionRequestHeaders(usage));
    headers.push(...(reinvite.credentials ?? []).map(([name, value]): [string, string] => [name, value]));
    if (reinvite.body) stepExchange(usage, 'send offer', 'INVITE');
    reinvite.cseq = usage.send('INVITE', { contact: usage.contact, headers, ...loadBody(reinvite.body) });
  },
  'refresh target': (usage, { body }, { response }) => {
    if (!response) return;
    noteStoredBody(usage, body);
    refreshTarget(usage.dialog, response);
    noteInviteResponse(usage, 'receive', response.status, response.body.length > 0);
    noteSessionResponse(usage, response);
  },
  'tell accepted': (usage, reinvite, { response }) => {
    // The TU knows nothing of a refresh, which changes nothing.
    if (reinvite.isRefresh) step(usage, 'send ACK');
    else if (response) usage.tell({ type: 'accepted', purpose: 're-INVITE', response });
  },
  'tell refused': (usage, reinvite, { status = 503, response }) => {
    stepExchange(usage, 'refused', 'INVITE');
    if (reinvite.isRefresh) refreshRefused(usage, response);
    else tellRefused(usage, status, response);
  },
  'lose dialog': (usage) => usage.move(usage, 'dialog lost', {}),
  'send ACK': (usage, { cseq }, { body }) => {
    stepExchange(usage, 'send answer', 'INVITE');
    noteLocalBody(usage, body);
    sendAck(usage, cseq, body, usage.state.reinvite?.credentials);
  },
  'start glare timer': (usage, reinvite) => {
    stepExchange(usage, 'refused', 'INVITE');
    reinvite.collisions += 1;
    usage.startTimer(GLARE_TIMER, glareDelayMs(usage));
  },
  'start time limit': (usage) => usage.startTimer(REINVITE_LIMIT_TIMER, 2 * usage.patienceMs),
  'stop time limit': (usage) => usage.stopTimer(REINVITE_LIMIT_TIMER),
  'send CANCEL': (usage) => usage.output.sendCancel(usage.id),
};

/** In units of 10 ms: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other (RFC 3261 §14.1). */
function glareDelayMs(usage: UsageContext): number {
  const random = parseInt(usage.output.ids.token(4), 16);
  const [least, most] = usage.dialog.role === 'UAC' ? [210, 400] : [0, 200];
  return 10 * (least + (random % (most - least + 1)));
}

function step(usage: UsageContext, trigger: ReinviteTrigger, input: Input = {}): void {
  const { reinvite } = usage.state;
  if (!reinvite) return;
  const arrow = arrowFor(reinviteMachine, reinvite.phase, trigger);
  if (!arrow) return;
  reinvite.phase = arrow.to;
  for (const action of arrow.do) actions[action](usage, reinvite, input);
}

const phaseOf = (usage: UsageContext): ReinvitePhase => usage.state.reinvite?.phase ?? 'Idle';

/** An INVITE of ours is under way: one of the peer now is glare (RFC 3261 §14.2). */
export const isReinviting = (usage: UsageContext): boolean => ['Sent', 'Answered'].includes(phaseOf(usage));

export function wantReinvite(usage: UsageContext, body: SdpBody | undefined): void {
  usage.state.reinvite ??= { phase: 'Idle', cseq: 0, collisions: 0, body: null, wanted: [] };
  usage.state.reinvite.wanted.push({ body: body ? storeBody(body) : null });
}

/** No INVITE transaction of the dialog is under way in either direction (RFC 3261 §14.1). */
function isClear(usage: UsageContext): boolean {
  const { state } = usage;
  const isFree = !hasServedInvite(usage) && !state.sentTwoHundreds && exchangeState(usage) === 'Stable';
  return state.phase === 'Established' && isFree;
}

/** Sends the next re-INVITE that is wanted, when its time has come. */
export function pumpReinvites(usage: UsageContext): void {
  const { reinvite } = usage.state;
  if (!reinvite) return;
  if (reinvite.phase === 'Idle') {
    const wanted = reinvite.wanted.shift();
    if (!wanted) {
      usage.state.reinvite = undefined;
      return;
    }
    reinvite.credentials = undefined;
    reinvite.challenges = undefined;
    Object.assign(reinvite, { body: wanted.body, isRefresh: wanted.isRefresh ?? false, collisions: 0 });
    step(usage, 'wanted');
  }
  if (isClear(usage)) step(usage, 'no INVITE under way');
}

function triggerFor(reinvite: ReinviteState, status: number): ReinviteTrigger | undefined {
  if (status < 200) return undefined;
  if (status < 300) return '2xx';
  if (status === 491 && reinvite.collisions < MAX_COLLISIONS) return '491';
  return status === 481 || status === 408 ? '481 or 408' : '3xx-6xx';
}

/** Sends it again with credentials (RFC 3261 §22). */
function authorizeReinvite(usage: UsageContext, reinvite: ReinviteState, response: SipResponse): boolean {
  const { challenges = 0, body } = reinvite;
  if (challenges >= MAX_CHALLENGES || usage.state.phase !== 'Established') return false;
  const credentials = credentialsFor(
    usage,
    response,
    usage.dialog.remoteTarget,
    loadedBody(body ?? undefined)?.bytes,
    reinvite.credentials,
  );
  if (!credentials) return false;
  Object.assign(reinvite, { credentials, challenges: challenges + 1 });
  stepExchange(usage, 'refused', 'INVITE');
  step(usage, 'challenge');
  return true;
}

/** A response to our re-INVITE; false when it is to another request. */
export function receiveReinviteResponse(usage: UsageContext, response: SipResponse): boolean {
  const { reinvite } = usage.state;
  if (!reinvite || reinvite.phase !== 'Sent' || response.cseq.number !== reinvite.cseq) return false;
  if (authorizeReinvite(usage, reinvite, response)) return true;
  const trigger = triggerFor(reinvite, response.status);
  if (trigger) step(usage, trigger, { status: response.status, response });
  return true;
}

/** No response to our re-INVITE will come: 408 after a timeout ends the dialog, a transport error does not (RFC 3261 §14.1). */
export function failReinvite(usage: UsageContext, status: 408 | 503): void {
  step(usage, status === 408 ? '481 or 408' : '3xx-6xx', { status });
}

export const acknowledgeReinvite = (usage: UsageContext, body?: SdpBody): void =>
  step(usage, 'send ACK', { body });
export const fireGlareTimer = (usage: UsageContext): void => step(usage, 'glare timer');
export const fireReinviteLimit = (usage: UsageContext): void => step(usage, 'too long');

/** Before a BYE: the peer shall not wait for the ACK of its 2xx. */
export function acknowledgePendingReinvite(usage: UsageContext): void {
  if (phaseOf(usage) === 'Answered') acknowledgeReinvite(usage);
}

/** With a BYE: what was not sent will not be. */
export function abandonReinvite(usage: UsageContext): void {
  usage.stopTimer(GLARE_TIMER);
}

/** At the end: each re-INVITE that has no outcome gets one. */
export function tellReinvitesLost(usage: UsageContext): void {
  const { reinvite } = usage.state;
  if (!reinvite) return;
  const isOpen = ['Waiting', 'Sent', 'Backing off'].includes(reinvite.phase) && !reinvite.isRefresh;
  const waiting = reinvite.wanted.filter(({ isRefresh }) => !isRefresh).length;
  for (let i = 0; i < waiting + (isOpen ? 1 : 0); i++) tellRefused(usage, 481);
  usage.state.reinvite = undefined;
}
