import type { MomlAction, MomlVad } from '@legato/msml';
import { durationMs, iterations } from '../duration';

type VadPattern = NonNullable<MomlVad['voice']>[number];

const FRAME_MS = 20;

/** One thing that a vad can detect (RFC 5707 §9.9.1.1): voice or silence of a length, from the beginning or after the other. */
export class VadCondition {
  private readonly lengthMs: number;
  private readonly toleratedMs: number;
  private left: number;
  private heardMs = 0;
  private contrary = false;
  /** The other condition was there before. */
  private ready: boolean;
  private reported = false;

  constructor(
    private readonly pattern: VadPattern,
    private readonly wantsVoice: boolean,
    readonly isInitial: boolean,
  ) {
    this.lengthMs = durationMs(pattern.len);
    this.toleratedMs = durationMs(pattern.sen) ?? 0;
    const times = iterations(pattern.iterate);
    this.left = times === -1 ? Infinity : times;
    this.ready = isInitial;
  }

  get actions(): readonly MomlAction[] {
    return this.pattern.content;
  }

  get isExhausted(): boolean {
    return this.left === 0;
  }

  exhaust(): void {
    this.left = 0;
  }

  /** The next frame; `lastedMs` is for how long it has been like this. True when the condition is detected now. */
  hear(voiced: boolean, lastedMs: number): boolean {
    if (this.isExhausted) return false;
    if (voiced !== this.wantsVoice) return this.hearContrary(lastedMs);
    // It is told a little late that it began; a contrary stretch that was tolerated counts as if it had not been.
    this.heardMs += this.contrary ? lastedMs : FRAME_MS;
    this.contrary = false;
    if (!this.ready || this.reported || this.heardMs < this.lengthMs) return false;
    this.reported = true;
    this.left -= 1;
    return true;
  }

  private hearContrary(lastedMs: number): boolean {
    this.contrary = true;
    if (lastedMs <= this.toleratedMs) return false;
    this.heardMs = 0;
    this.ready = true;
    this.reported = false;
    return false;
  }
}

/** The conditions of a vad. */
export function conditionsOf({ voice, silence, tvoice, tsilence }: MomlVad): VadCondition[] {
  const made = (
    patterns: VadPattern[] | undefined,
    wantsVoice: boolean,
    isInitial: boolean,
  ): VadCondition[] => (patterns ?? []).map((pattern) => new VadCondition(pattern, wantsVoice, isInitial));
  return [
    ...made(voice, true, true),
    ...made(silence, false, true),
    ...made(tvoice, true, false),
    ...made(tsilence, false, false),
  ];
}
