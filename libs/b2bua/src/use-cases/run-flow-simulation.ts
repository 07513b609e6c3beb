import type { FlowCommand, FlowDocument, FlowOutcome, FlowTurn } from '@legato/flows';
import { advanceFlow, beginFlow, readWebhookAnswer } from '@legato/flows';
import type { MsmlOperation } from '@legato/msml';
import { encodeMsml, explicitOperations } from '@legato/msml';
import { collectOperations } from '../media-control/collect-requests';
import { audioChanges } from '../media-control/party-audio';
import { playOperations } from '../media-control/play-requests';
import { pauseOperations, recordOperations, resumeOperations } from '../media-control/record-requests';
import { isMixed, mixOperations } from '../media-control/recorded-audio';
import { DEFAULT_MAX_MS } from './record';
import { SENSITIVE } from './recording-life';
import { outcomeOfKeys } from './run-flow-keys';
import { collectRequestOf, playOptionsOf, recordingRequestOf } from './run-flow-media';

/** What the caller and the others in a simulated call do. */
export interface FlowScript {
  /** One entry for each time that digits are asked for, `null` for a caller who keys nothing; none are left: nothing. */
  readonly digits: readonly (string | null)[];
  /** Outcomes of a step, in order, instead of the good one. */
  readonly outcomes?: Readonly<Record<string, readonly string[]>>;
  /** What an application answers to a step, in order; none: the step fails. */
  readonly answers?: Readonly<Record<string, readonly unknown[]>>;
  /** Beside those of the document. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A step as a call would have taken it. */
export interface SimulatedStep {
  readonly number: number;
  readonly step: string;
  readonly type: string;
  readonly outcome: string;
  readonly next: string | null;
  /** Bodies of the requests to the media server. */
  readonly msml: readonly string[];
}

export interface FlowSimulation {
  readonly outcome: string;
  /** Where it ended. */
  readonly step: string;
  readonly steps: readonly SimulatedStep[];
  /** Without those that are sensitive. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Steps that a simulation takes, whatever the document says. */
const MOST_STEPS = 1_000;

/** Names in place of those that a media server and a call would give. */
const CALLER = 'conn:caller';
const CALLEE = 'conn:callee';
const CALL = 'call';

type CommandOf<Do extends FlowCommand['do']> = Extract<FlowCommand, { do: Do }>;

interface Done {
  readonly outcome: FlowOutcome;
  readonly requests: readonly MsmlOperation[][];
}

/** Goes through a flow without a call, with the functions that make the requests of one. */
export function simulateFlow(given: FlowDocument, script: FlowScript): FlowSimulation {
  const world = new SimulatedWorld(script);
  const steps: SimulatedStep[] = [];
  const note = ({ taken }: FlowTurn, asked?: { number: number; requests: Done['requests'] }) => {
    for (const step of taken) {
      const requests = step.number === asked?.number ? asked.requests : [];
      steps.push({ ...step, msml: requests.map(written) });
    }
  };
  const { max_steps: most } = given;
  const document = most === undefined ? given : { ...given, max_steps: Math.min(most, MOST_STEPS) };
  let turn = beginFlow(document, script.variables && { variables: script.variables });
  note(turn);
  while (turn.command) {
    const { step, taken: number } = turn.state;
    const { outcome, requests } = world.carryOut(turn.command, step, number);
    turn = advanceFlow(document, turn.state, outcome, turn.secrets);
    note(turn, { number, requests });
  }
  const { end, step, variables } = turn.state;
  return { outcome: end?.outcome ?? 'failed', step: end?.step ?? step, steps, variables };
}

const written = (operations: readonly MsmlOperation[]): string =>
  encodeMsml({ kind: 'request', operations: explicitOperations(operations) }).toString('utf8');

/** The caller, the media server and the applications of a simulation. */
class SimulatedWorld {
  private readonly digits: (string | null)[];
  private readonly outcomes: Map<string, string[]>;
  private readonly answers: Map<string, unknown[]>;
  /** Dialogs that record the call while it goes on. */
  private readonly recordings: string[] = [];
  private isMixed = false;

  constructor({ digits, outcomes = {}, answers = {} }: FlowScript) {
    this.digits = [...digits];
    this.outcomes = new Map(Object.entries(outcomes).map(([step, all]) => [step, [...all]]));
    this.answers = new Map(Object.entries(answers).map(([step, all]) => [step, [...all]]));
  }

  carryOut(command: FlowCommand, step: string, number: number): Done {
    const done = (DEEDS[command.do] as Deed<FlowCommand['do']>)(this, command, { step, number });
    const outcome = this.outcomes.get(step)?.shift();
    return outcome === undefined ? done : { ...done, outcome: { ...done.outcome, outcome } };
  }

  play(command: CommandOf<'play'>, { number }: Place): Done {
    const names = { targets: [CALLER], name: `play_${number}` };
    return { outcome: COMPLETED, requests: [playOperations(names, playOptionsOf(command))] };
  }

  gather(command: CommandOf<'gather'>, { number }: Place): Done {
    const request = collectRequestOf(command);
    const silenced = request.sensitive ? [...this.recordings] : [];
    const { mode, reason } = SENSITIVE;
    const requests: MsmlOperation[][] = [];
    let outcome: FlowOutcome = { outcome: 'no_input' };
    for (let attempt = 1; attempt <= request.retries + 1; attempt += 1) {
      const start = collectOperations({ target: CALLER, name: `collect_${number}.${attempt}` }, request);
      const first = attempt === 1 ? silenced.flatMap((dialog) => pauseOperations(dialog, mode, reason)) : [];
      requests.push([...first, ...start]);
      outcome = outcomeOfKeys(this.digits.shift() ?? '', start);
      if (outcome.outcome === 'matched') break;
    }
    return { outcome, requests: [...requests, ...silenced.map(resumeOperations)] };
  }

  record(command: CommandOf<'record'>, { number }: Place): Done {
    const id = `rec_${number}`;
    const recording = { maxMs: DEFAULT_MAX_MS, ...recordingRequestOf(command) };
    const mixed = isMixed(recording);
    const target = mixed ? `conf:${CALL}` : CALLER;
    const mix = mixed && !this.isMixed ? mixOperations(CALL, ALONE) : [];
    const requests = [[...mix, ...recordOperations({ target, name: id }, recording)]];
    if (command.what === 'message') return { outcome: { outcome: 'completed', recording: id }, requests };
    this.isMixed ||= mixed;
    this.recordings.push(`${target}/dialog:${id}`);
    return { outcome: { outcome: 'started', recording: id }, requests };
  }

  /** The application's answer to a step. */
  ask(_command: CommandOf<'webhook'>, { step }: Place): Done {
    const answer = readWebhookAnswer(this.answers.get(step)?.shift());
    return {
      outcome: answer.ok ? { outcome: 'answered', answer: answer.value } : { outcome: 'failed' },
      requests: [],
    };
  }

  /** What joins the parties, when both are there. */
  dial(): Done {
    const mixed = this.isMixed ? { conference: `conf:${CALL}` } : {};
    const both = { ...ALONE, connections: { caller: CALLER, callee: CALLEE } };
    return { outcome: COMPLETED, requests: [audioChanges({ ...ALONE, ...mixed }, { ...both, ...mixed })] };
  }
}

const ALONE = { connections: { caller: CALLER }, held: false, muted: [] } as const;
const COMPLETED: FlowOutcome = { outcome: 'completed' };

interface Place {
  readonly step: string;
  readonly number: number;
}

type Deed<Do extends FlowCommand['do']> = (
  world: SimulatedWorld,
  command: CommandOf<Do>,
  place: Place,
) => Done;

const DEEDS: { readonly [Do in FlowCommand['do']]: Deed<Do> } = {
  play: (world, command, place) => world.play(command, place),
  gather: (world, command, place) => world.gather(command, place),
  record: (world, command, place) => world.record(command, place),
  webhook: (world, command, place) => world.ask(command, place),
  dial: (world) => world.dial(),
  // Its requests go another way: they are those of the conference.
  conference: () => ({ outcome: COMPLETED, requests: [] }),
};
