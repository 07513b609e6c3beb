import type { Timer } from '@legato/kernel';
import type { MomlDtmfGen } from '@legato/msml';
import { durationMs } from '../duration';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';

const DEFAULT_MS = 100;
const DEFAULT_LEVEL_DBM0 = -6;

/** Sends digits to the target, one by one, so that a terminate leaves the rest unsent (RFC 5707 §9.7.2). */
export class DtmfGenPrimitive implements Primitive {
  readonly kind = 'dtmfgen';
  readonly id: string | undefined;
  private timer: Timer | undefined;
  private sent = 0;
  private readonly toneMs: number;
  private readonly pauseMs: number;

  constructor(
    private readonly element: MomlDtmfGen,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.id = element.id;
    this.toneMs = durationMs(element.dur) ?? DEFAULT_MS;
    this.pauseMs = durationMs(element.interval) ?? DEFAULT_MS;
  }

  start(): void {
    this.sendNext();
  }

  receiveEvent(event: string): void {
    longestMatch({ terminate: () => this.finish(event) }, event)?.();
  }

  private sendNext(): void {
    const digit = this.element.digits.charAt(this.sent).toUpperCase();
    if (digit === '') {
      this.finish('dtmfgen.complete');
      return;
    }
    this.sent += 1;
    this.scope.target.sendDigits(digit, {
      durationMs: this.toneMs,
      intervalMs: this.pauseMs,
      levelDbm0: Number(this.element.level ?? DEFAULT_LEVEL_DBM0),
    });
    this.timer = this.scope.services.clock.schedule(this.toneMs + this.pauseMs, () =>
      this.scope.post(() => this.sendNext()),
    );
  }

  private finish(end: string): void {
    this.timer?.cancel();
    this.scope.variables.set('dtmfgen', this.id, 'end', end);
    this.end(this.element.dtmfgenexit);
  }
}
