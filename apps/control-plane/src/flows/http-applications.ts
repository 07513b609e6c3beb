import type { EndOfCall, FlowApplications, FlowQuestion } from '@legato/b2bua';
import type { FlowFailure, WebhookAnswer } from '@legato/flows';
import { readWebhookAnswer } from '@legato/flows';
import type { Clock, Log, Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { OutboundFailure, OutboundHttp, OutboundResponse } from '@legato/outbound-http';
import { Webhook as Signer } from 'standardwebhooks';

const USUAL_TIMEOUT_S = 5;
const MS_PER_S = 1_000;
/** Places of an answer that are named. */
const MOST_ERRORS = 5;
const OK_FROM = 200;
const OK_TO = 299;
const SERVER_ERRORS_FROM = 500;
/** Before an application that failed at once is asked a second time. */
const PAUSE_MS = 250;
/** Below this there is no use in asking again. */
const MIN_ATTEMPT_MS = 500;

/** Between attempts to tell of the end of a call. */
const NOTICE_PAUSES_MS = [1_000, 5_000];

interface Posted {
  /** The same for each attempt. */
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly timeoutMs: number;
}

const FAILURES = {
  timeout: 'application_timeout',
  unreachable: 'application_unreachable',
  address_refused: 'application_address_refused',
  url_refused: 'application_address_refused',
} as const satisfies Readonly<Record<OutboundFailure['code'], FlowFailure['code']>>;

type Answered = Result<WebhookAnswer, FlowFailure>;
type Sent = Result<OutboundResponse, OutboundFailure>;

export interface HttpApplicationsOptions {
  readonly http: Pick<OutboundHttp, 'send'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly userAgent: string;
  /** `whsec_` and base64: questions are signed with it by Standard Webhooks. */
  readonly secret?: string;
}

/**
 * Asks applications of flows by POST. What they are told may be sensitive, so nothing of a body is ever logged, neither of the
 * question nor of the answer.
 */
export class HttpApplications implements FlowApplications {
  private readonly signer: Signer | undefined;

  constructor(private readonly options: HttpApplicationsOptions) {
    this.signer = options.secret ? new Signer(options.secret) : undefined;
  }

  async ask(question: FlowQuestion): Promise<Answered> {
    const { timeout_s: seconds = USUAL_TIMEOUT_S } = question.command;
    const body = JSON.stringify(bodyOf(question));
    const answer = read(await this.send(question, body, seconds * MS_PER_S));
    if (!answer.ok) this.note(question, answer.error);
    return answer;
  }

  tell(end: EndOfCall): void {
    const body = JSON.stringify(noticeOf(end));
    void this.notify(end, body, NOTICE_PAUSES_MS);
  }

  /** Again after each pause, until the application has taken it. */
  private async notify(end: EndOfCall, body: string, [pause, ...later]: readonly number[]): Promise<void> {
    const { clock, log } = this.options;
    const request = { id: `${end.call.id}.ended`, url: end.url, body, timeoutMs: USUAL_TIMEOUT_S * MS_PER_S };
    const sent = await this.post(request);
    if (sent.ok && !isPassing(sent)) return;
    if (pause === undefined) {
      log.warn('application was not told of the end of a call', { call_id: end.call.id });
      return;
    }
    clock.schedule(pause, () => void this.notify(end, body, later));
  }

  /** An application that fails at once is asked a second time, if there is time left: it may be about to restart. */
  private async send(question: FlowQuestion, body: string, timeoutMs: number): Promise<Sent> {
    const { clock } = this.options;
    const until = clock.now() + timeoutMs;
    const request = { id: `${question.call.id}.${question.number}`, url: question.command.url, body };
    const first = await this.post({ ...request, timeoutMs });
    const left = until - clock.now() - PAUSE_MS;
    if (!isPassing(first) || left < MIN_ATTEMPT_MS) return first;
    await new Promise<void>((resolve) => clock.schedule(PAUSE_MS, resolve));
    return this.post({ ...request, timeoutMs: left });
  }

  private post({ id, url, body, timeoutMs }: Posted): Promise<Sent> {
    const { http, userAgent } = this.options;
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': userAgent,
      ...this.signed(id, body),
    };
    return http.send({ method: 'POST', url, headers, body, timeoutMs });
  }

  /** A copy of a question, after a take-over, has the id of the first. */
  private signed(id: string, body: string): Record<string, string> {
    const { signer } = this;
    const at = this.options.clock.wallTime();
    const timestamp = String(Math.floor(at / MS_PER_S));
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      ...(signer && { 'webhook-signature': signer.sign(id, new Date(at), body) }),
    };
  }

  private note({ call, flow, command }: FlowQuestion, { code, detail }: FlowFailure): void {
    const { step } = command.question;
    const named = flow && { flow: flow.id };
    const fields = { call_id: call.id, ...named, step, error: code, reason: detail };
    this.options.log.warn('application of a flow gave no answer', fields);
  }
}

/** Whether asking again may help. */
const isPassing = (sent: Sent): boolean =>
  sent.ok ? sent.value.status >= SERVER_ERRORS_FROM : sent.error.code === 'unreachable';

function read(sent: Sent): Answered {
  if (!sent.ok) return err({ code: FAILURES[sent.error.code], detail: sent.error.detail });
  const { status, body, truncated } = sent.value;
  if (status < OK_FROM || status > OK_TO)
    return err({ code: 'application_status', detail: `It answered ${status}.` });
  if (truncated) return err({ code: 'application_answer_invalid', detail: 'The answer is too long.' });
  const answer = readWebhookAnswer(parse(body.toString('utf8')));
  if (answer.ok) return ok(answer.value);
  return err({
    code: 'application_answer_invalid',
    detail: 'The answer is not understood.',
    errors: answer.error.slice(0, MOST_ERRORS).map(({ pointer, detail }) => ({ pointer, detail })),
  });
}

const bodyOf = ({ call, flow, number, command }: FlowQuestion): object => ({
  call_id: call.id,
  state: call.state,
  direction: call.direction,
  from: call.from,
  to: call.to,
  ...(flow && { flow: flow.id, version: flow.version }),
  number,
  ...command.question,
});

const noticeOf = ({ call, variables, last }: EndOfCall): object => ({
  call_id: call.id,
  state: call.state,
  direction: call.direction,
  from: call.from,
  to: call.to,
  ended_reason: call.endedReason,
  sip: call.sip,
  variables,
  last,
});

/** An empty body says nothing, and that is an answer too. */
function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
