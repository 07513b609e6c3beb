import type { Clock, Timer } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import type { MsmlEvent, NameValue } from '../core/event';
import { parseObjectId } from '../core/object-id';
import type { MsmlDialogAction, MsmlDialogEventName, MsmlDialogStateName } from './msml-dialog.machine';
import { msmlDialogMachine } from './msml-dialog.machine';
import { isGone } from './msml-errors';
import type { MsmlOutcome } from './msml-outcome';

/** What a dialog came to. */
export interface MsmlDialogResult {
  /** The dialog's identifier. */
  id: string;
  /** False when the media server reported a failure of the dialog. */
  ok: boolean;
  /** The MSML code and text of that failure (§9.6.1: dialog.exit.status; §7.4: moml.error.status). */
  status?: string;
  description?: string;
  /** Items of every event of the dialog in the order they came; names may come again. */
  values: NameValue[];
  /** Names of those events. */
  events: string[];
  /** True when msml.dialog.exit did not come within the grace time. */
  exitMissing: boolean;
}

/** A dialog that has not ended: plain JSON. */
export interface WatchedDialog {
  state: MsmlDialogStateName;
  values: NameValue[];
  events: string[];
  /** Wall-clock time at which Timer grace fires, ms since the epoch. */
  graceAt: number | null;
}

/** The dialogs of a call, by identifier: plain JSON. */
export type MsmlDialogResultsState = Record<string, WatchedDialog>;

/** How long msml.dialog.exit may lag behind what announced it; media servers take 1 to 10 ms. */
export const DEFAULT_GRACE_MS = 2_000;

const ANNOUNCE_END: readonly string[] = ['moml.exit', 'moml.disconnect', 'moml.error'];
const STATUS: readonly string[] = ['dialog.exit.status', 'moml.error.status'];
const DESCRIPTION: readonly string[] = ['dialog.exit.description', 'moml.error.description'];

/**
 * Waits for dialogs to end and gathers what they report: items of named sends, of moml.exit and of msml.dialog.exit are one list,
 * because media servers disagree on which of them carries the results (§7.4, §9.6.1).
 */
export class MsmlDialogResults {
  private readonly timers = new Map<string, Timer>();

  /** `finished` is called once for each watched dialog. Timers of a stored state are armed again. */
  constructor(
    private readonly clock: Clock,
    private readonly finished: (result: MsmlDialogResult) => void,
    private readonly graceMs: number = DEFAULT_GRACE_MS,
    readonly state: MsmlDialogResultsState = {},
  ) {
    for (const [id, dialog] of Object.entries(state))
      if (dialog.graceAt !== null) this.arm(id, dialog.graceAt);
  }

  /**
   * Begins to wait for the dialog `id`: when its dialogstart was answered, or before. A dialog that is watched stays as it is. Throws a
   * TypeError for what is no identifier of one dialog.
   */
  watch(id: string): void {
    const dialog = parseObjectId(id)?.dialog;
    if (dialog === undefined || dialog === '*') throw new TypeError('not the identifier of one dialog');
    if (!this.dialog(id)) this.state[id] = { state: 'Running', values: [], events: [], graceAt: null };
  }

  /** False for an event of no watched dialog. */
  receiveEvent(event: MsmlEvent): boolean {
    if (!this.dialog(event.id)) return false;
    this.deliver(event.id, nameOf(event), event);
    return true;
  }

  /** The answer to a dialogend for `id`, or to the end of what it ran on. One that failed otherwise changes nothing. */
  receiveEnd(id: string, outcome: MsmlOutcome): void {
    if (isGone(outcome)) this.deliver(id, outcome.ok ? 'ended by request' : 'object is gone');
  }

  /** Waits no more for `id`; nobody is told. */
  forget(id: string): void {
    this.stop(id);
    delete this.state[id];
  }

  /** Releases every timer; the state stays. */
  close(): void {
    for (const id of [...this.timers.keys()]) this.stop(id);
  }

  private dialog(id: string): WatchedDialog | undefined {
    return Object.hasOwn(this.state, id) ? this.state[id] : undefined;
  }

  private deliver(id: string, name: MsmlDialogEventName, event?: MsmlEvent): void {
    const dialog = this.dialog(id);
    const arrow = dialog && arrowFor(msmlDialogMachine, dialog.state, name);
    if (!dialog || !arrow) return;
    dialog.state = arrow.to;
    for (const action of arrow.do) this.act(action, id, dialog, event);
  }

  private act(action: MsmlDialogAction, id: string, dialog: WatchedDialog, event?: MsmlEvent): void {
    const actions: Record<MsmlDialogAction, () => void> = {
      'keep values': () => {
        dialog.events.push(event?.name ?? '');
        dialog.values.push(...(event?.values ?? []));
      },
      'start Timer grace': () => {
        dialog.graceAt = this.clock.wallTime() + this.graceMs;
        this.arm(id, dialog.graceAt);
      },
      'stop Timer grace': () => this.stop(id),
      finish: () => this.finish(id, dialog),
    };
    actions[action]();
  }

  private arm(id: string, at: number): void {
    const delayMs = Math.max(0, at - this.clock.wallTime());
    this.timers.set(
      id,
      this.clock.schedule(delayMs, () => {
        this.timers.delete(id);
        this.deliver(id, 'Timer grace');
      }),
    );
  }

  private stop(id: string): void {
    this.timers.get(id)?.cancel();
    this.timers.delete(id);
  }

  private finish(id: string, { values, events }: WatchedDialog): void {
    delete this.state[id];
    const status = valueOf(values, STATUS);
    const description = valueOf(values, DESCRIPTION);
    this.finished({
      id,
      ok: (status === undefined || status.startsWith('2')) && !events.includes('moml.error'),
      ...(status !== undefined && { status }),
      ...(description !== undefined && { description }),
      values,
      events,
      exitMissing: !events.includes('msml.dialog.exit'),
    });
  }
}

function nameOf({ name }: MsmlEvent): MsmlDialogEventName {
  if (name === 'msml.dialog.exit') return name;
  return ANNOUNCE_END.includes(name) ? 'announced end' : 'named event';
}

/** The last value of one of `names`. */
function valueOf(values: readonly NameValue[], names: readonly string[]): string | undefined {
  return values.findLast(({ name }) => names.includes(name))?.value;
}
