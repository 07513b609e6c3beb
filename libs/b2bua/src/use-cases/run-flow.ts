import type {
  FlowCommand,
  FlowDocument,
  FlowFailure,
  FlowOutcome,
  FlowState,
  FlowTurn,
  Secrets,
} from '@legato/flows';
import { advanceFlow, beginFlow, resumeFlow } from '@legato/flows';
import type { Log } from '@legato/kernel';
import type { Call } from '../call/call';
import type { AwaitedByFlow, FlowSnapshot } from '../call/flow-snapshot';
import type { FlowApplications } from '../ports/flow-applications';
import type { FlowConferences } from '../ports/flow-conferences';
import type { FlowDocuments } from '../ports/flow-documents';
import type { RouteTable } from '../ports/route-table';
import type { CallRegistry } from '../registry/call-registry';
import { endWithFlow, refuseForFlow } from './run-flow-refusal';
import type { FlowDeed } from './run-flow-deeds';
import { carryOut, isUnderWay } from './run-flow-deeds';
import { noteFlowEnd } from './run-flow-end';
import { tellEnd } from './run-flow-notice';
import { outcomeOfBridge, outcomeOfMediaWork } from './run-flow-outcomes';

export interface FlowRunnerOptions {
  readonly registry: CallRegistry;
  readonly flows: FlowDocuments;
  readonly applications: FlowApplications;
  readonly conferences: FlowConferences;
  readonly routes: Pick<RouteTable, 'locate'>;
  readonly log: Log;
}

/** How often the store is asked for a document, and how soon again. */
const ATTEMPTS = 10;
const RETRY_MS = 1_000;

type Loaded = NonNullable<Awaited<ReturnType<FlowDocuments['document']>>>;

/** Takes a document, or why there is none. */
type Arrive = (loaded: Loaded | FlowFailure) => void;

const NOT_ACTIVE: FlowFailure = {
  code: 'flow_not_active',
  detail: 'There is no active flow of this name.',
};
const UNAVAILABLE: FlowFailure = {
  code: 'flow_unavailable',
  detail: 'The store that has the flows did not answer.',
};

/** Something that a step may wait for has happened. */
interface Arrived {
  readonly kind: AwaitedByFlow['kind'];
  readonly id?: string;
  readonly outcome: FlowOutcome;
}

/** What of a flow is in memory only. */
interface Held {
  document?: FlowDocument;
  secrets: Secrets;
  /** In order; what nobody waits for is dropped. */
  arrived: Arrived[];
  /** A turn is being taken: what arrives meanwhile is looked at behind it. */
  isTurning: boolean;
}

/**
 * Runs flows in calls: what a step wants is asked for, and its outcome takes the flow on, in the mailbox of the call and in the
 * same step that stores the outcome. After a take-over a flow goes on where it stood.
 */
export class FlowRunner {
  private readonly held = new WeakMap<Call, Held>();

  constructor(private readonly options: FlowRunnerOptions) {}

  /** Before the node takes calls. */
  register(): void {
    const { registry } = this.options;
    for (const kind of ['flow', 'application'] as const) {
      registry.onAnswered.registerArrival(kind, (call) => this.begin(call));
      registry.onAnswered.register(kind, (call) => this.answered(call));
    }
    registry.onAnswered.registerEnd('application', (call) => tellEnd(call, this.options.applications));
    registry.onTakenUp.listen((call) => this.takeUp(call));
    registry.mediaWorkListeners.register((call, work) => {
      // What the flow asked for is for the flow alone.
      if (call.snapshot.flow?.awaited?.id === work.id) call.secretDigits.delete(work.id);
      this.receive(call, { kind: work.kind, id: work.id, outcome: outcomeOfMediaWork(work) });
    });
    registry.onConferenceLeft.listen((call) =>
      this.receive(call, { kind: 'conference', outcome: { outcome: 'completed' } }),
    );
    registry.onBridged.listen((call, bridge) => {
      const outcome = outcomeOfBridge(bridge);
      if (outcome) this.receive(call, { kind: 'bridge', outcome });
    });
  }

  private begin(call: Call): void {
    const { target } = call.snapshot;
    if (!target) return;
    call.snapshot.flow ??= { id: target.name };
    this.start(call, call.snapshot.flow);
  }

  private start(call: Call, flow: FlowSnapshot): void {
    this.fetch(call, flow, (held, document) => this.apply(call, held, beginFlow(document, flow.beginning)));
  }

  /** A call that rang is answered because a step wants the caller to hear something; one that we made begins its flow. */
  private answered(call: Call): void {
    const { flow } = call.snapshot;
    const held = this.held.get(call);
    if (!flow?.state) this.begin(call);
    else if (held?.document) this.goOn(call, held, held.document, flow.state);
  }

  private goOn(call: Call, held: Held, document: FlowDocument, state: FlowState): void {
    this.turn(call, held, () => this.apply(call, held, resumeFlow(document, state)));
  }

  /** What was under way at the media server still is; what was asked of anybody else is asked again. */
  private takeUp(call: Call): void {
    const { flow } = call.snapshot;
    if (!flow || flow.outcome !== undefined) return;
    this.fetch(call, flow, (held, document) => {
      const { state, awaited } = flow;
      if (!state) this.apply(call, held, beginFlow(document, flow.beginning));
      else if (!held.arrived.some(isAwaitedBy(flow)) && !isUnderWay(call, awaited)) {
        this.apply(call, held, resumeFlow(document, state));
      }
    });
  }

  /** Gets the document, when the call is stored, and goes on in the mailbox. */
  private fetch(call: Call, flow: FlowSnapshot, then: (held: Held, document: FlowDocument) => void): void {
    const held: Held = { secrets: {}, arrived: [], isTurning: false };
    this.held.set(call, held);
    const take = (document: FlowDocument): void => {
      held.document = document;
      this.turn(call, held, () => then(held, document));
    };
    if (flow.document) {
      take(flow.document);
      return;
    }
    const arrive: Arrive = (loaded) =>
      this.inMailbox(call, () => {
        if (flow.outcome !== undefined) return;
        if ('code' in loaded) {
          this.miss(call, flow, loaded);
          return;
        }
        flow.version = loaded.version;
        take(loaded.document);
      });
    call.runtime.afterStored(call.snapshot.id, () => this.load(call, flow, arrive, ATTEMPTS));
  }

  /** Asks the store again when it does not answer: the caller waits as long. */
  private load(call: Call, flow: FlowSnapshot, arrive: Arrive, attempts: number): void {
    const { flows, log } = this.options;
    flows.document(flow.id, flow.version).then(
      (loaded) => arrive(loaded ?? NOT_ACTIVE),
      (error: unknown) => {
        log.warn('flow can not be read', { call_id: call.snapshot.id, flow: flow.id, error: String(error) });
        if (attempts <= 1 || flow.outcome !== undefined) arrive(UNAVAILABLE);
        else call.runtime.clock.schedule(RETRY_MS, () => this.load(call, flow, arrive, attempts - 1));
      },
    );
  }

  private miss(call: Call, { id }: FlowSnapshot, error: FlowFailure): void {
    this.options.log.warn('no flow for a call', { call_id: call.snapshot.id, flow: id, error: error.code });
    noteFlowEnd(call, 'failed', error);
    refuseForFlow(call, error.code);
  }

  private receive(call: Call, arrived: Arrived): void {
    const held = this.held.get(call);
    const { flow } = call.snapshot;
    if (!held || !flow?.awaited || flow.outcome !== undefined) return;
    // Without its media a call that was answered is about to end: nothing that comes of that is an outcome of a step.
    if (call.isEstablished && !call.usage('caller media')) return;
    held.arrived.push(arrived);
    if (!held.isTurning) this.turn(call, held);
  }

  /** Takes steps as long as what they wait for has arrived already. */
  private turn(call: Call, held: Held, first?: () => void): void {
    const { flow } = call.snapshot;
    const { document } = held;
    if (!flow || !document) return;
    held.isTurning = true;
    first?.();
    for (let next = takeAwaited(flow, held); next && flow.state; next = takeAwaited(flow, held)) {
      this.apply(call, held, advanceFlow(document, flow.state, next.outcome, held.secrets));
    }
    held.isTurning = false;
  }

  private apply(call: Call, held: Held, turn: FlowTurn): void {
    const { flow } = call.snapshot;
    if (!flow) return;
    const { state, secrets, taken, command } = turn;
    flow.state = state;
    held.secrets = secrets;
    delete flow.awaited;
    for (const { number, step, type, outcome, next, error } of taken) {
      call.log('flow.step', {
        flow: flow.id,
        version: flow.version,
        number,
        step,
        step_type: type,
        outcome,
        ...(next === null ? {} : { next }),
        ...(error && { error }),
      });
    }
    if (command) this.ask(call, flow, command);
    else this.finish(call, turn);
  }

  /** A flow is over: the call is in the hands of the next, or ends. */
  private finish(call: Call, { state, taken, flow, status }: FlowTurn): void {
    noteFlowEnd(call, state.end?.outcome ?? 'failed', taken.at(-1)?.error);
    if (flow === undefined) {
      endWithFlow(call, status);
      return;
    }
    const beginning = { variables: state.variables, taken: state.taken };
    call.snapshot.flow = { id: flow, beginning };
    this.start(call, call.snapshot.flow);
  }

  private ask(call: Call, flow: FlowSnapshot, command: FlowCommand): void {
    const number = flow.state?.taken ?? 0;
    if (command.do !== 'webhook' && call.snapshot.procedure?.state === 'Running flow') {
      // What the caller is to hear comes when it has been answered.
      flow.awaited = { kind: 'answer', id: String(number) };
      call.trigger('answer');
      return;
    }
    const deed: FlowDeed = {
      call,
      flow,
      number,
      ...this.options,
      later: (task) => this.later(call, number, task),
      tell: (outcome) => {
        const { awaited } = flow;
        if (awaited) this.receive(call, { ...awaited, outcome });
      },
    };
    carryOut(command, deed);
  }

  /** Runs a task in the mailbox if the flow is still at the same step then. */
  private later(call: Call, number: number, task: () => void): void {
    this.inMailbox(call, () => {
      const { flow } = call.snapshot;
      if (flow?.outcome === undefined && flow?.state?.taken === number) task();
    });
  }

  /** A call that was let go of and taken up again since is another one, and asks anew. */
  private inMailbox(call: Call, task: () => void): void {
    this.options.registry.post(call.snapshot.id, (current) => {
      if (current === call) task();
    });
  }
}

/** The first arrival that the step under way waits for; the others are of no use any more. */
function takeAwaited(flow: FlowSnapshot, held: Held): Arrived | undefined {
  const { arrived } = held;
  held.arrived = [];
  return flow.outcome === undefined ? arrived.find(isAwaitedBy(flow)) : undefined;
}

const isAwaitedBy =
  ({ awaited }: FlowSnapshot) =>
  ({ kind, id }: Arrived): boolean =>
    kind === awaited?.kind && (id === undefined || id === awaited.id);
