import type { Log } from '@legato/kernel';
import type { AnswerTaker, MediaSide, SessionAnswer, SessionPort } from './media-side';
import type { FromMedia, Notice, Order, Question, ToMedia } from './messages';

/** What is read too late has been answered by the signalling: nothing of it may be done. */
const EXPIRED: SessionAnswer = { status: 503 };
const DEFECT: SessionAnswer = { status: 500 };

export interface ServedMedia {
  readonly media: Pick<MediaSide, 'sessions' | 'report' | 'drain' | 'endDialogs'>;
  /** To the signalling. */
  readonly send: (message: FromMedia) => void;
  /** Of the clock that processes share. */
  readonly sharedNowMs: () => number;
  /** The signalling wants it to end. */
  readonly onStop: () => void;
  readonly log: Log;
}

/** The media's end of the connection: does what the signalling says, in order, and tells it what happens. */
export function serveMedia(served: ServedMedia): (message: ToMedia) => void {
  const { media, send, log } = served;
  const { sessions } = media;
  sessions.listener = {
    event: (id, body) => send({ kind: 'event', id, body }),
    disconnect: (id) => send({ kind: 'disconnect', id }),
    probe: (id) => send({ kind: 'probe', id }),
    lost: () => undefined,
  };
  return (message) => {
    try {
      receive(served, message);
    } catch (error) {
      // A defect ends the request that met it, not every call.
      log.error('session failed', { error });
      if (message.kind === 'ask') send({ kind: 'answer', number: message.number, answer: DEFECT });
    }
  };
}

function receive(served: ServedMedia, message: ToMedia): void {
  const { media, send, sharedNowMs } = served;
  switch (message.kind) {
    case 'ask': {
      const { number, expiresAtMs, question } = message;
      const done: AnswerTaker = (answer) => send({ kind: 'answer', number, answer });
      if (sharedNowMs() >= expiresAtMs) done(EXPIRED);
      else ask(media.sessions, question, done);
      break;
    }
    case 'report':
    case 'end dialogs':
    case 'drain':
    case 'stop':
      obey(served, message);
      break;
    default:
      tell(media.sessions, message);
  }
}

function ask(sessions: SessionPort, question: Question, done: AnswerTaker): void {
  if (question.kind === 'open') sessions.open(question.request, done);
  else if (question.kind === 'offer') sessions.offer(question.id, question.body, done);
  else sessions.execute(question.id, question.body, done);
}

function tell(sessions: SessionPort, notice: Notice): void {
  if (notice.kind === 'acknowledge') sessions.acknowledge(notice.id, notice.body);
  else if (notice.kind === 'note dialog') sessions.noteDialog(notice.id, notice.dialog);
  else if (notice.kind === 'note probe') sessions.noteProbe(notice.id, notice.status);
  else sessions.end(notice.id);
}

function obey({ media, send, onStop }: ServedMedia, order: Order): void {
  if (order.kind === 'drain') media.drain();
  else if (order.kind === 'stop') onStop();
  else if (order.kind === 'report') {
    const { number } = order;
    void media.report().then((report) => send({ kind: 'report', number, report }));
  } else {
    const { number } = order;
    void media.endDialogs().then(() => send({ kind: 'dialogs ended', number }));
  }
}
