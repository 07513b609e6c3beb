import { arrowFor } from '@legato/kernel';
import type { MsmlDialogResult, MsmlOperation, MsmlOutcome } from '@legato/msml';
import { isGone } from '@legato/msml';
import type { Call } from '../call/call';
import { mediaOf } from '../call/call-snapshot';
import type { CollectId, CollectRequest, CollectSnapshot } from '../call/collect-snapshot';
import type { ParticipantId } from '../conference/conference-snapshot';
import { collectOperations } from '../media-control/collect-requests';
import type { MediaFailure } from '../media-control/dialog-report';
import { failureOf, isStarted, refusalOf, reported } from '../media-control/dialog-report';
import { connectionId, presentLegs } from '../media-control/join-connections';
import { endOperations } from '../media-control/play-requests';
import type { CollectAction, CollectState, CollectTrigger } from './collect.machine';
import { collectMachine } from './collect.machine';
import { keepLatest, nextOrder } from './keep-latest';
import {
  areRecordingsSteady,
  recordingsSilenced,
  silenceRecordings,
  unsilenceRecordings,
} from './pause-recording';

const FINAL: readonly CollectState[] = ['matched', 'no_input', 'no_match', 'terminated', 'failed'];

/** Whether the collection still owes its outcome. */
export const isCollectActive = ({ state }: CollectSnapshot): boolean => !FINAL.includes(state);

/** The collections of a call, in the order they were asked for. */
export const collectsOf = (call: Pick<Call, 'snapshot'>): CollectSnapshot[] =>
  (call.snapshot.collects ??= []);

/** Whether something is being keyed that nobody may record. */
export const isSensitive = (call: Call): boolean =>
  collectsOf(call).some(
    (collect) => collect.request.sensitive && isCollectActive(collect) && collect.state !== 'queued',
  );

const actions: Readonly<Record<CollectAction, (call: Call, collect: CollectSnapshot) => void>> = {
  'silence recordings and send dialogstart': (call, collect) =>
    sendStart(call, collect, collect.request.sensitive ? silenceRecordings(call, collect.id) : []),
  'send dialogstart': (call, collect) => {
    collect.attempt += 1;
    sendStart(call, collect, []);
  },
  'send dialogend': (call, collect) => {
    const operations = endOperations({ targets: [collect.target ?? ''], name: dialogName(collect) });
    call.submit('caller media', `collect stop ${collect.id}`, operations);
  },
  'note start': (call, collect) => {
    collect.startedAt ??= call.runtime.clock.wallTime();
  },
  'log collect.finished': (call, collect) => {
    collect.endedAt = call.runtime.clock.wallTime();
    call.log('collect.finished', {
      collect_id: collect.id,
      leg: collect.request.leg,
      outcome: collect.state,
      sensitive: collect.request.sensitive,
      digits: collect.digits,
      error: collect.error,
    });
  },
};

const dialogName = ({ id, attempt }: CollectSnapshot): string => `${id}.${attempt}`;
const dialogOf = (collect: CollectSnapshot): string => `${collect.target}/dialog:${dialogName(collect)}`;

/** A prompt for the occasion, and then the one that asks. */
function promptOf({ request, missed }: CollectSnapshot): CollectRequest['prompt'] {
  const { prompt, noInputPrompt = [], noMatchPrompt = [] } = request;
  if (missed === undefined) return prompt;
  return [...(missed === 'no_input' ? noInputPrompt : noMatchPrompt), ...prompt];
}

function sendStart(call: Call, collect: CollectSnapshot, first: MsmlOperation[]): void {
  collect.target = connectionId(call, mediaOf(collect.request.leg));
  call.mediaDialogs.watch(dialogOf(collect));
  const names = { target: collect.target, name: dialogName(collect) };
  const start = collectOperations(names, { ...collect.request, prompt: promptOf(collect) });
  call.submit('caller media', `collect start ${collect.id}`, [...first, ...start]);
}

function trigger(call: Call, collect: CollectSnapshot, what: CollectTrigger): void {
  const arrow = arrowFor(collectMachine, collect.state, what);
  if (!arrow) return;
  collect.state = arrow.to;
  if (collect.state !== 'matched') call.secretDigits.delete(collect.id);
  for (const action of arrow.do) actions[action](call, collect);
  if (isCollectActive(collect)) return;
  if (collect.target !== undefined) call.mediaDialogs.forget(dialogOf(collect));
  if (collect.request.sensitive) {
    unsilenceRecordings(call, collect.id);
    call.runtime.onSecretKeying.ends(call, collect.id);
  }
  const { id, error, digits = call.secretDigits.get(id) } = collect;
  call.mediaWorkFinished({
    kind: 'collect',
    id,
    outcome: collect.state,
    ...(digits !== undefined && { digits }),
    ...(error && { error }),
  });
}

/** Puts a collection of digits into the queue of media work; a direct call moves to the media server first. */
export function requestCollect(call: Call, request: CollectRequest): CollectSnapshot {
  const collects = collectsOf(call);
  keepLatest(collects, isCollectActive);
  const collect: CollectSnapshot = {
    id: `collect_${call.runtime.ids.uuidv7()}` as CollectId,
    request,
    createdAt: call.runtime.clock.wallTime(),
    order: nextOrder(call),
    state: 'queued',
    attempt: 1,
  };
  collects.push(collect);
  call.beginMediaWork();
  return collect;
}

/** What it waited for is over. A sensitive one waits until every recording is known to run, or to be paused. */
export function beginCollect(call: Call, collect: CollectSnapshot): void {
  if (!presentLegs(call).includes(collect.request.leg)) {
    collect.error = { code: 'leg_not_connected', detail: `The call has no ${collect.request.leg}` };
    trigger(call, collect, 'media failed');
  } else if (!collect.request.sensitive) trigger(call, collect, 'its turn');
  else if (isUnheard(call, collect) && areRecordingsSteady(call)) trigger(call, collect, 'its turn');
}

/** Whether nobody in the conference that the call is in hears the party; asks for it otherwise. */
function isUnheard(call: Call, { id, unheardAs }: CollectSnapshot): boolean {
  const { conferenceMembership } = call.snapshot;
  if (!conferenceMembership || unheardAs === conferenceMembership.participant) return true;
  call.runtime.onSecretKeying.begins(call, id);
  return false;
}

/** The conference that the call is in lets nobody hear what is keyed, or with `error` it can not. */
export function unheardInConference(
  call: Call,
  told: {
    readonly participant: ParticipantId;
    readonly collects: readonly string[];
    readonly error?: MediaFailure;
  },
): void {
  for (const collect of collectsOf(call)) {
    if (collect.state !== 'queued' || !told.collects.includes(collect.id)) continue;
    if (told.error) {
      collect.error = told.error;
      trigger(call, collect, 'media failed');
    } else collect.unheardAs = told.participant;
  }
  call.beginMediaWork();
}

/** Sensitive collections that are under way, or wait for their turn. */
export const secretsKeyed = (call: Pick<Call, 'snapshot'>): CollectId[] =>
  collectsOf(call)
    .filter((collect) => collect.request.sensitive && isCollectActive(collect))
    .map(({ id }) => id);

export const stopCollect = (call: Call, collect: CollectSnapshot): void => trigger(call, collect, 'stop');

/** Something happened to the media of the call as a whole. */
export function tellCollects(
  call: Call,
  what: Extract<CollectTrigger, 'media failed' | 'call ends' | 'taken over' | 'lost'>,
): void {
  for (const collect of collectsOf(call).filter(isCollectActive)) {
    if (what === 'media failed' && collect.state !== 'queued') continue;
    if (what === 'media failed') {
      collect.error = { code: 'media_unavailable', detail: 'The call could not be moved to a media server' };
    } else if (what === 'lost') {
      collect.error = {
        code: 'media_server_lost',
        detail: 'The media server let go before the end of the collection',
      };
    }
    trigger(call, collect, what);
  }
}

/** The media server answered a request that starts, or stops, a collection. */
export function receiveCollectOutcome(call: Call, verb: string, id: string, outcome: MsmlOutcome): void {
  const collect = collectsOf(call).find((candidate) => candidate.id === id);
  if (!collect) return;
  // Refused or not: what stands before the failure has been carried out (RFC 5707 §5).
  if (verb === 'start') recordingsSilenced(call, id);
  if (!isCollectActive(collect)) return;
  if (verb === 'stop') call.mediaDialogs.receiveEnd(dialogOf(collect), outcome);
  const isDone = verb === 'start' ? isStarted(outcome) : isGone(outcome);
  if (!isDone) collect.error = refusalOf(outcome);
  if (verb === 'start') trigger(call, collect, isDone ? 'started' : 'start refused');
  else if (!isDone) trigger(call, collect, 'stop refused');
}

/** The collection that a dialog called `name` belongs to. */
export const collectOfDialog = (call: Call, name: string | undefined): CollectSnapshot | undefined =>
  name === undefined ? undefined : collectsOf(call).find(({ id }) => name.startsWith(`${id}.`));

/** What the dialog of one attempt came to. */
export function collectDialogFinished(call: Call, name: string, result: MsmlDialogResult): void {
  const collect = collectOfDialog(call, name);
  if (!collect || name !== dialogName(collect)) return;
  const failure = failureOf(result);
  if (failure) {
    collect.error = failure;
    trigger(call, collect, 'broke off');
    return;
  }
  const end = reported(result.values, 'dtmf.end');
  if (end === 'dtmf.match') {
    const digits = reported(result.values, 'dtmf.digits');
    if (digits !== undefined) collect.digits = withoutKey(collect, digits);
    trigger(call, collect, 'matched');
  } else if (end === 'dtmf.noinput') miss(call, collect, 'no_input');
  else if (end === 'dtmf.nomatch') miss(call, collect, 'no_match');
  else trigger(call, collect, 'ended');
}

function miss(call: Call, collect: CollectSnapshot, missed: 'no_input' | 'no_match'): void {
  collect.missed = missed;
  if (collect.attempt <= collect.request.retries) trigger(call, collect, 'missed, once more');
  else trigger(call, collect, missed === 'no_input' ? 'no input' : 'no match');
}

/** The key that says "done" is reported, but no part of what was keyed. */
export function withoutKey({ request }: CollectSnapshot, digits: string): string {
  const term = 'term' in request.digits ? request.digits.term : undefined;
  return term !== undefined && digits.endsWith(term) ? digits.slice(0, -term.length) : digits;
}
