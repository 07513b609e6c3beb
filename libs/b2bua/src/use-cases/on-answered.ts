import type { Call } from '../call/call';
import type { ApplicationTarget } from '../call/call-snapshot';

/** Runs in the mailbox of the call, in the same step that stores it as in_progress. */
export type AnsweredHandler = (call: Call) => void;

/** Runs in the mailbox of an inbound call that rings: the caller is answered when the handler says so. */
export type ArrivalHandler = (call: Call) => void;

/** The media server for calls to the conference of that name. */
export type MediaPlace = (name: string) => string | undefined;

/**
 * Who takes a call of one party in hand once it is connected to the media server, by the kind of its target. A call for a
 * flow or a conference that nobody has registered for is refused before it is answered; one for a webhook rings until the
 * application says what becomes of it.
 */
export class OnAnswered {
  private readonly handlers = new Map<ApplicationTarget['kind'], AnsweredHandler>();
  private readonly arrivals = new Map<ApplicationTarget['kind'], ArrivalHandler>();
  private readonly ends = new Map<ApplicationTarget['kind'], (call: Call) => void>();
  private readonly places = new Map<ApplicationTarget['kind'], MediaPlace>();

  /** `place`: at which media server its calls have to be. */
  register(kind: ApplicationTarget['kind'], handler: AnsweredHandler, place?: MediaPlace): void {
    this.handlers.set(kind, handler);
    if (place) this.places.set(kind, place);
  }

  /** Who decides, before the caller is answered, whether it is. */
  registerArrival(kind: ApplicationTarget['kind'], handler: ArrivalHandler): void {
    this.arrivals.set(kind, handler);
  }

  /** What becomes of an inbound call that rings; undefined when it is answered without further ado. */
  arrivalOf({ kind }: ApplicationTarget): ArrivalHandler | undefined {
    return this.arrivals.get(kind);
  }

  /** Who has to know that a call of this kind ends, and why; runs in its mailbox. */
  registerEnd(kind: ApplicationTarget['kind'], handler: (call: Call) => void): void {
    this.ends.set(kind, handler);
  }

  tellEnd(call: Call): void {
    const { target } = call.snapshot;
    if (target) this.ends.get(target.kind)?.(call);
  }

  /** URI of the media server at which a call for `target` has to be; undefined when any will do. */
  placeOf(target: ApplicationTarget | undefined): string | undefined {
    return target && this.places.get(target.kind)?.(target.name);
  }

  /** Whether somebody will take the call. */
  serves({ kind }: ApplicationTarget): boolean {
    return kind === 'webhook' || this.handlers.has(kind);
  }

  tell(call: Call): void {
    const { target } = call.snapshot;
    if (target) this.handlers.get(target.kind)?.(call);
  }
}
