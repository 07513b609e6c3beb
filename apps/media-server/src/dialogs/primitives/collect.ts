import type { Timer } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import type { MomlCollect } from '@legato/msml';
import type { PressedDigit } from '../../objects/digit-source';
import { durationMs, iterations } from '../duration';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';
import type { CollectDeed, CollectState, CollectTrigger } from './collect.machine';
import { collectMachine } from './collect.machine';
import { PatternSet } from './pattern-set';

const DEFAULT_MS = 4000;

/** How often something has happened, and how often it may. */
class Quota {
  private count = 0;

  constructor(private readonly most: number) {}

  /** Counts one more; true for the last one. */
  isLast(): boolean {
    this.count += 1;
    return this.most !== -1 && this.count >= this.most;
  }
}

/** Collects digits and compares them with patterns (RFC 5707 §9.7.5). */
export class CollectPrimitive implements Primitive {
  readonly kind = 'dtmf';
  readonly id: string | undefined;
  private state: CollectState = 'Prompting';
  private readonly patterns: PatternSet;
  private readonly quotas: readonly Quota[];
  private readonly nomatchQuota: Quota;
  private readonly noinputQuota: Quota;
  private prompt: Primitive | undefined;
  private timer: Timer | undefined;
  private unlisten: (() => void) | undefined;
  private keyed: string[] = [];
  private detected = 0;
  private matched = 0;
  private cause = 'terminate';
  /** Whether the first digit's time runs whenever one is awaited. */
  private firstDigitTimed: boolean;

  constructor(
    private readonly element: MomlCollect,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.id = element.id;
    const all = iterations(element.iterate);
    const patterns = element.pattern ?? [];
    this.patterns = new PatternSet(patterns);
    this.quotas = patterns.map(({ iterate }) => new Quota(iterations(iterate, all)));
    // Without a handler there is nothing that could reach its maximum: digits that match nothing are forgotten.
    this.nomatchQuota = new Quota(element.nomatch ? iterations(element.nomatch.iterate, all) : -1);
    this.noinputQuota = new Quota(element.noinput ? iterations(element.noinput.iterate, all) : 1);
    // In the composite form nobody can send starttimer (§9.7.5.1).
    this.firstDigitTimed = element.starttimer ?? element.play !== undefined;
  }

  start(): void {
    if (this.element.cleardb ?? true) this.scope.target.digits.clear();
    this.runPrompt(0);
  }

  receiveEvent(event: string): void {
    longestMatch(this.handlers, event)?.(event);
  }

  private readonly handlers: Readonly<Record<string, (event: string) => void>> = {
    starttimer: () => this.trigger('starttimer'),
    terminate: (event) => {
      this.cause = event;
      this.trigger('terminate');
    },
  };

  private readonly deeds: Readonly<Record<CollectDeed, () => void>> = {
    listen: () => this.listen(),
    'start fdt': () => this.startFirstDigitTimer(),
    'start idt': () => this.startInterDigitTimer(),
    'start edt': () => this.startTimer(this.element.edt, () => this.keyTimeOver()),
    'stop timer': () => this.timer?.cancel(),
    'execute pattern': () => this.scope.act(this.element.pattern?.[this.matched]?.content),
    'execute nomatch': () => this.scope.act(this.element.nomatch?.content),
    'execute noinput': () => this.scope.act(this.element.noinput?.content),
    'begin anew': () => this.beginAnew(),
    'end with dtmf.match': () => this.finish('dtmf.match', true),
    'end with dtmf.nomatch': () => this.finish('dtmf.nomatch', true),
    'end with dtmf.noinput': () => this.finish('dtmf.noinput', true),
    'end with event': () => this.finish(this.cause, false),
    'end prompt': () => this.prompt?.receiveEvent(this.cause),
  };

  private trigger(what: CollectTrigger): void {
    const arrow = arrowFor(collectMachine, this.state, what);
    if (!arrow) return;
    this.state = arrow.to;
    for (const deed of arrow.do) this.deeds[deed]();
  }

  private runPrompt(index: number): void {
    const prompt = this.state === 'Prompting' ? this.element.play?.[index] : undefined;
    this.prompt = undefined;
    if (prompt) this.prompt = this.scope.run(prompt, () => this.runPrompt(index + 1));
    else this.trigger('prompt over');
  }

  private listen(): void {
    const { digits } = this.scope.target;
    if (this.firstDigitTimed) this.startFirstDigitTimer();
    for (let digit = digits.shift(); digit; digit = digits.shift()) {
      this.receiveDigit(digit);
      if (this.state === 'Ended') return;
    }
    this.unlisten = digits.listen((digit) => {
      this.scope.post(() => this.receiveDigit(digit));
      return true;
    });
  }

  private receiveDigit({ digit, durationMs: heldMs }: PressedDigit): void {
    const longMs = durationMs(this.element.ldd) ?? 0;
    const key = longMs > 0 && heldMs >= longMs ? `${digit}L` : digit;
    this.keyed.push(key);
    this.report();
    this.detected += 1;
    if (this.detected === 1) this.scope.act(this.element.detect);
    const standing = this.patterns.standing(this.keyed);
    if (standing.kind === 'match') this.match(standing.index);
    else if (standing.kind === 'nomatch') this.mismatch();
    else {
      if (standing.kind === 'key may follow') this.matched = standing.index;
      this.trigger(standing.kind);
    }
  }

  private match(index: number): void {
    this.matched = index;
    this.trigger(this.quotas[index]?.isLast() ? 'last match' : 'match');
  }

  private mismatch(): void {
    this.trigger(this.nomatchQuota.isLast() ? 'last nomatch' : 'nomatch');
  }

  /** No digit came in time after another: patterns of variable length may match now, the others never will. */
  private pauseOver(): void {
    const index = this.patterns.afterPause(this.keyed);
    if (index >= 0) this.match(index);
    else this.mismatch();
  }

  private keyTimeOver(): void {
    this.match(this.matched);
  }

  private beginAnew(): void {
    this.keyed = [];
    if (this.firstDigitTimed) this.startFirstDigitTimer();
  }

  private startFirstDigitTimer(): void {
    this.firstDigitTimed = true;
    const delayMs = durationMs(this.element.fdt) ?? 0;
    if (delayMs > 0 && this.keyed.length === 0) this.arm(delayMs, () => this.noInput());
  }

  private noInput(): void {
    this.trigger(this.noinputQuota.isLast() ? 'last noinput' : 'noinput');
  }

  /** Without patterns there is nothing that a pause could decide. */
  private startInterDigitTimer(): void {
    if (this.quotas.length > 0) this.startTimer(this.element.idt, () => this.pauseOver());
  }

  private startTimer(duration: string | undefined, expired: () => void): void {
    const delayMs = durationMs(duration) ?? DEFAULT_MS;
    this.timer?.cancel();
    if (delayMs > 0) this.arm(delayMs, expired);
  }

  private arm(delayMs: number, expired: () => void): void {
    this.timer?.cancel();
    this.timer = this.scope.services.clock.schedule(delayMs, () => this.scope.post(expired));
  }

  private report(): void {
    const { variables } = this.scope;
    variables.set('dtmf', this.id, 'digits', this.keyed.join(''));
    variables.set('dtmf', this.id, 'len', String(this.keyed.length));
    variables.set('dtmf', this.id, 'last', this.keyed.at(-1) ?? '');
  }

  private finish(end: string, complete: boolean): void {
    this.unlisten?.();
    this.timer?.cancel();
    this.scope.variables.set('dtmf', this.id, 'end', end);
    this.end(complete ? this.element.dtmfexit : undefined);
  }
}
