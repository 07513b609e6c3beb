import type { Clock, Timer } from '@legato/kernel';
import { arrowFor } from '@legato/kernel';
import type { MsmlEvent, MsmlOperation, MsmlOutcome } from '@legato/msml';
import { decodeMsml, isMsmlContentType, MsmlExchange } from '@legato/msml';
import type { SipRequest, UsageEvent, UsageOutput } from '@legato/sip';
import { InviteUsage } from '@legato/sip';
import type { MediaServerChoice } from '../ports/media-server-pool';
import type {
  ControlChannelAction,
  ControlChannelState,
  ControlChannelTrigger,
} from './control-channel.machine';
import { controlChannelMachine } from './control-channel.machine';
import { controlDescription } from './session-description';

/** How long a media server may take to answer the INVITE, the BYE or a request. */
const ANSWER_MS = 4_000;

export interface ControlChannelOptions {
  /** Its dialogs are numbered under it; no call or conference may be called so. */
  readonly id: string;
  readonly server: MediaServerChoice;
  readonly clock: Clock;
  /** Carries out at once. */
  readonly output: UsageOutput;
  /** `host:port` of this user agent. */
  readonly address: string;
  /** The dialog was lost, by a BYE or because a request found it gone. */
  readonly onLost: () => void;
  /** What the media server tells on it. */
  readonly onEvent: (event: MsmlEvent) => void;
}

/** How an attempt to open the channel ended: with the status of the refusal, 408 when nothing came. */
export type ControlChannelOpening =
  { readonly open: true } | { readonly open: false; readonly status: number };

const NOT_OPEN: MsmlOutcome = {
  token: '',
  ok: false,
  sipStatus: 480,
  description: 'there is no dialog with the media server',
  confIds: [],
  dialogIds: [],
};

/**
 * A dialog with a media server that carries MSML and no media. It belongs to this process alone and is in no store; what a media
 * server has because of it goes with it.
 */
export class ControlChannel {
  private current: ControlChannelState = 'Closed';
  private usage: InviteUsage | undefined;
  /** Those that have not ended. */
  private readonly usages = new Map<string, InviteUsage>();
  private exchange: MsmlExchange | undefined;
  private timer: Timer | undefined;
  private opened = 0;
  private asked = 0;
  private refusal = 408;
  private readonly openings: ((opening: ControlChannelOpening) => void)[] = [];
  private readonly closings: (() => void)[] = [];
  private readonly answers = new Map<string, (outcome: MsmlOutcome) => void>();

  constructor(private readonly options: ControlChannelOptions) {}

  get isOpen(): boolean {
    return this.current === 'Open';
  }

  /** Opens the dialog unless it is open; answers when the media server has, or had its time. */
  open(): Promise<ControlChannelOpening> {
    if (this.current === 'Open') return Promise.resolve({ open: true });
    if (this.current === 'Closing') return Promise.resolve({ open: false, status: 480 });
    const opening = new Promise<ControlChannelOpening>((resolve) => this.openings.push(resolve));
    this.take('open');
    return opening;
  }

  /** Hangs up; answers when the media server has said yes, or had its time. */
  close(): Promise<void> {
    const closing = new Promise<void>((resolve) => this.closings.push(resolve));
    this.take('close');
    return closing;
  }

  /** Asks the media server; without a dialog the outcome is 480, without an answer in time 408. Throws as encodeMsml does. */
  ask(operations: MsmlOperation[]): Promise<MsmlOutcome> {
    const { exchange } = this;
    if (this.current !== 'Open' || !exchange) return Promise.resolve(NOT_OPEN);
    this.asked += 1;
    const token = `ask ${this.asked}`;
    exchange.submit(token, operations);
    return new Promise<MsmlOutcome>((resolve) => {
      const patience = this.options.clock.schedule(ANSWER_MS, () =>
        settle({ ...NOT_OPEN, token, sipStatus: 408, description: 'no answer in time' }),
      );
      const settle = (outcome: MsmlOutcome): void => {
        patience.cancel();
        this.answers.delete(token);
        resolve(outcome);
      };
      this.answers.set(token, settle);
    });
  }

  /** From below: something arrived for the dialog `usageId`; false when it is none of this channel. */
  deliver(usageId: string, feed: (usage: InviteUsage) => UsageEvent[]): boolean {
    if (!usageId.startsWith(`${this.options.id}/`)) return false;
    const usage = this.usages.get(usageId);
    for (const event of usage ? feed(usage) : []) {
      if (event.type === 'ended') this.usages.delete(usageId);
      // One that was given up ends on its own, unheard.
      if (usage && usage === this.usage) this.receive(usage, event);
    }
    return true;
  }

  private receive(usage: InviteUsage, event: UsageEvent): void {
    if (event.type === 'accepted') this.take('accepted');
    else if (event.type === 'refused') {
      this.refusal = event.status;
      this.take('refused');
    } else if (event.type === 'ended') this.take('dialog ended');
    else if (event.type === 'answered') this.answered(event.token, event.status, event.response?.body);
    else if (event.type === 're-INVITE')
      usage.answerReinvite(event.transactionKey, 200, controlDescription(this.options.address));
    else if (event.type === 'request') usage.respond(event.transactionKey, this.statusFor(event.request));
  }

  /** MSML and signs of life are all that a media server has to say here. */
  private statusFor(request: SipRequest): number {
    const { method, body } = request;
    if (method !== 'INFO') return method === 'OPTIONS' || body.length === 0 ? 200 : 488;
    if (body.length === 0) return 200;
    if (!isMsmlContentType(request.contentType ?? '')) return 415;
    const decoded = decodeMsml(body);
    if (!decoded.ok || decoded.value.kind !== 'event') return 400;
    this.options.onEvent(decoded.value.event);
    return 200;
  }

  private answered(token: string, status: number, body: Uint8Array | undefined): void {
    const outcome = this.exchange?.receiveAnswer(token, status, body);
    if (outcome) this.answers.get(token)?.(outcome);
  }

  private take(trigger: ControlChannelTrigger): void {
    const arrow = arrowFor(controlChannelMachine, this.current, trigger);
    if (!arrow) return;
    this.current = arrow.to;
    for (const action of arrow.do) this.actions[action]();
  }

  private readonly actions: Readonly<Record<ControlChannelAction, () => void>> = {
    'send INVITE': () => this.invite(),
    'start Timer answer': () => {
      this.timer = this.options.clock.schedule(ANSWER_MS, () => this.take('Timer answer'));
    },
    'stop Timer answer': () => this.timer?.cancel(),
    acknowledge: () => this.usage?.acknowledge(),
    'tell open': () => this.tell({ open: true }),
    'tell refused': () => this.tell({ open: false, status: this.refusal }),
    'tell lost': () => this.options.onLost(),
    'fail requests': () => {
      for (const outcome of this.exchange?.abort() ?? []) this.answers.get(outcome.token)?.(outcome);
    },
    'give up': () => {
      this.usage?.cancel();
      this.usage = undefined;
    },
    'hang up': () => this.usage?.bye(),
    'tell closed': () => {
      for (const resolve of this.closings.splice(0)) resolve();
    },
  };

  private invite(): void {
    const { id, output, server, address } = this.options;
    this.opened += 1;
    this.refusal = 408;
    const us = `<sip:legato@${address}>`;
    const usage = InviteUsage.outgoing(`${id}/${this.opened}`, output, {
      requestUri: server.uri,
      from: us,
      to: `<${server.uri}>`,
      contact: us,
    });
    this.usage = usage;
    this.usages.set(usage.state.id, usage);
    const sendInfo = (token: string, body: { contentType: string; bytes: Uint8Array }): void =>
      usage.request('INFO', token, body);
    this.exchange = new MsmlExchange({ sendInfo }, { outstanding: null, waiting: [] }, server.dialect);
    usage.invite(controlDescription(address));
  }

  private tell(opening: ControlChannelOpening): void {
    for (const resolve of this.openings.splice(0)) resolve(opening);
  }
}
