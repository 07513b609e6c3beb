import { arrowFor } from '@legato/kernel';
import { encodeMsml } from '../core/msml';
import type { MsmlOperation } from '../core/operations';
import type { MsmlDialect } from '../dialects/dialect';
import { DIALECTS } from '../dialects/profiles';
import { explicitOperations } from './explicit-operations';
import type { MsmlExchangeAction, MsmlExchangeEvent } from './msml-exchange.machine';
import { msmlExchangeMachine } from './msml-exchange.machine';
import type { MsmlOutcome } from './msml-outcome';
import { failed, readOutcome } from './msml-outcome';
import { promptsOutside } from './prompts-outside';

/** A request that waits for its turn. */
export interface WaitingRequest {
  token: string;
  operations: MsmlOperation[];
}

/** Plain JSON, stored with the call. */
export interface MsmlExchangeState {
  /** The token of the request whose INFO is unanswered. */
  outstanding: string | null;
  waiting: WaitingRequest[];
}

/** Where the exchange sends: the owner puts the body into an INFO of the SIP dialog, without Info-Package (RFC 6086 §4.2.1). */
export interface MsmlExchangeOutput {
  sendInfo(token: string, body: { contentType: string; bytes: Uint8Array }): void;
}

const DIALOG_GONE = 481;

/**
 * The requests of one SIP dialog towards a media server: one INFO outstanding, the others in order behind it (RFC 5707 §5). It has
 * no timer: the SIP transaction of the INFO has (408). Tokens are the caller's and come back with the outcome.
 */
export class MsmlExchange {
  constructor(
    private readonly output: MsmlExchangeOutput,
    readonly state: MsmlExchangeState = { outstanding: null, waiting: [] },
    private readonly dialect: MsmlDialect = 'rfc',
  ) {}

  /** Whether a request waits for its result. */
  get isBusy(): boolean {
    return this.state.outstanding !== null;
  }

  /** Sends the request, or queues it. Throws a TypeError for operations that can not be written (see encodeMsml); nothing is queued then. */
  submit(token: string, operations: MsmlOperation[]): void {
    const bytes = this.encode(operations);
    for (const action of this.take('request')) {
      if (action === 'send INFO') this.send(token, bytes);
      if (action === 'queue request') this.state.waiting.push({ token, operations });
    }
  }

  /**
   * The final response to the outstanding INFO (408 or 503 when none came) and its body. Answers the outcome, and sends the next
   * request. Undefined for a token that is not outstanding.
   */
  receiveAnswer(token: string, sipStatus: number, body?: Uint8Array): MsmlOutcome | undefined {
    if (this.state.outstanding !== token) return undefined;
    const waiting = this.state.waiting.length > 0;
    let outcome: MsmlOutcome | undefined;
    for (const action of this.take(`final response, ${waiting ? 'requests' : 'none'} waiting`)) {
      if (action === 'result to TU') outcome = this.finish(token, sipStatus, body);
      if (action === 'send next INFO') this.sendNext();
    }
    return outcome;
  }

  /** The SIP dialog is gone: every request that has no result fails with 481, in order. */
  abort(): MsmlOutcome[] {
    const { outstanding, waiting } = this.state;
    if (!this.take('dialog gone').includes('fail all') || outstanding === null) return [];
    this.state.outstanding = null;
    const tokens = [outstanding, ...waiting.splice(0).map(({ token }) => token)];
    return tokens.map((token) => failed(token, DIALOG_GONE, 'the SIP dialog is gone'));
  }

  /**
   * The process that had it is gone: what waits was never sent, and whose answer is lost is forgotten, unless `isRepeated` says that
   * its INFO is sent as it was.
   */
  takeUp(isRepeated: (token: string) => boolean): void {
    const { outstanding } = this.state;
    this.state.waiting.length = 0;
    if (outstanding !== null && !isRepeated(outstanding)) this.state.outstanding = null;
  }

  private take(event: MsmlExchangeEvent): readonly MsmlExchangeAction[] {
    const state = this.state.outstanding === null ? 'Idle' : 'Awaiting result';
    return arrowFor(msmlExchangeMachine, state, event)?.do ?? [];
  }

  private finish(token: string, sipStatus: number, body?: Uint8Array): MsmlOutcome {
    this.state.outstanding = null;
    return readOutcome(token, sipStatus, body);
  }

  private sendNext(): void {
    const next = this.state.waiting.shift();
    if (next) this.send(next.token, this.encode(next.operations));
  }

  private send(token: string, bytes: Uint8Array): void {
    this.state.outstanding = token;
    this.output.sendInfo(token, { contentType: DIALECTS[this.dialect].contentType, bytes });
  }

  private encode(operations: readonly MsmlOperation[]): Buffer {
    const explicit = explicitOperations(operations);
    const arranged = DIALECTS[this.dialect].promptInside ? explicit : promptsOutside(explicit);
    return encodeMsml({ kind: 'request', operations: arranged }, this.dialect);
  }
}
