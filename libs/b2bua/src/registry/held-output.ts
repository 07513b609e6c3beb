import type { IdSource } from '@legato/kernel';
import { crashPoint } from '@legato/kernel';
import type {
  Address,
  DialogState,
  Flow,
  HeaderList,
  SendRequestOptions,
  SipRequest,
  SipResponse,
  UsageOutput,
} from '@legato/sip';

type Effect = () => void;

/**
 * Holds back what a call or conference wants done until it is stored, then passes it on in order.
 * `durable` says whether something waits that must not leave before the snapshot is written.
 */
export class HeldOutput implements UsageOutput {
  private waiting: Effect[] = [];
  durable = false;
  readonly now: () => number;
  readonly ids: IdSource;
  readonly contact: string;
  readonly contactFor: UsageOutput['contactFor'];
  readonly allow: string;
  readonly timers: UsageOutput['timers'];
  readonly supported: UsageOutput['supported'];
  readonly sessionTimer: UsageOutput['sessionTimer'];
  readonly outlivesTimeouts: UsageOutput['outlivesTimeouts'];
  readonly authorize: UsageOutput['authorize'];

  constructor(private readonly inner: UsageOutput) {
    this.now = inner.now;
    this.ids = inner.ids;
    this.contact = inner.contact;
    this.contactFor = inner.contactFor;
    this.allow = inner.allow;
    this.timers = inner.timers;
    this.supported = inner.supported;
    this.sessionTimer = inner.sessionTimer;
    this.outlivesTimeouts = inner.outlivesTimeouts;
    this.authorize = inner.authorize;
  }

  flush(): void {
    const effects = this.waiting;
    this.waiting = [];
    this.durable = false;
    for (const effect of effects) effect();
  }

  /** Something beside dialogs, to be done when what led to it is stored. */
  also(effect: Effect): void {
    this.must(effect);
  }

  discard(): void {
    this.waiting = [];
    this.durable = false;
  }

  private must(effect: Effect): void {
    this.durable = true;
    this.waiting.push(effect);
  }

  sendRequest(usageId: string, request: SipRequest, options: SendRequestOptions): void {
    this.must(() => {
      if (request.method === 'INVITE') crashPoint('INVITE unsent');
      else if (request.method === 'BYE') crashPoint('BYE unsent');
      this.inner.sendRequest(usageId, request, options);
    });
  }

  sendCancel(usageId: string, headers?: HeaderList): void {
    this.waiting.push(() => {
      crashPoint('CANCEL unsent');
      this.inner.sendCancel(usageId, headers);
    });
  }

  sendAck(usageId: string, request: SipRequest, options: { target?: Flow | Address }): void {
    this.must(() => {
      crashPoint('ACK unsent');
      this.inner.sendAck(usageId, request, options);
    });
  }

  sendResponse(usageId: string, transactionKey: string, response: SipResponse): void {
    const effect = () => this.inner.sendResponse(usageId, transactionKey, response);
    if (response.status < 200) this.waiting.push(effect);
    else
      this.must(() => {
        crashPoint('final answer unsent');
        effect();
      });
  }

  startTimer(usageId: string, name: string, delayMs: number): void {
    this.waiting.push(() => this.inner.startTimer(usageId, name, delayMs));
  }

  stopTimer(usageId: string, name: string): void {
    this.waiting.push(() => this.inner.stopTimer(usageId, name));
  }

  dialogAdded(usageId: string, dialog: DialogState): void {
    this.waiting.push(() => this.inner.dialogAdded(usageId, dialog));
  }

  dialogRemoved(usageId: string, dialog: DialogState): void {
    this.waiting.push(() => this.inner.dialogRemoved(usageId, dialog));
  }
}
