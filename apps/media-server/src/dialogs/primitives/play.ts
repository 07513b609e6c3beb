import type { Playback, PlaybackOutcome } from '@legato/media';
import type { MomlPlay } from '@legato/msml';
import { durationMs, iterations } from '../duration';
import { longestMatch } from '../longest-match';
import type { Playlist } from '../playlist';
import { playlistOf } from '../playlist';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';

const DEFAULT_SKIP_MS = 3000;

/** Plays files to the target (RFC 5707 §9.7.1). */
export class PlayPrimitive implements Primitive {
  readonly kind = 'play';
  readonly id: string | undefined;
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
  }

  start(): void {
    const { digits } = this.scope.target;
    if (this.element.cleardb) digits.clear();
    const playlist = playlistOf(this.element, this.scope.services);
    if (!playlist.ok) {
      this.fail('423', playlist.error.description);
      return;
    }
    if (this.element.barge) this.unlisten = digits.listen(() => this.barge());
    this.begin(playlist.value);
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

  private begin({ sources, endlessFrom }: Playlist): void {
    const { media } = this.scope.services;
    const maxtimeMs = durationMs(this.element.maxtime);
    const transformer = this.scope.flow.chainOf(this.element);
    this.playback = media.play(this.scope.target.id, sources, {
      iterate: endlessFrom === undefined ? iterations(this.element.iterate) : -1,
      ...(endlessFrom === undefined ? {} : { repeatFrom: endlessFrom }),
      intervalMs: durationMs(this.element.interval),
      offsetMs: durationMs(this.element.offset) ?? 0,
      ...(maxtimeMs === undefined ? {} : { maxtimeMs }),
      ...(transformer ? { transformer } : {}),
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
