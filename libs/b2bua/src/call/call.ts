import { arrowFor } from '@legato/kernel';
import type { MsmlOperation } from '@legato/msml';
import { MsmlExchange } from '@legato/msml';
import type { OutgoingInvite, SdpBody, UsageEvent } from '@legato/sip';
import { InviteUsage } from '@legato/sip';
import type { CallEvent } from '../ports/call-store';
import type { Aggregate } from '../registry/aggregate';
import { isDoneOnce } from '../media-control/done-once';
import { MediaDialogs } from '../media-control/media-dialogs';
import { finishWhenReleased, recordingSettled } from '../use-cases/hang-up';
import { beginMediaWork } from '../use-cases/media-work';
import type { FinishedMediaWork } from '../use-cases/media-work-finished';
import type { ProcedureTrigger } from '../use-cases/procedures';
import { advance } from '../use-cases/procedures';
import { answerable } from '../use-cases/relay-prack';
import { hearBranch } from '../use-cases/ring-together';
import { callActions } from './call.actions';
import type { CallTrigger } from './call.machine';
import { callMachine } from './call.machine';
import { callDetailRecord } from './call-detail-record';
import type { CallRuntime } from './call-runtime';
import type {
  CallSnapshot,
  EndedReason,
  MediaRole,
  ProcedureSnapshot,
  Role,
  SipOutcome,
} from './call-snapshot';
import { MEDIA_ROLES, ROLES, isMediaRole, usageNumber } from './call-snapshot';
import { receiveUsageEvent } from './usage-events';

/** A live call's record outlives its longest duration by this much. */
const LIVE_TTL_MARGIN_MS = 3_600_000;
const GAVE_UP = {
  state: 'ended',
  endedReason: 'failed',
  sip: { status: 503, reason: 'State store unavailable' },
} as const;

/**
 * One call while it lives in this process: its snapshot, and the machines that work on parts of it.
 * What is done with it stands in use-cases; everything here runs inside the call's mailbox.
 */
export class Call implements Aggregate {
  private readonly usages = new Map<string, InviteUsage>();
  private readonly exchanges = new Map<MediaRole, MsmlExchange>();
  readonly mediaDialogs: MediaDialogs;
  /** What was keyed in sensitive collections, until somebody reads it: no part of the snapshot. */
  readonly secretDigits = new Map<string, string>();
  private events: CallEvent[] = [];

  constructor(
    readonly snapshot: CallSnapshot,
    readonly runtime: CallRuntime,
  ) {
    const output = runtime.outputFor(snapshot.id);
    for (const state of Object.values(snapshot.usages)) {
      this.usages.set(state.id, InviteUsage.restored(output, state));
    }
    for (const role of MEDIA_ROLES) this.hold(role);
    this.mediaDialogs = new MediaDialogs(this);
  }

  get id(): string {
    return this.snapshot.id;
  }

  get logFields(): { call_id: string } {
    return { call_id: this.snapshot.id };
  }

  get isEnded(): boolean {
    return this.snapshot.state === 'ended';
  }

  get isEnding(): boolean {
    return this.snapshot.state === 'ending';
  }

  get isEstablished(): boolean {
    return this.snapshot.answeredAt !== undefined;
  }

  get liveTtlMs(): number {
    return this.snapshot.maxDurationMs + LIVE_TTL_MARGIN_MS;
  }

  giveUp(): void {
    Object.assign(this.snapshot, GAVE_UP);
    this.runtime.callEnded(this.snapshot);
  }

  fail(): void {
    this.end('failed', { status: 500, reason: 'Internal error' });
  }

  usage(role: Role): InviteUsage | undefined {
    const id = this.snapshot.roles[role];
    return id === undefined ? undefined : this.usages.get(id);
  }

  usageById(id: string): InviteUsage | undefined {
    return this.usages.get(id);
  }

  /** Dialogs that have not ended. */
  get openUsages(): number {
    return this.usages.size;
  }

  openUsageList(): InviteUsage[] {
    return [...this.usages.values()];
  }

  /** The ids of all dialogs that were ever opened: what is held for one that just ended may not have been let go. */
  usageIds(): string[] {
    const { id, opened } = this.snapshot;
    return Array.from({ length: opened }, (_, index) => `${id}/${index + 1}`);
  }

  /** A fresh id for a dialog of this call: `<call id>/<number>`. */
  nextUsageId(): string {
    this.snapshot.opened += 1;
    return `${this.snapshot.id}/${this.snapshot.opened}`;
  }

  adopt(role: Role, usage: InviteUsage): void {
    const { state } = usage;
    this.usages.set(state.id, usage);
    this.snapshot.usages[usageNumber(state.id)] = state;
    this.snapshot.roles[role] = state.id;
  }

  /** Sends an INVITE on a new dialog that has no role: it rings beside one that has. Answers its id. */
  openBeside(invite: OutgoingInvite, body?: SdpBody): string {
    const output = this.runtime.outputFor(this.snapshot.id);
    const usage = InviteUsage.outgoing(this.nextUsageId(), output, answerable(this, invite, body));
    const { state } = usage;
    this.usages.set(state.id, usage);
    this.snapshot.usages[usageNumber(state.id)] = state;
    usage.invite(body);
    return state.id;
  }

  /** Sends an INVITE on a new dialog. */
  open(role: Role, invite: OutgoingInvite, body?: SdpBody): void {
    const output = this.runtime.outputFor(this.snapshot.id);
    const usage = InviteUsage.outgoing(this.nextUsageId(), output, answerable(this, invite, body, role));
    this.adopt(role, usage);
    if (isMediaRole(role)) this.hold(role);
    usage.invite(body);
  }

  /** The dialog of `role` no longer counts; it ends on its own, unheard. */
  abandon(role: Role): void {
    delete this.snapshot.roles[role];
    delete this.snapshot.descriptions[role];
    if (role === 'caller media') this.mediaDialogs.forgetAll();
    if (isMediaRole(role)) {
      this.exchanges.delete(role);
      delete this.snapshot.exchanges[role];
    }
  }

  /** Drops every dialog, ended or not. */
  dropUsages(): void {
    for (const id of this.usages.keys()) this.runtime.mediaServers.release(id);
    this.usages.clear();
    this.snapshot.usages = {};
    this.snapshot.roles = {};
  }

  /** The ordered MSML requests on one media dialog. */
  exchange(role: MediaRole): MsmlExchange {
    let exchange = this.exchanges.get(role);
    if (!exchange) {
      const output = {
        sendInfo: (token: string, body: SdpBody) => this.sendInfo(role, token, body),
      };
      exchange = new MsmlExchange(output, this.snapshot.exchanges[role], this.snapshot.mediaDialect);
      this.exchanges.set(role, exchange);
      this.snapshot.exchanges[role] = exchange.state;
    }
    return exchange;
  }

  /** A request that the last process has sent, and this one again, is not made a second time. */
  submit(role: MediaRole, token: string, operations: MsmlOperation[]): void {
    const exchange = this.exchange(role);
    if (isDoneOnce(token) && exchange.state.outstanding === token) return;
    exchange.submit(token, operations);
  }

  private sendInfo(role: MediaRole, token: string, body: SdpBody): void {
    this.usage(role)?.requestWith('INFO', token, { body, ...(isDoneOnce(token) && { isRepeated: true }) });
  }

  /** What a dialog has to tell, in order. One that was given up is only heard to end. */
  receive(usageId: string, events: readonly UsageEvent[]): void {
    for (const event of events) {
      hearBranch(this, usageId, event);
      const role = this.roleOf(usageId);
      if (event.type === 'ended') this.bury(usageId, role);
      if (role !== undefined) receiveUsageEvent(this, role, event);
      else if (event.type === 'ended') this.usageEnded();
    }
  }

  private bury(usageId: string, role: Role | undefined): void {
    const sipCallId = this.snapshot.usages[usageNumber(usageId)]?.dialog?.sipCallId;
    if (role !== undefined && sipCallId !== undefined) this.snapshot.sipCallIds[role] = sipCallId;
    this.usages.delete(usageId);
    delete this.snapshot.usages[usageNumber(usageId)];
    this.runtime.mediaServers.release(usageId);
  }

  /** The media server has a connection for `role` as long as its dialog is there. */
  private hold(role: MediaRole): void {
    const { mediaServer, roles } = this.snapshot;
    const usageId = roles[role];
    if (mediaServer !== undefined && usageId !== undefined)
      this.runtime.mediaServers.hold(mediaServer, usageId);
  }

  private roleOf(usageId: string): Role | undefined {
    const { roles } = this.snapshot;
    return ROLES.find((role) => roles[role] === usageId);
  }

  /** The snapshot as JSON text. */
  serialize(): string {
    return JSON.stringify(this.snapshot);
  }

  detailRecord(): string {
    return JSON.stringify(callDetailRecord(this.snapshot));
  }

  /** A dialog is gone; an ending call may have waited for it. */
  usageEnded(): void {
    finishWhenReleased(this);
  }

  move(trigger: CallTrigger): void {
    const arrow = arrowFor(callMachine, this.snapshot.state, trigger);
    if (!arrow) return;
    this.snapshot.state = arrow.to;
    for (const action of arrow.do) callActions[action](this);
  }

  /** Begins a use case of several steps. */
  begin(name: ProcedureSnapshot['name'], state: string): void {
    this.snapshot.procedure = { name, state, moved: [] };
  }

  /** Tells the use case under way. */
  trigger(trigger: ProcedureTrigger): void {
    advance(this, trigger);
  }

  /** Begins to release the call; the first reason stays. */
  end(reason: EndedReason, outcome: SipOutcome): void {
    if (this.snapshot.state === 'ending' || this.snapshot.state === 'ended') return;
    this.snapshot.endedReason = reason;
    this.snapshot.sip = outcome;
    this.snapshot.procedure = null;
    this.move('end');
  }

  /** Starts the media work that waits, as far as it can. */
  beginMediaWork(): void {
    beginMediaWork(this);
  }

  /** Tells who waits for it, and goes on with the next. */
  mediaWorkFinished(work: FinishedMediaWork): void {
    this.runtime.mediaWorkListeners.tell(this, work);
    if (this.snapshot.mode === 'anchored') beginMediaWork(this);
  }

  /** A recording has its outcome: an ending call may have waited for it. */
  recordingSettled(): void {
    recordingSettled(this);
  }

  startTimer(name: string, delayMs: number): void {
    this.snapshot.timers[name] = this.runtime.clock.wallTime() + delayMs;
    this.runtime.startTimer(this.snapshot.id, name, delayMs);
  }

  stopTimer(name: string): void {
    if (!(name in this.snapshot.timers)) return;
    delete this.snapshot.timers[name];
    this.runtime.stopTimer(this.snapshot.id, name);
  }

  /** Appends to the durable log, together with the next write of the snapshot. */
  log(type: string, data: Readonly<Record<string, unknown>>): void {
    this.snapshot.sequence += 1;
    this.events.push({
      id: `evt_${this.runtime.ids.uuidv7()}`,
      type,
      subject: this.snapshot.id,
      time: new Date(this.runtime.clock.wallTime()).toISOString(),
      sequence: this.snapshot.sequence,
      data: { call_id: this.snapshot.id, ...data },
    });
  }

  takeEvents(): CallEvent[] {
    if (this.events.length === 0) return this.events;
    const taken = this.events;
    this.events = [];
    return taken;
  }
}
