import type { FlowApplications, FlowQuestion } from '@legato/b2bua';
import type { WebhookAnswer } from '@legato/flows';
import { readWebhookAnswer } from '@legato/flows';
import type { Clock, Log } from '@legato/kernel';
import type { OutboundHttp, OutboundResponse } from '@legato/outbound-http';
import { Webhook as Signer } from 'standardwebhooks';

const USUAL_TIMEOUT_S = 5;
const MS_PER_S = 1_000;
const OK_FROM = 200;
const OK_TO = 299;

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

  async ask(question: FlowQuestion): Promise<WebhookAnswer | undefined> {
    const { http, userAgent } = this.options;
    const { url, timeout_s: seconds = USUAL_TIMEOUT_S } = question.command;
    const body = JSON.stringify(bodyOf(question));
    const answer = await http.send({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': userAgent,
        ...this.signed(question, body),
      },
      body,
      timeoutMs: seconds * MS_PER_S,
    });
    if (!answer.ok) return this.fail(question, answer.error.detail);
    return this.read(question, answer.value);
  }

  private read(question: FlowQuestion, response: OutboundResponse): WebhookAnswer | undefined {
    const { status, body, truncated } = response;
    if (status < OK_FROM || status > OK_TO) return this.fail(question, `It answered ${status}.`);
    if (truncated) return this.fail(question, 'The answer is too long.');
    const json = parse(body.toString('utf8'));
    const answer = readWebhookAnswer(json);
    if (answer.ok) return answer.value;
    const [first] = answer.error;
    return this.fail(question, `The answer is not understood at "${first?.pointer ?? ''}".`);
  }

  /** A copy of a question, after a take-over, has the id of the first. */
  private signed({ call, number }: FlowQuestion, body: string): Record<string, string> {
    const { signer } = this;
    const [id, at] = [`${call.id}.${number}`, this.options.clock.wallTime()];
    const timestamp = String(Math.floor(at / MS_PER_S));
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      ...(signer && { 'webhook-signature': signer.sign(id, new Date(at), body) }),
    };
  }

  private fail({ call, flow, command }: FlowQuestion, reason: string): undefined {
    const { step } = command.question;
    this.options.log.warn('application of a flow gave no answer', { call_id: call.id, flow, step, reason });
    return undefined;
  }
}

const bodyOf = ({ call, flow, version, number, command }: FlowQuestion): object => ({
  call_id: call.id,
  direction: call.direction,
  from: call.from,
  to: call.to,
  flow,
  version,
  number,
  ...command.question,
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
