import type { AuditedSipDialog } from '@legato/msml';
import type { SdpBody } from '@legato/sip';
import type { AnswerTaker, SessionListener, SessionPort, SessionRequest } from './media-side';
import type { FromMedia } from './messages';
import type { QuestionWindow } from './question-window';

const NOBODY: SessionListener = {
  event: () => undefined,
  disconnect: () => undefined,
  probe: () => undefined,
  lost: () => undefined,
};

/** The sessions of another process. */
export class RemoteSessions implements SessionPort {
  listener: SessionListener = NOBODY;

  constructor(private readonly window: QuestionWindow) {}

  open(request: SessionRequest, done: AnswerTaker): void {
    this.window.ask({ kind: 'open', request }, done);
  }

  acknowledge(id: string, body: SdpBody | undefined): void {
    this.window.tell({ kind: 'acknowledge', id, body });
  }

  offer(id: string, body: SdpBody | undefined, done: AnswerTaker): void {
    this.window.ask({ kind: 'offer', id, body }, done);
  }

  execute(id: string, body: SdpBody, done: AnswerTaker): void {
    this.window.ask({ kind: 'execute', id, body }, done);
  }

  noteDialog(id: string, dialog: AuditedSipDialog): void {
    this.window.tell({ kind: 'note dialog', id, dialog });
  }

  noteProbe(id: string, status: number): void {
    this.window.tell({ kind: 'note probe', id, status });
  }

  end(id: string): void {
    this.window.tell({ kind: 'end', id });
  }

  /** What the other process tells of sessions. */
  receive(message: FromMedia): void {
    switch (message.kind) {
      case 'answer':
        this.window.receiveAnswer(message.number, message.answer);
        break;
      case 'event':
        this.listener.event(message.id, message.body);
        break;
      case 'disconnect':
        this.listener.disconnect(message.id);
        break;
      case 'probe':
        this.listener.probe(message.id);
        break;
      default:
        break;
    }
  }

  /** The other process has ended: requests that wait fail, then the dialogs. */
  lose(): void {
    this.window.disconnect();
    this.listener.lost();
  }
}
