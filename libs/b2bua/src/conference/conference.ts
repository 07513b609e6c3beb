import { arrowFor } from '@legato/kernel';
import type { MsmlOperation } from '@legato/msml';
import { MsmlExchange } from '@legato/msml';
import type { SdpBody, UsageEvent } from '@legato/sip';
import { InviteUsage } from '@legato/sip';
import type { MediaFailure } from '../media-control/dialog-report';
import type { CallEvent } from '../ports/call-store';
import type { Aggregate } from '../registry/aggregate';
import { conferenceActions } from './conference.actions';
import { isDoneOnce } from '../media-control/done-once';
import type { ConferenceTrigger } from './conference.machine';
import { conferenceMachine } from './conference.machine';
import type { ConferenceRuntime } from './conference-runtime';
import type {
  ConferenceEndedReason,
  ConferenceRecording,
  ConferenceSnapshot,
  ParticipantId,
  ParticipantSnapshot,
} from './conference-snapshot';
import { receiveControlEvent } from './control-events';
import { mixerActions } from './mixer.actions';
import type { MixerTrigger } from './mixer.machine';
import { mixerMachine } from './mixer.machine';
import { reconcile } from './reconcile';
import { finishWhenReleased, releaseMixer } from './release';
import { noteTrack } from './track-sets';

/** The record of a live conference outlives its longest duration by this much. */
const LIVE_TTL_MARGIN_MS = 3_600_000;

/**
 * One conference while it lives in this process: its snapshot, and the machines that work on it. Everything here runs inside its
 * mailbox.
 */
export class Conference implements Aggregate {
  private readonly usages = new Map<string, InviteUsage>();
  private ordered: MsmlExchange | undefined;
  private events: CallEvent[] = [];

  constructor(
    readonly snapshot: ConferenceSnapshot,
    readonly runtime: ConferenceRuntime,
  ) {
    const output = runtime.outputFor(snapshot.id);
    for (const state of Object.values(snapshot.usages)) {
      this.usages.set(state.id, InviteUsage.restored(output, state));
    }
  }

  get id(): string {
    return this.snapshot.id;
  }

  get logFields(): { conference_id: string } {
    return { conference_id: this.snapshot.id };
  }

  get isEnded(): boolean {
    return this.snapshot.state === 'ended';
  }

  get isEnding(): boolean {
    return this.snapshot.state === 'ending';
  }

  get isEstablished(): boolean {
    return this.snapshot.startedAt !== undefined;
  }

  get liveTtlMs(): number {
    return this.snapshot.options.maxDurationMs + LIVE_TTL_MARGIN_MS;
  }

  giveUp(): void {
    Object.assign(this.snapshot, { state: 'ended', endedReason: 'failed' });
  }

  fail(): void {
    this.end('failed', { code: 'internal_error', detail: 'A fault in Legato' });
  }

  /** The control dialog. */
  get control(): InviteUsage | undefined {
    const { control } = this.snapshot;
    return control === undefined ? undefined : this.usages.get(control);
  }

  usageById(id: string): InviteUsage | undefined {
    return this.usages.get(id);
  }

  openUsageList(): InviteUsage[] {
    return [...this.usages.values()];
  }

  usageIds(): string[] {
    const { id, opened } = this.snapshot;
    return Array.from({ length: opened }, (_, index) => `${id}/${index + 1}`);
  }

  /** Sends the INVITE of a new control dialog. */
  openControl(mediaServer: string, body: SdpBody): void {
    const { snapshot, runtime } = this;
    snapshot.opened += 1;
    const us = `<sip:legato@${runtime.address}>`;
    const usage = InviteUsage.outgoing(`${snapshot.id}/${snapshot.opened}`, runtime.outputFor(snapshot.id), {
      requestUri: mediaServer,
      from: us,
      to: `<${mediaServer}>`,
      contact: us,
    });
    this.usages.set(usage.state.id, usage);
    snapshot.usages[usage.state.id] = usage.state;
    snapshot.control = usage.state.id;
    usage.invite(body);
  }

  /** The control dialog no longer counts; it ends on its own, unheard. What was asked on it gets no answer. */
  abandonControl(): void {
    delete this.snapshot.control;
    delete this.snapshot.exchange;
    this.ordered = undefined;
  }

  /** Drops every dialog, ended or not. */
  dropUsages(): void {
    this.usages.clear();
    this.snapshot.usages = {};
    this.abandonControl();
  }

  /** The ordered MSML requests of the control dialog. */
  get exchange(): MsmlExchange {
    if (!this.ordered) {
      const output = {
        sendInfo: (token: string, body: SdpBody) =>
          this.control?.requestWith('INFO', token, { body, ...(isDoneOnce(token) && { isRepeated: true }) }),
      };
      this.ordered = new MsmlExchange(output, this.snapshot.exchange, this.snapshot.mediaDialect);
      this.snapshot.exchange = this.ordered.state;
    }
    return this.ordered;
  }

  /** A request that the last process has sent, and this one again, is not made a second time. */
  submit(token: string, operations: MsmlOperation[]): void {
    if (isDoneOnce(token) && this.exchange.state.outstanding === token) return;
    this.exchange.submit(token, operations);
  }

  /** A name for a dialog on the media server that this conference has not used. */
  nextDialogName(kind: string): string {
    this.snapshot.dialogs += 1;
    return `${kind}-${this.snapshot.id}-${this.snapshot.dialogs}`;
  }

  participant(id: ParticipantId | string): ParticipantSnapshot | undefined {
    return this.snapshot.participants.find((participant) => participant.id === id);
  }

  receive(usageId: string, events: readonly UsageEvent[]): void {
    for (const event of events) {
      const isControl = this.snapshot.control === usageId;
      if (event.type === 'ended') {
        this.usages.delete(usageId);
        delete this.snapshot.usages[usageId];
      }
      if (isControl) receiveControlEvent(this, event);
      else if (event.type === 'ended') finishWhenReleased(this);
    }
  }

  move(trigger: ConferenceTrigger): void {
    const arrow = arrowFor(conferenceMachine, this.snapshot.state, trigger);
    if (!arrow) return;
    this.snapshot.state = arrow.to;
    for (const action of arrow.do) conferenceActions[action](this);
  }

  /** Tells the machine that deals with the media server. */
  trigger(trigger: MixerTrigger): void {
    const arrow = arrowFor(mixerMachine, this.snapshot.mixer, trigger);
    if (!arrow) return;
    this.snapshot.mixer = arrow.to;
    for (const action of arrow.do) mixerActions[action](this);
  }

  /** What is wanted, or what is known to be done, has changed. */
  changed(): void {
    reconcile(this);
  }

  /** A track has gone on: the recording that it belongs to may have waited for it. */
  trackAdvanced(track: ConferenceRecording): void {
    noteTrack(this, track);
  }

  /** A recording has its outcome: a conference that ends may have waited for it. */
  recordingSettled(): void {
    releaseMixer(this);
  }

  /** Begins to release everything; the first reason stays. */
  end(reason: ConferenceEndedReason, error?: MediaFailure): void {
    const { snapshot } = this;
    if (snapshot.state === 'ending' || snapshot.state === 'ended') return;
    snapshot.endedReason = reason;
    if (error) snapshot.error = error;
    this.move('end');
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
    const { snapshot, runtime } = this;
    snapshot.sequence += 1;
    this.events.push({
      id: `evt_${runtime.ids.uuidv7()}`,
      type,
      subject: snapshot.id,
      time: new Date(runtime.clock.wallTime()).toISOString(),
      sequence: snapshot.sequence,
      data: { conference_id: snapshot.id, ...data },
    });
  }

  serialize(): string {
    return JSON.stringify(this.snapshot);
  }

  takeEvents(): CallEvent[] {
    const taken = this.events;
    if (taken.length > 0) this.events = [];
    return taken;
  }
}
