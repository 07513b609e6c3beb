import type { Playback, PlaybackOutcome } from '@legato/media';
import type { MomlPlay, PlayAudio } from '@legato/msml';
import { durationMs, iterations } from '../duration';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';

/** A clip that is repeated stands so often in the list of files. */
export const MAX_PLAYED_FILES = 100;
const DEFAULT_SKIP_MS = 3000;

/** How often a clip is put into the list; one without end is played alone and for ever. */
const repeats = (clip: PlayAudio): number => Math.min(iterations(clip.iterate), MAX_PLAYED_FILES);

/** Plays files to the target (RFC 5707 §9.7.1). */
export class PlayPrimitive implements Primitive {
  readonly kind = 'play';
  readonly id: string | undefined;
  private readonly files: string[] = [];
  private readonly endless: boolean;
  private playback: Playback | undefined;
  private unlisten: (() => void) | undefined;
  private suspended: boolean;
  /** Why it stops, once that is known. */
  private cause: string | undefined;

  constructor(
    private readonly element: MomlPlay,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.id = element.id;
    this.suspended = element.initial === 'suspend';
    const last = element.audio.findIndex((clip) => iterations(clip.iterate) === -1);
    this.endless = last >= 0;
  }

  start(): void {
    const { digits } = this.scope.target;
    if (this.element.cleardb) digits.clear();
    const found = this.findFiles();
    if (found !== undefined) {
      this.fail('423', found);
      return;
    }
    if (this.element.barge) this.unlisten = digits.listen(() => this.barge());
    this.begin();
  }

  receiveEvent(event: string): void {
    longestMatch(this.handlers, event)?.(event);
  }

  private readonly handlers: Readonly<Record<string, (event: string) => void>> = {
    pause: () => this.suspend(true),
    resume: () => this.suspend(false),
    generate: () => this.suspend(false),
    'toggle-state': () => this.suspend(!this.suspended),
    forward: () => this.playback?.skip(this.skipMs),
    backward: () => this.playback?.skip(-this.skipMs),
    restart: () => this.playback?.seek(0),
    terminate: (event) => this.terminate(event),
  };

  private get skipMs(): number {
    return durationMs(this.element.skip) ?? DEFAULT_SKIP_MS;
  }

  /** Resolves the clips; the answer is what is wrong. */
  private findFiles(): string | undefined {
    for (const clip of this.element.audio) {
      const path = this.scope.services.folders.promptPath(clip.uri);
      if (!path.ok) return `${clip.uri}: ${path.error}`;
      const times = repeats(clip);
      this.files.push(...Array<string>(times === -1 ? 1 : times).fill(path.value));
      if (times === -1 || this.files.length > MAX_PLAYED_FILES) break;
    }
    return undefined;
  }

  private begin(): void {
    const { media } = this.scope.services;
    const maxtimeMs = durationMs(this.element.maxtime);
    this.playback = media.play(this.scope.target.id, this.files, {
      iterate: this.endless ? -1 : iterations(this.element.iterate),
      intervalMs: durationMs(this.element.interval),
      offsetMs: durationMs(this.element.offset) ?? 0,
      ...(maxtimeMs === undefined ? {} : { maxtimeMs }),
    });
    if (this.suspended) this.playback.pause();
    void this.playback.done.then((outcome) => this.scope.post(() => this.receiveOutcome(outcome)));
  }

  private receiveOutcome(outcome: PlaybackOutcome): void {
    if (outcome.reason === 'failed') this.fail('423', outcome.error ?? 'the file can not be played');
    else this.finish(outcome);
  }

  private finish(outcome: PlaybackOutcome): void {
    this.unlisten?.();
    this.report(endOf(outcome, this.cause), outcome.amountMs);
    this.end(this.element.playexit);
  }

  private fail(status: string, description: string): void {
    this.unlisten?.();
    this.report('play.failed', 0);
    this.scope.fail(status, description);
    this.end();
  }

  private report(end: string, amountMs: number): void {
    const { variables } = this.scope;
    variables.set('play', this.id, 'amt', String(Math.round(amountMs)));
    variables.set('play', this.id, 'end', end);
  }

  private barge(): boolean {
    // The digit stays for a collection that follows (§9.7.1).
    this.scope.post(() => this.terminate('terminate'));
    return false;
  }

  private terminate(event: string): void {
    this.cause ??= event;
    this.playback?.stop();
  }

  private suspend(suspended: boolean): void {
    this.suspended = suspended;
    if (suspended) this.playback?.pause();
    else this.playback?.resume();
  }
}

function endOf({ reason }: PlaybackOutcome, cause: string | undefined): string {
  if (reason === 'maxtime') return 'play.complete.maxtime';
  return reason === 'stopped' ? (cause ?? 'terminate') : 'play.complete';
}
