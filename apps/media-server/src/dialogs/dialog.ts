import type { Timer } from '@legato/kernel';
import { Mailbox, arrowFor } from '@legato/kernel';
import type { DialogStep, MomlAction, MomlGroup, MomlPrimitive, NameValue } from '@legato/msml';
import { responseText } from '@legato/msml';
import type { DialogTarget } from '../objects/dialog-target';
import type { EventSink } from '../objects/event-sink';
import { ActivePrimitives, innerTarget } from './active-primitives';
import type { DialogDeed, DialogState, DialogTrigger } from './dialog.machine';
import { dialogMachine } from './dialog.machine';
import { MediaFlow } from './media-flow';
import type { DialogScope, DialogServices, Primitive } from './primitive';
import { createPrimitive } from './primitive-table';
import { Sequence } from './sequence';
import { ShadowVariables } from './shadow-variables';

/** How long a dialog that was told to end may take to bring its files to safety. */
export const PATIENCE_MS = 30_000;

/** What msml.dialog.exit says of a failure (§9.6.1). */
const failureOf = (status: string, description: string): NameValue[] => [
  { name: 'dialog.exit.status', value: status },
  { name: 'dialog.exit.description', value: `${responseText(status)}: ${description}` },
];

export interface DialogOptions {
  /** `conn:x/dialog:y` */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly src?: string;
  readonly target: DialogTarget;
  readonly origin: EventSink;
  readonly services: DialogServices;
  /** Called once; nothing of the dialog is left then. */
  readonly onExited: (dialog: Dialog) => void;
}

/** A dialog that runs on a connection or conference (RFC 5707 §9.6.1). Everything that happens to it goes through one mailbox. */
export class Dialog implements DialogScope {
  readonly services: DialogServices;
  readonly target: DialogTarget;
  readonly variables = new ShadowVariables();
  flow = new MediaFlow([]);
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  private state: DialogState = 'Running';
  private readonly active = new ActivePrimitives();
  private body: Sequence;
  private readonly mailbox: Mailbox;
  private patience: Timer | undefined;
  private terminateEvent = 'terminate';
  private results: { event: 'moml.exit' | 'moml.disconnect'; values: NameValue[] } = {
    event: 'moml.exit',
    values: [],
  };
  private failure: NameValue[] = [];

  constructor(readonly options: DialogOptions) {
    this.services = options.services;
    this.target = options.target;
    this.startedAt = options.services.clock.now();
    this.body = this.sequence([]);
    this.mailbox = new Mailbox((error) => this.receiveDefect(error));
  }

  get id(): string {
    return this.options.id;
  }

  /** The kind of primitive that runs, for audits. */
  get primitive(): string {
    return this.active.current ?? 'none';
  }

  /** Begins with its steps; one that was ended before has none to do. */
  start(steps: readonly DialogStep[]): void {
    this.post(() => {
      if (this.state !== 'Running') return;
      this.flow = new MediaFlow(steps);
      this.body = this.sequence(steps);
      this.body.start();
    });
  }

  private sequence(steps: readonly DialogStep[]): Sequence {
    return new Sequence(steps, this, () => this.trigger('body done'));
  }

  /** There is nothing to run: msml.dialog.exit says why. */
  startFailed({ status, description }: { readonly status: string; readonly description: string }): void {
    this.post(() => this.fail(status, description));
  }

  /** Ends gracefully: what runs is terminated, handlers are executed, msml.dialog.exit follows (§9.6.2). */
  terminate(event = 'terminate'): void {
    this.post(() => {
      this.terminateEvent = event;
      this.trigger('terminate');
    });
  }

  /** An event from outside (§7.2): for the dialog, or for what `target` names inside of it. */
  receiveEvent(target: string | undefined, event: string, values?: string): void {
    const inner = target === undefined ? undefined : innerTarget(target);
    if (inner) this.deliver(target ?? '', event, values);
    else if (event.split('.')[0] === 'terminate') this.terminate(event);
  }

  post(task: () => void): void {
    this.mailbox.post(() => {
      if (this.state !== 'Exited') task();
    });
  }

  act(actions: readonly MomlAction[] | undefined): void {
    for (const action of actions ?? []) {
      if (this.state === 'Running' || this.state === 'Ending') this.execute(action);
    }
  }

  fail(status: string, description: string): void {
    if (this.failure.length > 0) return;
    this.failure = failureOf(status, description);
    this.trigger('failure');
  }

  attach(element: MomlPrimitive | MomlGroup): () => void {
    const { media } = this.services;
    const removals = this.flow
      .outletsFrom(element)
      .map(({ place, transformer }) => media.transform(this.target.id, place, transformer));
    return () => removals.forEach((remove) => remove());
  }

  run(element: MomlPrimitive | MomlGroup, ended: () => void): Primitive | undefined {
    if (this.state !== 'Running' && this.state !== 'Ending') {
      ended();
      return undefined;
    }
    let over = false;
    const end = (handler?: readonly MomlAction[]): void => {
      if (over) return;
      over = true;
      if (running) this.active.remove(running);
      this.act(handler);
      ended();
    };
    const primitive = createPrimitive(element, this, end);
    // An event for one that has ended must not reach it: its results stand.
    const running = primitive && {
      kind: primitive.kind,
      id: primitive.id,
      start: () => primitive.start(),
      receiveEvent: (event: string, values?: string) => {
        if (!over) primitive.receiveEvent(event, values);
      },
    };
    if (running) this.begin(running, end);
    else {
      this.fail('402', element.element);
      end();
    }
    return over ? undefined : running;
  }

  private begin(primitive: Primitive, end: () => void): void {
    this.active.add(primitive);
    try {
      primitive.start();
    } catch (error) {
      this.services.log.error('primitive failed', { dialog: this.id, primitive: primitive.kind, error });
      this.fail('500', primitive.kind);
      end();
    }
  }

  private execute(action: MomlAction): void {
    if (action.element === 'send') {
      this.send(action.target, action.event, action.namelist);
      return;
    }
    const event = action.element === 'exit' ? 'moml.exit' : 'moml.disconnect';
    this.results = { event, values: this.variables.list(action.namelist) };
    this.trigger(action.element);
  }

  private send(target: string, event: string, namelist: string | undefined): void {
    if (innerTarget(target)) this.deliver(target, event);
    else this.options.origin.send({ name: event, id: this.id, values: this.variables.list(namelist) });
  }

  private deliver(target: string, event: string, values?: string): void {
    const inner = innerTarget(target);
    if (!inner) return;
    this.post(() => {
      for (const primitive of this.active.find(inner)) primitive.receiveEvent(event, values);
    });
  }

  private trigger(what: DialogTrigger): void {
    const arrow = arrowFor(dialogMachine, this.state, what);
    if (!arrow) return;
    this.state = arrow.to;
    for (const deed of arrow.do) this.deeds[deed]();
  }

  private readonly deeds: Readonly<Record<DialogDeed, () => void>> = {
    'terminate body': () => this.body.finish(this.terminateEvent),
    'stop body': () => this.body.stop(),
    'start patience': () => this.startPatience(),
    'report exit': () => this.report([]),
    'report results': () => this.reportResults(),
    'report failure': () => this.reportFailure(),
    'disconnect target': () => this.target.disconnect(),
    release: () => this.release(),
  };

  private startPatience(): void {
    this.patience ??= this.services.clock.schedule(PATIENCE_MS, () =>
      this.post(() => this.trigger('patience over')),
    );
  }

  /** Results go with the exit, or before it in an event of their own, as the controller's server of choice does it (§7.4, §9.6.1). */
  private reportResults(): void {
    const { origin } = this.options;
    const { event, values } = this.results;
    if (origin.exitResults === 'msml.dialog.exit') {
      this.report(values);
      return;
    }
    if (values.length > 0 || event === 'moml.disconnect') origin.send({ name: event, id: this.id, values });
    this.report([]);
  }

  private reportFailure(): void {
    this.report(this.failure.length > 0 ? this.failure : failureOf('500', 'it did not end in time'));
  }

  private report(values: NameValue[]): void {
    this.options.origin.send({ name: 'msml.dialog.exit', id: this.id, values });
  }

  private release(): void {
    this.patience?.cancel();
    this.options.onExited(this);
  }

  /** A programming error ends the dialog, not the process. */
  private receiveDefect(error: unknown): void {
    this.services.log.error('dialog failed', { dialog: this.id, error });
    this.post(() => this.fail('500', 'dialog'));
  }
}
