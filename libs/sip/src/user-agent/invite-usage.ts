import { createUasDialog } from '../dialog/create-dialog';
import { isFlow } from '../transport/transport';
import { NameAddr } from '../message/name-addr';
import type { SipRequest } from '../message/sip-request';
import type { SipResponse } from '../message/sip-response';
import { forgetAck, isAckTimer } from './acknowledgement';
import type { CalleeTrigger } from './callee.machine';
import type { CallerTrigger } from './caller.machine';
import { liftDescription } from './description-part';
import { receiveUsageRequest } from './receive-request';
import { FORK_TIMER, FORK_TOKEN } from './hang-up-fork';
import { stepExchange } from './offer-answer';
import { acknowledgeProvisional } from './receive-provisional';
import { receiveUsageResponse } from './receive-response';
import { firePrackTimer, PRACK_TIMER, sendAnswerReliably } from './reliable-provisional';
import {
  acknowledgeReinvite,
  failReinvite,
  fireGlareTimer,
  fireReinviteLimit,
  GLARE_TIMER,
  pumpReinvites,
  REINVITE_LIMIT_TIMER,
  wantReinvite,
} from './reinvite-client';
import type { RequestContent } from './sent-requests';
import { failRequest, pumpRequests, queueRequest, resumeRequests } from './sent-requests';
import { repeatFinals, repeatInvite } from './resume-invite';
import { answerServed, servedRequest } from './served-requests';
import {
  EXPIRY_TIMER,
  fireExpiryTimer,
  fireRefreshTimer,
  notePeer,
  REFRESH_TIMER,
  sendRefresh,
} from './session-timer';
import { storeRequest } from './stored-request';
import { fireTwoHundred, isTwoHundredTimer } from './two-hundred';
import type { HeaderList, SdpBody } from './usage-body';
import type { UsageInput } from './usage-context';
import { UsageContext } from './usage-context';
import type { UsageEvent } from './usage-events';
import { begunInvite, begunUsage } from './begun-usage';
import { live } from './usage-life';
import type { UsageOutput } from './usage-output';
import type { InviteUsageState, OutgoingInvite } from './usage-state';

export type InDialogMethod = 'INFO' | 'UPDATE' | 'MESSAGE' | 'NOTIFY' | 'OPTIONS';

/** 96 random bits: a tag that can not be guessed can not be forged (RFC 3261 §19.3 asks for 32). */
const TAG_BYTES = 12;
const CALL_ID_BYTES = 16;
/** Runs when a command of the TU ended the usage, so that the TU hears of it as of everything else. */
const ENDED_TIMER = 'ended';
const BEFORE_FINAL: readonly string[] = ['Preparative', 'Early', 'Cancelling'];

/**
 * The INVITE usage of a dialog (RFC 5057), at either end, without I/O: its state is plain JSON, what it wants done goes to a
 * {@link UsageOutput}, what it has to tell comes back from the inputs. Commands that do not fit the phase do nothing.
 */
export class InviteUsage {
  private readonly context: UsageContext;

  private constructor(output: UsageOutput, state: InviteUsageState) {
    this.context = new UsageContext(state, output, live);
  }

  /** UAC side. Nothing is sent until {@link invite}. */
  static outgoing(id: string, output: UsageOutput, options: OutgoingInvite): InviteUsage {
    const { ids } = output;
    const sipCallId = options.sipCallId ?? ids.token(CALL_ID_BYTES);
    const contact = contactOf(output, options);
    const outgoing = begunInvite(options, { contact, sipCallId, localTag: ids.token(TAG_BYTES) });
    const { account } = options;
    return new InviteUsage(
      output,
      begunUsage({ id, role: 'UAC', phase: 'Idle', dialog: null, outgoing, account }),
    );
  }

  /** UAS side: an INVITE that opens a dialog. Mints the local tag. */
  static incoming(id: string, output: UsageOutput, request: SipRequest, transactionKey: string): InviteUsage {
    const dialog = createUasDialog(request, output.ids.token(TAG_BYTES));
    const incoming = { transactionKey, request: storeRequest(request) };
    output.dialogAdded(id, dialog);
    const contact = output.contactFor?.(request.requestUri, request.flow);
    const begun = begunUsage({ id, role: 'UAS', phase: 'Preparative', dialog, incoming, contact });
    const usage = new InviteUsage(output, begun);
    notePeer(usage.context, request);
    if (incoming.request.hasBody) stepExchange(usage.context, 'receive offer', 'INVITE');
    return usage;
  }

  /** From a stored state, which it goes on with; {@link resume} is due. */
  static restored(output: UsageOutput, state: InviteUsageState): InviteUsage {
    return new InviteUsage(output, state);
  }

  /** Plain JSON; changes with every command and input. */
  get state(): InviteUsageState {
    return this.context.state;
  }

  /** UAC: sends the INVITE. */
  invite(body?: SdpBody): void {
    this.command('send INVITE', { body });
  }

  /** UAC: gives up before the final response (RFC 3261 §9.1); later it hangs up. `reason`: a Reason value (RFC 3326). */
  cancel(reason?: string): void {
    this.command(this.state.role === 'UAC' ? 'send CANCEL' : 'send BYE', { reason });
  }

  /** UAS: 100 to 199. */
  provisional(status: number, body?: SdpBody, headers?: HeaderList): void {
    this.command('send 1xx', { status, body, headers });
  }

  /** UAC: the answer to the offer of a reliable provisional response, in its PRACK (RFC 3262 §5). */
  acknowledgeProvisional(body?: SdpBody): void {
    this.run(() => acknowledgeProvisional(this.context, body));
  }

  /** UAS: 200, sent again until its ACK comes. */
  accept(body?: SdpBody, headers?: HeaderList): void {
    this.run(() => {
      if (!sendAnswerReliably(this.context, body, headers))
        this.move('send 2xx', { status: 200, body, headers });
    });
  }

  /** UAS: 300 to 699. */
  refuse(status: number, reason?: string, headers?: HeaderList): void {
    this.command('send 3xx-6xx', { status, reason, headers });
  }

  /** UAC: once per 'accepted' event. The ACK is kept and goes out again for each copy of the 2xx. */
  acknowledge(body?: SdpBody): void {
    if (this.state.phase === 'Moratorium') this.command('send ACK', { body });
    else this.run(() => acknowledgeReinvite(this.context, body));
  }

  /** Modifies the session when no other INVITE of the dialog is under way; outcome by 'accepted' or 'refused'. */
  reinvite(body?: SdpBody): void {
    if (this.isOver) return;
    this.run(() => wantReinvite(this.context, body));
  }

  /** Answers a 're-INVITE' event; a 200 is sent again until its ACK comes. */
  answerReinvite(transactionKey: string, status: number, body?: SdpBody): void {
    this.respond(transactionKey, status, body);
  }

  /** Sends a request when those before it have their answers; outcome by 'answered' with `token`. */
  request(method: InDialogMethod, token: string, body?: SdpBody, headers?: HeaderList): void {
    this.requestWith(method, token, { body, headers });
  }

  /** As `request`, with all that can be said of one. */
  requestWith(method: InDialogMethod, token: string, content: RequestContent): void {
    if (this.isOver) return;
    this.run(() => queueRequest(this.context, method, token, content));
  }

  /** Tells the peer where the dialog is served from now on (RFC 3261 §12.2): another process than the one it knows has it. */
  announce(): void {
    if (this.isOver) return;
    this.run(() => {
      const { dialog, output } = this.context;
      if (!this.context.isOpen) return;
      const contact = output.contactFor?.(dialog.remoteTarget, dialog.flow);
      if (contact === undefined) delete this.state.contact;
      else this.state.contact = contact;
      sendRefresh(this.context);
    });
  }

  /** Whether the request under way has this token, and is sent again by the process that takes the usage up. */
  repeats(token: string): boolean {
    return this.state.requests?.some((each) => each.token === token && each.branch !== undefined) ?? false;
  }

  /** Answers a 'request' event. */
  respond(transactionKey: string, status: number, body?: SdpBody, headers?: HeaderList): void {
    this.run(() => answerServed(this.context, transactionKey, status, { body, headers }));
  }

  /**
   * Ends the usage in the way its phase asks (RFC 3261 §15): 487 or CANCEL before the final response, BYE after it, not before
   * the ACK of our 2xx or its timeout. `reason`: a Reason value (RFC 3326).
   */
  bye(reason?: string): void {
    this.command('send BYE', { reason });
  }

  /** A request within the dialog; an ACK has no transaction. */
  receiveRequest(request: SipRequest, transactionKey: string | undefined): UsageEvent[] {
    return this.input(() => receiveUsageRequest(this.context, request, transactionKey));
  }

  /** UAS: a CANCEL for the INVITE, or for the re-INVITE of `transactionKey`; its 200 is sent. Too late after a final response. */
  receiveCancel(transactionKey?: string): UsageEvent[] {
    return this.input(() => {
      const { incoming } = this.state;
      if (incoming && (transactionKey ?? incoming.transactionKey) === incoming.transactionKey)
        this.move('CANCEL');
      else if (transactionKey !== undefined && servedRequest(this.state, transactionKey)?.method === 'INVITE')
        answerServed(this.context, transactionKey, 487);
    });
  }

  /** A response to any request of this usage, retransmitted 2xx included. */
  receiveResponse(response: SipResponse): UsageEvent[] {
    liftDescription(response);
    return this.input(() => receiveUsageResponse(this.context, response));
  }

  /** No response will come to the request of `method` (and `token`). */
  receiveFailure(kind: 'timeout' | 'transport error', method: string, token?: string): UsageEvent[] {
    const status = kind === 'timeout' ? 408 : 503;
    return this.input(() => {
      if (method === 'INVITE') this.failInvite(status);
      else if (method !== 'BYE') failRequest(this.context, token, status);
      else if (token !== FORK_TOKEN) this.move('BYE answered');
    });
  }

  /** The time of a timer of `state.timers` has come; one that was stopped in the meantime does nothing. */
  fireTimer(name: string): UsageEvent[] {
    return this.input(() => {
      if (!(name in this.state.timers)) return;
      delete this.state.timers[name];
      if (name === ENDED_TIMER) this.state.refusal = undefined;
      else if (isTwoHundredTimer(name)) this.fireTwoHundredTimer(name);
      else if (isAckTimer(name)) forgetAck(this.context, name);
      else if (name === GLARE_TIMER) fireGlareTimer(this.context);
      else if (name === REINVITE_LIMIT_TIMER) fireReinviteLimit(this.context);
      else if (name === PRACK_TIMER) firePrackTimer(this.context);
      else if (name === REFRESH_TIMER) fireRefreshTimer(this.context);
      else if (name === EXPIRY_TIMER) fireExpiryTimer(this.context);
      else if (name === FORK_TIMER) this.forgetForks();
    });
  }

  /**
   * After {@link restored}: its client transactions are gone. An INVITE goes out again as the copy that it was, and its CANCEL
   * and its final answers with it; a re-INVITE under way is refused (503), a BYE is sent again, the request under way is
   * forgotten: the TU sends again what it still wants. Timers are armed by the runner.
   */
  resume(): UsageEvent[] {
    return this.input(() => {
      if (!repeatInvite(this.context)) this.failInvite(503);
      repeatFinals(this.context);
      resumeRequests(this.context);
      if (this.state.phase === 'Mortal') this.state.byeCSeq = this.context.send('BYE');
    });
  }

  private failInvite(status: 408 | 503): void {
    if (BEFORE_FINAL.includes(this.state.phase) && this.state.role === 'UAC')
      this.move('no response', { status });
    else failReinvite(this.context, status);
  }

  private forgetForks(): void {
    this.state.hungUpForks = undefined;
    this.state.forks = undefined;
  }

  private fireTwoHundredTimer(name: string): void {
    const givenUp = fireTwoHundred(this.context, name);
    if (givenUp?.purpose === 'INVITE') this.move('no ACK');
    else if (givenUp) {
      stepExchange(this.context, 'refused', 'INVITE');
      this.context.tell({ type: 'no ack', purpose: 're-INVITE' });
    }
  }

  private get isOver(): boolean {
    return this.state.phase === 'Ended';
  }

  private move(trigger: CallerTrigger | CalleeTrigger, input: UsageInput = {}): void {
    live(this.context, trigger, input);
  }

  private command(trigger: CallerTrigger | CalleeTrigger, input: UsageInput): void {
    this.run(() => this.move(trigger, input));
  }

  private run(work: () => void): void {
    work();
    this.pump();
    if (this.state.phase === 'Morgue') this.endInNextTurn();
  }

  /** What refused an INVITE may not have left: it stays in the state for the rest of the turn. */
  private input(work: () => void): UsageEvent[] {
    work();
    this.pump();
    if (this.state.phase === 'Morgue') {
      if (this.state.refusal) this.endInNextTurn();
      else {
        this.context.stopTimers();
        this.move('told');
      }
    }
    return this.context.takeEvents();
  }

  private endInNextTurn(): void {
    if (!(ENDED_TIMER in this.state.timers)) this.context.startTimer(ENDED_TIMER, 0);
  }

  /** Sends what waited for this moment. */
  private pump(): void {
    pumpReinvites(this.context);
    pumpRequests(this.context);
  }
}

/** By the first hop: the topmost Route, or else the Request-URI; a flow decides. */
function contactOf(
  output: UsageOutput,
  { contact, requestUri, routeSet = [], target }: OutgoingInvite,
): string {
  const route = routeSet[0] === undefined ? undefined : NameAddr.parse(routeSet[0])?.uri;
  const flow = target && isFlow(target) ? target : undefined;
  return output.contactFor?.(route ?? requestUri, flow) ?? contact;
}
