import { arrowFor } from '@legato/kernel';
import { decodeRAck } from '../message/header/rack';
import { parseDatagram } from '../message/message.parser';
import { serialize } from '../message/serializer';
import type { SipRequest } from '../message/sip-request';
import { noteInviteResponse, stepExchange } from './offer-answer';
import type { ReliableProvisionalAction, ReliableProvisionalEvent } from './reliable-provisional.machine';
import { reliableProvisionalMachine } from './reliable-provisional.machine';
import { noteLocalBody } from './session-timer';
import { answerAtOnce, serve } from './served-requests';
import { loadedBody, storeBody } from './stored-body';
import { answerTo } from './stored-request';
import type { HeaderList, SdpBody } from './usage-body';
import type { UsageContext } from './usage-context';
import type { KeptResponse, ReliableProvisionals } from './usage-state';

export const PRACK_TIMER = 'PRACK';
const MAX_FIRST_RSEQ = 0x7fffffff;

interface Input {
  readonly status?: number;
  readonly body?: SdpBody | undefined;
  readonly headers?: HeaderList | undefined;
  readonly prack?: SipRequest;
  readonly transactionKey?: string;
}

type Action = (usage: UsageContext, reliable: ReliableProvisionals, input: Input) => void;

function keep({ status = 0, body, headers }: Input): KeptResponse {
  return { status, ...(body && { body: storeBody(body) }), ...(headers && { headers }) };
}

function sendReliably(usage: UsageContext, reliable: ReliableProvisionals, input: Input): void {
  const { incoming } = usage.state;
  if (!incoming) return;
  // The first number is random, below 2^31; each further one is the next (RFC 3262 §3).
  reliable.rseq = reliable.rseq === 0 ? firstRSeq(usage) : reliable.rseq + 1;
  const headers: HeaderList = [
    ['Require', '100rel'],
    ['RSeq', String(reliable.rseq)],
    ...(input.headers ?? []),
  ];
  const response = answerTo(usage, incoming.request, input.status ?? 183, { body: input.body, headers });
  noteInviteResponse(usage, 'send', response.status, input.body !== undefined);
  noteLocalBody(usage, input.body);
  reliable.latin1 = serialize(response).toString('latin1');
  reliable.intervalMs = usage.output.timers.T1;
  reliable.elapsedMs = 0;
  usage.output.sendResponse(usage.id, incoming.transactionKey, response);
  usage.startTimer(PRACK_TIMER, reliable.intervalMs);
}

const firstRSeq = (usage: UsageContext): number =>
  1 + (parseInt(usage.output.ids.token(4), 16) % (MAX_FIRST_RSEQ - 1));

function sendAgain(usage: UsageContext, reliable: ReliableProvisionals): void {
  const copy = parseDatagram(Buffer.from(reliable.latin1, 'latin1'));
  const { incoming } = usage.state;
  if (incoming && copy.ok && copy.message.kind === 'response') {
    if (incoming.request.flow) copy.message.flow = incoming.request.flow;
    usage.output.sendResponse(usage.id, incoming.transactionKey, copy.message);
  }
  // Doubles without the cap at T2 that a 2xx has (RFC 3262 §3).
  reliable.intervalMs = Math.min(reliable.intervalMs * 2, usage.patienceMs - reliable.elapsedMs);
  usage.startTimer(PRACK_TIMER, reliable.intervalMs);
}

/** A PRACK with a body brings an answer or a new offer: the TU answers it. */
function answerPrack(usage: UsageContext, { prack, transactionKey }: Input): void {
  if (!prack || transactionKey === undefined) return;
  if (prack.body.length === 0) {
    answerAtOnce(usage, prack, transactionKey, 200);
    return;
  }
  const answers = usage.state.exchange?.state === 'Offer sent';
  stepExchange(usage, answers ? 'receive answer' : 'receive offer', answers ? 'INVITE' : 'PRACK');
  if (answers) usage.state.answeredEarly = true;
  serve(usage, prack, transactionKey);
  usage.tell({ type: 'request', request: prack, transactionKey });
}

function sendKept(usage: UsageContext, reliable: ReliableProvisionals): void {
  const next = reliable.kept.shift();
  if (next) step(usage, '1xx from TU', { ...next, body: loadedBody(next.body) });
  else if (reliable.heldAnswer)
    step(usage, '2xx from TU', { ...reliable.heldAnswer, body: loadedBody(reliable.heldAnswer.body) });
}

const actions: Readonly<Record<ReliableProvisionalAction, Action>> = {
  'send reliable 1xx': sendReliably,
  'send reliable 1xx again': sendAgain,
  'keep 1xx for later': (_usage, reliable, input) => void reliable.kept.push(keep(input)),
  'hold 2xx': (_usage, reliable, input) => {
    reliable.heldAnswer = keep(input);
  },
  'send 2xx': (usage, _reliable, input) => usage.move(usage, 'send 2xx', input),
  'stop retransmission': (usage, reliable) => {
    reliable.latin1 = '';
    usage.stopTimer(PRACK_TIMER);
  },
  'answer PRACK': (usage, _reliable, input) => answerPrack(usage, input),
  'send what was kept': sendKept,
  'reject INVITE': (usage) => usage.move(usage, 'no PRACK', {}),
};

function step(usage: UsageContext, event: ReliableProvisionalEvent, input: Input = {}): void {
  const { reliable } = usage.state;
  if (!reliable) return;
  const arrow = arrowFor(reliableProvisionalMachine, reliable.state, event);
  if (!arrow) return;
  reliable.state = arrow.to;
  for (const action of arrow.do) actions[action](usage, reliable, input);
}

/** Whether a provisional response has to, or is to, be sent reliably (RFC 3262 §3). */
function wantsReliability(usage: UsageContext, status: number, hasBody: boolean): boolean {
  const support = usage.state.incoming?.request.reliability;
  if (status <= 100 || support === undefined) return false;
  if (support === 'required') return true;
  return hasBody && usage.supports('100rel');
}

/** A provisional response of the TU; false when it is to be sent the plain way. */
export function sendProvisionalReliably(
  usage: UsageContext,
  status: number,
  body: SdpBody | undefined,
  headers: HeaderList | undefined,
): boolean {
  if (!wantsReliability(usage, status, body !== undefined)) return false;
  usage.state.reliable ??= {
    state: 'All acknowledged',
    rseq: 0,
    latin1: '',
    intervalMs: 0,
    elapsedMs: 0,
    kept: [],
  };
  step(usage, '1xx from TU', { status, body, headers });
  return true;
}

/** The 2xx of the TU: waits for the PRACK of what was sent before. False when there is nothing reliable. */
export function sendAnswerReliably(
  usage: UsageContext,
  body: SdpBody | undefined,
  headers: HeaderList | undefined,
): boolean {
  if (!usage.state.reliable) return false;
  step(usage, '2xx from TU', { status: 200, body, headers });
  return true;
}

/** 481 unless it is for the response that waits for it (RFC 3262 §3). */
export function receivePrack(usage: UsageContext, prack: SipRequest, transactionKey: string): void {
  const { reliable, dialog } = usage.state;
  const rack = decodeRAck(prack.headers.get('RAck') ?? '');
  const matches =
    reliable?.state === 'Unacknowledged' &&
    rack?.responseNumber === reliable.rseq &&
    rack.cseq.method === 'INVITE' &&
    rack.cseq.number === usage.state.incoming?.request.cseq;
  if (matches && dialog) step(usage, 'PRACK', { prack, transactionKey });
  else answerAtOnce(usage, prack, transactionKey, 481);
}

export function firePrackTimer(usage: UsageContext): void {
  const { reliable } = usage.state;
  if (!reliable) return;
  reliable.elapsedMs += reliable.intervalMs;
  step(usage, reliable.elapsedMs >= usage.patienceMs ? '64*T1' : 'retransmission timer');
}
