import type { MomlVad } from '@legato/msml';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';
import type { VadCondition } from './vad-condition';
import { conditionsOf } from './vad-condition';

/** Detects voice and silence (RFC 5707 §9.9.1); ends when each of its conditions was detected as often as it may, or by terminate. */
export class VadPrimitive implements Primitive {
  readonly kind = 'vad';
  readonly id: string | undefined;
  private readonly conditions: readonly VadCondition[];
  private timed: boolean;
  private unlisten: (() => void) | undefined;

  constructor(
    element: MomlVad,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.id = element.id;
    this.timed = element.starttimer ?? false;
    this.conditions = conditionsOf(element);
  }

  start(): void {
    const { media } = this.scope.services;
    this.unlisten = media.onVoice(this.scope.target.id, (voiced, lastedMs) =>
      this.scope.post(() => this.hear(voiced, lastedMs)),
    );
  }

  receiveEvent(event: string): void {
    longestMatch(this.handlers, event)?.();
  }

  private readonly handlers: Readonly<Record<string, () => void>> = {
    terminate: () => this.finish(),
    starttimer: () => {
      this.timed = true;
    },
  };

  private hear(voiced: boolean, lastedMs: number): void {
    for (const condition of this.conditions) {
      if (!this.unlisten) return;
      if (condition.isInitial && !this.timed) continue;
      if (!condition.hear(voiced, lastedMs)) continue;
      // Only one condition is the initial one.
      if (condition.isInitial) for (const each of this.conditions) if (each.isInitial) each.exhaust();
      this.scope.act(condition.actions);
    }
    if (this.conditions.length > 0 && this.conditions.every(({ isExhausted }) => isExhausted)) this.finish();
  }

  private finish(): void {
    this.unlisten?.();
    this.unlisten = undefined;
    this.end();
  }
}
