import type { FlowDocument } from '../document/flow-document';
import { MOST_STEPS_TAKEN, USUAL_STEPS_TAKEN } from '../document/limits';
import type { Step, StepOf } from '../document/step-schemas';
import { isSensitive } from '../document/step-variables';
import { asksApplication, isGood, isInstant, isLast, nextOf } from '../document/step-ways';
import type { WebhookAnswer } from '../document/webhook-answer';
import { checkPiece } from '../check/check-piece';
import { addTo, caseOf } from './branch';
import { commandOf } from './command-of';
import { valueOf } from './fill';
import type { FlowCommand } from './flow-command';
import type { FlowFailure } from './flow-failures';
import type { TakenStep } from './flow-run';
import { FlowRun } from './flow-run';
import type { FlowState, Secrets } from './flow-state';

/** How what a step asked for turned out. */
export interface FlowOutcome {
  /** One of the outcomes of the step's type. */
  readonly outcome: string;
  /** gather: what was keyed. */
  readonly digits?: string;
  /** record: the id of the recording. */
  readonly recording?: string;
  /** webhook: what the application said. */
  readonly answer?: WebhookAnswer;
  /** Why it failed. */
  readonly error?: FlowFailure;
}

/** What one outcome led to: the steps taken, and what is wanted next; without a command the flow is over. */
export interface FlowTurn {
  readonly state: FlowState;
  readonly secrets: Secrets;
  readonly taken: readonly TakenStep[];
  readonly command?: FlowCommand;
  /** The flow is over, and another one takes the call in hand. */
  readonly flow?: string;
  /** The flow is over, and this is the SIP status for a caller that was not answered. */
  readonly status?: number;
}

const NO_SECRETS: Secrets = {};
/** The step count of a document is used up. */
const TOO_MANY_STEPS = 'too_many_steps';
const TOO_MANY_VARIABLES = 'too_many_variables';
const FAILED = 'failed';
const CASE = 'case';
/** RFC 3261 §21.6.2 */
const DECLINE = 603;

/** Where a flow begins, beside its document. */
export interface FlowBeginning {
  /** On top of those of the document. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Steps that the flows before it have taken in the same call. */
  readonly taken?: number;
}

/** The first step of a flow. */
export function beginFlow(document: FlowDocument, { variables, taken = 0 }: FlowBeginning = {}): FlowTurn {
  const state: FlowState = {
    step: document.start,
    taken,
    before: taken,
    variables: { ...document.variables, ...variables },
    secrets: {},
    outcomes: {},
    last: null,
    piece: null,
    end: null,
  };
  return walk(document, new FlowRun(document, state, NO_SECRETS), document.start);
}

/** Takes a flow on from the step under way: a pure function of the document, the state and the outcome. */
export function advanceFlow(
  document: FlowDocument,
  state: FlowState,
  outcome: FlowOutcome,
  secrets: Secrets = NO_SECRETS,
): FlowTurn {
  const run = new FlowRun(document, state, secrets);
  const step = run.find(state.step);
  if (state.end || !step) return settled(run);
  return walk(document, run, leave(run, step, receive(run, step, outcome)));
}

/**
 * Asks again for what the step under way wants, because its outcome was lost with the process that waited for it; a step
 * that needs sensitive digits, which were lost too, goes back to the one that asks for them.
 */
export function resumeFlow(document: FlowDocument, state: FlowState): FlowTurn {
  const run = new FlowRun(document, { ...state, taken: Math.max(0, state.taken - 1) }, NO_SECRETS);
  return state.end ? settled(run) : walk(document, run, state.step);
}

const settled = (run: FlowRun): FlowTurn => ({ state: run.state, secrets: run.secrets, taken: run.taken });

function finish(run: FlowRun, type: Step['type'], left: Left): undefined {
  run.note(type, left, null);
  run.end = { outcome: left.outcome, step: run.step };
  return undefined;
}

/** A step behind which nothing of this flow comes. */
function finishWith(run: FlowRun, step: StepOf<'flow' | 'reject' | 'hangup'>): FlowTurn {
  if (step.type === 'hangup') finish(run, step.type, { outcome: 'completed' });
  else finish(run, step.type, { outcome: step.type === 'flow' ? 'handed_over' : 'rejected' });
  if (step.type === 'flow') return { ...settled(run), flow: step.flow };
  return step.type === 'reject' ? { ...settled(run), status: step.status ?? DECLINE } : settled(run);
}

/** Takes steps until one has to be waited for, or the flow ends. */
function walk(document: FlowDocument, run: FlowRun, first: string | undefined): FlowTurn {
  const most = document.max_steps ?? USUAL_STEPS_TAKEN;
  let name = first;
  while (name !== undefined) {
    const step = enter(run, name, most);
    if (!step) break;
    if (isInstant(step)) {
      name = leave(run, step, doAtOnce(run, step));
      continue;
    }
    if (isLast(step)) return finishWith(run, step);
    const command = commandOf(step, run);
    if (command) return { ...settled(run), command };
    name = leave(run, step, { outcome: FAILED, error: UNFIT });
  }
  return settled(run);
}

/** Makes a step the one under way, or the one that asks again for sensitive digits that it needs. */
function enter(run: FlowRun, name: string, most: number): Step | undefined {
  const wanted = run.find(name);
  const again =
    wanted &&
    secretsOf(wanted)
      .map((secret) => run.asksAgain(secret))
      .find((asks) => asks !== undefined);
  const step = again === undefined ? wanted : run.find(again);
  if (!step) {
    run.end = { outcome: FAILED, step: run.step };
    return undefined;
  }
  if (run.count >= most || run.number >= MOST_STEPS_TAKEN) {
    run.end = { outcome: TOO_MANY_STEPS, step: run.step };
    return undefined;
  }
  run.step = again ?? name;
  run.number += 1;
  if (run.piece && !Object.hasOwn(run.piece.steps, run.step)) run.leavePiece();
  return step;
}

function secretsOf(step: Step): readonly string[] {
  if (step.type === 'branch') return step.variable === undefined ? [] : [step.variable];
  return step.type === 'webhook' ? (step.send ?? []) : [];
}

interface Left {
  readonly outcome: string;
  /** A step that goes before what the document says; null ends the flow. */
  readonly next?: string | null;
  readonly error?: FlowFailure;
}

const UNFIT: FlowFailure = {
  code: 'value_unfit',
  detail: 'The value of a variable does not fit the field that it is for.',
};
const NO_SUCH_STEP: FlowFailure = {
  code: 'application_answer_invalid',
  detail: 'The answer names a step that is not there, or has digits spoken that were keyed in confidence.',
};

/** Where the step under way leads; undefined when the flow ends with it. */
function leave(run: FlowRun, step: Step, left: Left): string | undefined {
  const { outcome, next } = left;
  if (outcome === TOO_MANY_VARIABLES) return finish(run, step.type, left);
  const to = next === undefined ? (wayOf(step, outcome) ?? run.piece?.asker) : (next ?? undefined);
  if (to === undefined) return finish(run, step.type, left);
  run.note(step.type, left, to);
  return to;
}

function wayOf(step: Step, outcome: string): string | undefined {
  const on = 'on' in step ? (step.on as Readonly<Record<string, string | undefined>> | undefined) : undefined;
  return on?.[outcome] ?? (isGood(step.type, outcome) ? nextOf(step) : undefined);
}

/** Keeps what an outcome brought, and says how the step turned out. */
function receive(run: FlowRun, step: Step, outcome: FlowOutcome): Left {
  if (step.type === 'gather' && outcome.digits !== undefined) return keepDigits(run, step, outcome);
  if (step.type === 'record' && outcome.recording !== undefined) {
    return run.hold(step.into ?? 'recording', outcome.recording) ? outcome : { outcome: TOO_MANY_VARIABLES };
  }
  if (asksApplication(step) && outcome.answer) return follow(run, step, outcome.answer);
  const { error } = outcome;
  return { outcome: outcome.outcome, ...(error && { error }) };
}

function keepDigits(run: FlowRun, step: StepOf<'gather'>, { outcome, digits = '' }: FlowOutcome): Left {
  const { term, into = 'digits' } = step;
  // The key that says "done" is reported, but no part of the data (RFC 5707 §9.7.5.2).
  const data = term !== undefined && digits.endsWith(term) ? digits.slice(0, -term.length) : digits;
  if (isSensitive(step)) run.holdSecret(into, data);
  else if (!run.hold(into, data)) return { outcome: TOO_MANY_VARIABLES };
  return { outcome };
}

/** An application answered: with variables, and with where to go on, or with steps of its own. */
function follow(run: FlowRun, step: StepOf<'webhook' | 'redirect'>, answer: WebhookAnswer): Left {
  if (!checkPiece(answer, { has: (name) => run.find(name) !== undefined, secrets: run.state.secrets })) {
    return { outcome: FAILED, error: NO_SUCH_STEP };
  }
  for (const [name, value] of Object.entries(answer.variables)) {
    if (!run.hold(name, value)) return { outcome: TOO_MANY_VARIABLES };
  }
  const outcome = 'answered';
  const { asker } = run;
  if (step.type === 'redirect') run.redirect(asker, step.url);
  if (!answer.steps) return onward(run, asker, answer.next);
  const [first] = Object.keys(answer.steps);
  if (first === undefined) return { outcome, next: null };
  if (asker !== run.step) run.leavePiece();
  run.piece = { asker, steps: answer.steps };
  return { outcome, next: first };
}

/** Behind an answer without steps; who was asked in the place of another goes on as that one would. */
function onward(run: FlowRun, asker: string, named: string | undefined): Left {
  const outcome = 'answered';
  if (named !== undefined) return { outcome, next: named };
  const step = asker === run.step ? undefined : run.find(asker);
  return step ? { outcome, next: nextOf(step) ?? null } : { outcome };
}

function doAtOnce(run: FlowRun, step: StepOf<'branch' | 'set'>): Left {
  if (step.type === 'branch') {
    const taken = step.cases[caseOf(step, run.state, run.secrets)];
    return taken ? { outcome: CASE, next: taken.next } : { outcome: 'default' };
  }
  const added = Object.entries(step.add ?? {}).map(
    ([name, amount]) => [name, addTo(valueOf(run.state.variables, name), amount)] as const,
  );
  const all = [...Object.entries(step.variables ?? {}), ...added];
  return all.every(([name, value]) => run.hold(name, value))
    ? { outcome: 'set' }
    : { outcome: TOO_MANY_VARIABLES };
}
