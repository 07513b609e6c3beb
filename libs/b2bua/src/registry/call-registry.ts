import type { Clock, IdSource, Log, Timer } from '@legato/kernel';
import type { InviteUsage, ServerTransaction, UsageEvent } from '@legato/sip';
import { Call } from '../call/call';
import type { CallRuntime, CallTimings } from '../call/call-runtime';
import type { CallId, CallSnapshot, SipOutcome } from '../call/call-snapshot';
import { fireCallTimer } from '../call/fire-call-timer';
import type { CallRecord, CallStore } from '../ports/call-store';
import type { MediaServerPool } from '../ports/media-server-pool';
import type { OutboundTrunks } from '../ports/outbound-trunks';
import { resume } from '../use-cases/resume';
import { CallCommit } from './call-commit';
import { CallOutput } from './call-output';
import type { CallReader } from './call-reader';
import { LiveCall } from './live-call';
import type { Signalling } from './signalling';

export interface CallRegistryOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly store: CallStore;
  readonly signalling: Signalling;
  readonly mediaServers: MediaServerPool;
  readonly trunks?: OutboundTrunks;
  readonly timings: CallTimings;
  /** `host:port` of this user agent. */
  readonly address: string;
  readonly reader: CallReader;
}

interface Live {
  readonly live: LiveCall;
  readonly output: CallOutput;
  readonly timers: Map<string, Timer>;
}

/** The live calls of this node: finds the one that an input is for and puts the input into its mailbox. */
export class CallRegistry {
  private readonly calls = new Map<string, Live>();
  private readonly commits: CallCommit;
  private readonly runtime: CallRuntime;

  constructor(private readonly options: CallRegistryOptions) {
    const { clock, ids, log, store, timings, mediaServers, address } = options;
    this.commits = new CallCommit({
      clock,
      ids,
      log,
      store,
      retentionMs: timings.retentionMs,
      outputOf: (live) => this.output(live.call.snapshot.id),
      forget: (live) => this.forget(live),
      nudge: (live) => this.post(live.call.snapshot.id, () => undefined),
    });
    this.runtime = {
      clock,
      ids,
      log,
      timings,
      mediaServers,
      ...(options.trunks && { trunks: options.trunks }),
      address,
      outputFor: (id) => this.output(id),
      startTimer: (id, name, delayMs) => this.startTimer(id, name, delayMs),
      stopTimer: (id, name) => this.stopTimer(id, name),
      recordingCreated: (id, recording) => {
        options.reader.point(recording, id).catch((error: unknown) => {
          log.error('recording is not indexed', {
            call_id: id,
            recording_id: recording,
            error: String(error),
          });
        });
      },
    };
  }

  get size(): number {
    return this.calls.size;
  }

  get failedWrites(): number {
    return this.commits.failedWrites;
  }

  snapshot(id: string): CallSnapshot | undefined {
    return this.calls.get(id)?.live.call.snapshot;
  }

  *snapshots(): IterableIterator<CallSnapshot> {
    for (const { live } of this.calls.values()) yield live.call.snapshot;
  }

  /** Takes a new call and runs `begin` as the first task of its mailbox. */
  create(snapshot: CallSnapshot, begin: (call: Call) => void): void {
    this.admit(snapshot);
    this.post(snapshot.id, begin);
  }

  /** The caller's INVITE: its dialog is number one of the call. */
  createInbound(
    snapshot: CallSnapshot,
    transaction: ServerTransaction,
    begin: (call: Call, caller: InviteUsage) => void,
  ): void {
    const live = this.admit(snapshot);
    const usageId = live.call.nextUsageId();
    const usage = this.options.signalling.receiveInvite(usageId, this.output(snapshot.id), transaction);
    live.invite = transaction;
    this.post(snapshot.id, (call) => begin(call, usage));
  }

  /** Runs `task` in the mailbox of a call; false when this node has no such call. */
  post(id: string, task: (call: Call) => void): boolean {
    const entry = this.calls.get(id);
    if (!entry) return false;
    const { live } = entry;
    live.mailbox.post(() => {
      if (live.gone) return undefined;
      task(live.call);
      return this.commits.commit(live);
    });
    return true;
  }

  /** The same, and answers when the call is stored with what the task did. */
  ask<T>(id: string, task: (call: Call) => T): Promise<T> | undefined {
    const entry = this.calls.get(id);
    if (!entry) return undefined;
    const { live } = entry;
    return new Promise<T>((resolve, reject) => {
      live.mailbox.post(() => {
        let answer: T;
        try {
          answer = task(live.call);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
          throw error;
        }
        const stored = this.commits.commit(live);
        if (stored) return stored.then(() => resolve(answer));
        resolve(answer);
        return undefined;
      });
    });
  }

  /** From below: something arrived for a dialog. The usage makes events of it inside the mailbox. */
  deliver(usageId: string, feed: (usage: InviteUsage) => UsageEvent[]): boolean {
    return this.post(usageId.slice(0, usageId.lastIndexOf('/')), (call) => {
      const usage = call.usageById(usageId);
      if (usage) call.receive(usageId, feed(usage));
    });
  }

  /** Takes up the calls that an earlier life of `nodeId` left behind. */
  async restore(nodeId: string): Promise<number> {
    const records = await this.options.store.claim(nodeId);
    for (const record of records) this.takeUp(record);
    return records.length;
  }

  /** Writes every call again: the store may have lost some (failover, flush). */
  storeAll(): void {
    for (const { live } of this.calls.values()) {
      live.mustStore = true;
      this.post(live.call.snapshot.id, () => undefined);
    }
  }

  /** Lets go of every call without a word: they belong to another node now (invariant I5). */
  dropAll(): void {
    for (const { live } of [...this.calls.values()]) this.forget(live);
  }

  /** Ends every call, because none can outlive this process. */
  endAll(outcome: SipOutcome): void {
    for (const id of [...this.calls.keys()]) this.post(id, (call) => call.end('failed', outcome));
  }

  private takeUp(record: CallRecord): void {
    const snapshot = JSON.parse(record.state) as CallSnapshot;
    const live = this.admit(snapshot);
    live.version = record.version;
    live.generation = record.generation;
    const now = this.options.clock.wallTime();
    for (const [name, deadline] of Object.entries(snapshot.timers)) {
      this.startTimer(snapshot.id, name, Math.max(0, deadline - now));
    }
    for (const usage of live.call.openUsageList()) this.options.signalling.restore(usage);
    this.post(snapshot.id, (call) => resume(call));
  }

  private admit(snapshot: CallSnapshot): LiveCall {
    const entry = {
      output: new CallOutput(this.options.signalling.output),
      timers: new Map<string, Timer>(),
    };
    // The call asks for its output while it is made.
    this.calls.set(snapshot.id, entry as unknown as Live);
    const live = new LiveCall(new Call(snapshot, this.runtime), (error) => this.fail(snapshot.id, error));
    Object.assign(entry, { live });
    return live;
  }

  private output(id: string): CallOutput {
    const entry = this.calls.get(id);
    if (!entry) throw new Error(`no call ${id} on this node`);
    return entry.output;
  }

  /** A programming error ends its call, never the process. */
  private fail(id: string, error: unknown): void {
    const { log } = this.options;
    log.error('call failed', {
      call_id: id,
      error: error instanceof Error ? (error.stack ?? error.message) : error,
    });
    const entry = this.calls.get(id);
    if (!entry || entry.live.gone) return;
    if (entry.live.call.snapshot.state === 'ending') this.forget(entry.live);
    else this.post(id, (call) => call.end('failed', { status: 500, reason: 'Internal error' }));
  }

  private forget(live: LiveCall): void {
    const { id } = live.call.snapshot;
    const entry = this.calls.get(id);
    if (!entry) return;
    live.gone = true;
    for (const timer of entry.timers.values()) timer.cancel();
    this.calls.delete(id);
    this.options.signalling.forget(live.call.usageIds());
  }

  private startTimer(id: CallId, name: string, delayMs: number): void {
    const entry = this.calls.get(id);
    if (!entry) return;
    entry.timers.get(name)?.cancel();
    const timer = this.options.clock.schedule(delayMs, () => {
      entry.timers.delete(name);
      this.post(id, (call) => fireCallTimer(call, name));
    });
    entry.timers.set(name, timer);
  }

  private stopTimer(id: CallId, name: string): void {
    const entry = this.calls.get(id);
    entry?.timers.get(name)?.cancel();
    entry?.timers.delete(name);
  }
}
