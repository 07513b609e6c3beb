import type { AuditedSipDialog } from '@legato/msml';
import type { SdpBody } from '@legato/sip';
import type { AnswerTaker, SessionListener, SessionPort, SessionRequest } from '../media-process/media-side';
import type { Interpreter } from '../msml/interpreter';
import type { ControlContext } from '../objects/control-context';
import { Session } from './session';

export interface SessionTableOptions {
  readonly context: ControlContext;
  readonly interpreter: Interpreter;
  /** Encodings that are negotiated, the first preferred. */
  readonly codecs: readonly string[];
}

const NOBODY: SessionListener = {
  event: () => undefined,
  disconnect: () => undefined,
  probe: () => undefined,
  lost: () => undefined,
};
const NO_SUCH_SESSION = { status: 481 };

/** The sessions of this process, by the names of their connections. */
export class SessionTable implements SessionPort {
  listener: SessionListener = NOBODY;
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly options: SessionTableOptions) {}

  open(request: SessionRequest, done: AnswerTaker): void {
    const session = new Session({ ...this.options, request, listener: () => this.listener });
    this.sessions.set(request.id, session);
    session.begin(done);
  }

  acknowledge(id: string, body: SdpBody | undefined): void {
    this.sessions.get(id)?.acknowledge(body);
  }

  offer(id: string, body: SdpBody | undefined, done: AnswerTaker): void {
    const session = this.sessions.get(id);
    if (session) session.answerOffer(body, done);
    else done(NO_SUCH_SESSION);
  }

  execute(id: string, body: SdpBody, done: AnswerTaker): void {
    const session = this.sessions.get(id);
    if (session) session.execute(body, done);
    else done(NO_SUCH_SESSION);
  }

  noteDialog(id: string, dialog: AuditedSipDialog): void {
    this.sessions.get(id)?.noteDialog(dialog);
  }

  noteProbe(id: string, status: number): void {
    this.sessions.get(id)?.noteProbe(status);
  }

  end(id: string): void {
    const session = this.sessions.get(id);
    this.sessions.delete(id);
    session?.end();
  }
}
