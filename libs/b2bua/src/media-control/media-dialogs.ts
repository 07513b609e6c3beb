import type { Clock, Timer } from '@legato/kernel';
import type { MsmlDialogResult, MsmlEvent, MsmlOutcome } from '@legato/msml';
import { MsmlDialogResults, MsmlEventRouter, parseObjectId } from '@legato/msml';
import type { Call } from '../call/call';
import { DIALOG_GRACE, dialogGraceTimer } from '../call/call-timer-names';
import { dialogOwners } from '../use-cases/dialog-owners';

/**
 * What a call has at its media server: its dialogs and its conference. Whoever starts a dialog watches it, and is told once what it
 * came to, whatever events its media server tells that by (RFC 5707 §7.4, §9.6.1); its name says who that is, see
 * {@link dialogOwners}.
 */
export class MediaDialogs {
  private readonly router = new MsmlEventRouter();
  private readonly callbacks = new Map<string, () => void>();
  private readonly listening = new Map<string, () => void>();
  private results: MsmlDialogResults | undefined;
  private armed = 0;

  /** Dialogs of a stored call are watched on. */
  constructor(private readonly call: Call) {
    const { timers, mediaDialogs, conference } = call.snapshot;
    // They are armed again below, under new names.
    for (const name of Object.keys(timers)) if (name.startsWith(`${DIALOG_GRACE}:`)) call.stopTimer(name);
    for (const id of Object.keys(mediaDialogs ?? {})) this.watch(id);
    if (conference !== undefined) this.attend(conference);
  }

  /** Before its dialogstart is sent: events may overtake the answer. A dialog that is watched stays as it is. */
  watch(id: string): void {
    const results = this.watched();
    results.watch(id);
    this.listen(id, (event) => void results.receiveEvent(event));
  }

  /** Nobody waits for it any more. */
  forget(id: string): void {
    this.results?.forget(id);
    this.deafen(id);
  }

  /** The answer to its dialogend: when the exit does not come, it is over after the time of grace. */
  receiveEnd(id: string, outcome: MsmlOutcome): void {
    this.results?.receiveEnd(id, outcome);
  }

  /** An event of the media server; false when it is about nothing that this call has there. */
  receiveEvent(event: MsmlEvent): boolean {
    return this.router.route(event);
  }

  /** The dialog that carries the requests and events is gone. */
  forgetAll(): void {
    for (const id of [...this.listening.keys()]) this.forget(id);
  }

  /** A timer of {@link dialogGraceTimer} has run out. */
  fireTimer(number: string): void {
    const callback = this.callbacks.get(number);
    this.callbacks.delete(number);
    callback?.();
  }

  /** The conference of a mixed recording was asked for; it goes when its parties do (deletewhen="nomedia", RFC 5707 §8.3). */
  attend(name: string): void {
    const id = `conf:${name}`;
    this.listen(id, (event) => {
      if (event.id !== id || event.name !== 'msml.conf.nomedia') return;
      this.deafen(id);
      this.call.snapshot.conference = undefined;
    });
  }

  private listen(id: string, listener: (event: MsmlEvent) => void): void {
    if (!this.listening.has(id)) this.listening.set(id, this.router.listen(id, listener));
  }

  private deafen(id: string): void {
    this.listening.get(id)?.();
    this.listening.delete(id);
  }

  /** Made when the first dialog is: how long its exit may take is a matter of the media server. */
  private watched(): MsmlDialogResults {
    const { snapshot, runtime } = this.call;
    this.results ??= new MsmlDialogResults(
      this.clock(),
      (result) => this.finished(result),
      runtime.mediaServers.find(snapshot.mediaServer ?? '')?.exitGraceMs ?? runtime.timings.exitGraceMs,
      (snapshot.mediaDialogs ??= {}),
    );
    return this.results;
  }

  private finished(result: MsmlDialogResult): void {
    this.deafen(result.id);
    const name = parseObjectId(result.id)?.dialog ?? '';
    dialogOwners[name.slice(0, name.indexOf('_'))]?.(this.call, name, result);
  }

  /** Its timers are timers of the call, so that they fire in its mailbox. */
  private clock(): Clock {
    const { clock } = this.call.runtime;
    return {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      schedule: (delayMs, callback) => this.schedule(delayMs, callback),
    };
  }

  private schedule(delayMs: number, callback: () => void): Timer {
    this.armed += 1;
    const number = String(this.armed);
    this.callbacks.set(number, callback);
    this.call.startTimer(dialogGraceTimer(number), delayMs);
    return {
      cancel: () => {
        this.callbacks.delete(number);
        this.call.stopTimer(dialogGraceTimer(number));
      },
    };
  }
}
