import type { Playback, PlaybackOutcome } from '@legato/media';
import type { MomlToneGen } from '@legato/msml';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';
import type { ToneProgram } from './tone-program';
import { TONE_RATE_HZ, renderTones, toneProgram } from './tone-program';

/** Plays tones to the target (RFC 5707 §9.7.3). */
export class ToneGenPrimitive implements Primitive {
  readonly kind = 'tonegen';
  readonly id: string | undefined;
  private playback: Playback | undefined;
  private cause: string | undefined;

  constructor(
    private readonly element: MomlToneGen,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.id = element.id;
  }

  start(): void {
    const program = toneProgram(this.element);
    if (!program) {
      this.scope.fail('521', 'the tones take too long');
      this.finish('tonegen.failed');
      return;
    }
    if (program.intro.length > 0) this.play(program.intro, 1, () => this.loop(program));
    else this.loop(program);
  }

  receiveEvent(event: string): void {
    longestMatch({ terminate: () => this.terminate(event) }, event)?.();
  }

  private loop({ loop, iterate }: ToneProgram): void {
    this.play(loop, iterate, () => this.finish('tonegen.complete'));
  }

  private play(segments: ToneProgram['loop'], iterate: number, next: () => void): void {
    const { media } = this.scope.services;
    const audio = { sampleRate: TONE_RATE_HZ, channels: 1, samples: renderTones(segments) };
    const transformer = this.scope.flow.chainOf(this.element);
    const options = { iterate, ...(transformer ? { transformer } : {}) };
    this.playback = media.play(this.scope.target.id, [audio], options);
    void this.playback.done.then((outcome) => this.scope.post(() => this.receiveOutcome(outcome, next)));
  }

  private receiveOutcome({ reason, error }: PlaybackOutcome, next: () => void): void {
    if (this.cause !== undefined) this.finish(this.cause);
    else if (reason === 'complete') next();
    else if (reason === 'stopped') this.finish('terminate');
    else {
      this.scope.fail('500', error ?? 'the tones can not be played');
      this.finish('tonegen.failed');
    }
  }

  private terminate(event: string): void {
    this.cause ??= event;
    this.playback?.stop();
  }

  private finish(end: string): void {
    this.scope.variables.set('tonegen', this.id, 'end', end);
    this.end(this.element.tonegenexit);
  }
}
