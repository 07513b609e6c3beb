import type { DialogState } from '../dialog/dialog-state';
import type { InDialogRequestOptions } from '../dialog/in-dialog-request';
import { createInDialogRequest, fallbackTarget } from '../dialog/in-dialog-request';
import type { Address, Flow } from '../message/flow';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import { SipUri } from '../message/sip-uri';
import type { CalleeTrigger } from './callee.machine';
import type { CallerTrigger } from './caller.machine';
import type { HeaderList, SdpBody } from './usage-body';
import type { UsageEvent } from './usage-events';
import type { UsageOutput } from './usage-output';
import type { InviteUsageState } from './usage-state';

/** What a trigger of the life of a usage brings with it. */
export interface UsageInput {
  readonly request?: SipRequest;
  readonly transactionKey?: string | undefined;
  readonly response?: SipResponse;
  readonly status?: number;
  /** Reason phrase of a refusal, or Reason value of BYE and CANCEL. */
  readonly reason?: string | undefined;
  readonly body?: SdpBody | undefined;
  readonly headers?: HeaderList | undefined;
}

/** The phases in which requests can be sent in the dialog. */
const OPEN_PHASES: readonly string[] = ['Early', 'Moratorium', 'Leaving', 'Established'];

/** @internal What the parts of an {@link InviteUsage} share: its state, its output and what it has to tell. */
export class UsageContext {
  private untold: UsageEvent[] = [];

  constructor(
    readonly state: InviteUsageState,
    readonly output: UsageOutput,
    /** Takes an arrow of the life of the usage; a trigger without an arrow is ignored. */
    readonly move: (usage: UsageContext, trigger: CallerTrigger | CalleeTrigger, input: UsageInput) => void,
  ) {}

  get id(): string {
    return this.state.id;
  }

  /** Throws when there is none: the machines ask only in phases that have one. */
  get dialog(): DialogState {
    const { dialog } = this.state;
    if (!dialog) throw new Error(`usage ${this.id} has no dialog in ${this.state.phase}`);
    return dialog;
  }

  get isOpen(): boolean {
    return this.state.dialog !== null && OPEN_PHASES.includes(this.state.phase);
  }

  get contact(): string {
    return this.state.contact ?? this.output.contact;
  }

  get supported(): readonly string[] {
    const { supported = [], sessionTimer } = this.output;
    return sessionTimer ? [...supported, 'timer'] : supported;
  }

  supports(optionTag: string): boolean {
    return this.supported.includes(optionTag);
  }

  /** 64*T1 in milliseconds. */
  get patienceMs(): number {
    return 64 * this.output.timers.T1;
  }

  tell(event: UsageEvent): void {
    this.untold.push(event);
  }

  takeEvents(): UsageEvent[] {
    const events = this.untold;
    this.untold = [];
    return events;
  }

  startTimer(name: string, delayMs: number): void {
    this.state.timers[name] = this.output.now() + delayMs;
    this.output.startTimer(this.id, name, delayMs);
  }

  stopTimer(name: string): void {
    if (!(name in this.state.timers)) return;
    delete this.state.timers[name];
    this.output.stopTimer(this.id, name);
  }

  stopTimers(): void {
    for (const name of Object.keys(this.state.timers)) this.stopTimer(name);
  }

  /** Sends a request within the dialog and answers its sequence number. */
  send(method: string, options: InDialogRequestOptions = {}, token?: string, branch?: string): number {
    const request = createInDialogRequest(this.dialog, method, options);
    const { target } = this.target();
    this.output.sendRequest(this.id, request, { target, token, ...(branch !== undefined && { branch }) });
    return request.cseq.number;
  }

  /** Where the URIs of the dialog can not be relied on. */
  target(dialog: DialogState = this.dialog): { target?: Flow | Address } {
    const target = this.isCalledByFlow(dialog) ? dialog.flow : fallbackTarget(dialog);
    return target ? { target } : {};
  }

  /** A registered peer behind NAT whose Contact is still the one that was called along its flow (RFC 5626 §5.3). */
  private isCalledByFlow({ routeSet, remoteTarget }: DialogState): boolean {
    const { calledByFlow } = this.state;
    if (calledByFlow === undefined || routeSet.length > 0) return false;
    const [called, target] = [SipUri.parse(calledByFlow), SipUri.parse(remoteTarget)];
    return called?.host === target?.host && called?.port === target?.port;
  }
}
