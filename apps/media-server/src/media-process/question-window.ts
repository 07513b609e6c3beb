import type { Clock, Timer } from '@legato/kernel';
import type { AnswerTaker, SessionAnswer } from './media-side';
import type { Notice, Question, ToMedia } from './messages';

/** Questions that the media have at a time: each costs them a part of a millisecond, and a tick is due every 20. */
const UNDER_WAY = 8;
/** INVITEs that reach the media: so many at once, then so many in each tick. They may take a quarter of the time, whatever comes. */
const OPENS_AT_ONCE = 32;
const OPENS_PER_TICK = 5;
const TICK_MS = 20;
/** INVITEs that wait for the media; more are refused at once. */
export const MAX_OPENS = 256;
/** Other requests that wait. */
export const MAX_REQUESTS = 2000;
/** How long the media may take to begin with a question; the peer gives up after 64*T1, 32 seconds. */
export const OPEN_MS = 8000;
export const REQUEST_MS = 20_000;
/** What is begun in time may be answered so much later. */
const GRACE_MS = 1000;

/** Nothing was done. */
const UNSERVED: SessionAnswer = { status: 503 };

interface Asked {
  readonly kind: 'asked';
  readonly number: number;
  readonly question: Question;
  readonly expiresAtMs: number;
  readonly done: AnswerTaker;
  readonly timer: Timer;
  isUnderWay: boolean;
}

export interface QuestionWindowOptions {
  readonly clock: Clock;
  /** Of the clock that processes share. */
  readonly sharedNowMs: () => number;
}

/**
 * What is on its way to the media, a few questions at a time: INVITEs at a steady pace, everything else in order. Each question has
 * exactly one answer: 503 when there are no media, too much waits, or the media do not begin with it in time, and then they never will.
 */
export class QuestionWindow {
  private send: ((message: ToMedia) => void) | undefined;
  /** INVITEs, which depend on nothing that came before them. */
  private openQueue: Asked[] = [];
  /** Everything else. */
  private queue: (Asked | Notice)[] = [];
  private readonly unanswered = new Map<number, Asked>();
  /** Of each dialog only the latest is told. */
  private readonly dialogNotes = new Map<string, Notice>();
  private lastNumber = 0;
  private opens = 0;
  private underWay = 0;
  private allowance = OPENS_AT_ONCE;
  private allowanceTimer: Timer | undefined;

  constructor(private readonly options: QuestionWindowOptions) {}

  /** There are media. */
  connect(send: (message: ToMedia) => void): void {
    this.send = send;
  }

  /** There are none any more: whatever waits has failed. */
  disconnect(): void {
    this.send = undefined;
    this.queue = [];
    this.openQueue = [];
    this.dialogNotes.clear();
    for (const asked of [...this.unanswered.values()]) this.settle(asked, UNSERVED);
  }

  ask(question: Question, done: AnswerTaker): void {
    if (!this.send || this.isFull(question)) {
      done(UNSERVED);
      return;
    }
    const { clock, sharedNowMs } = this.options;
    const patienceMs = question.kind === 'open' ? OPEN_MS : REQUEST_MS;
    this.lastNumber += 1;
    const asked: Asked = {
      kind: 'asked',
      number: this.lastNumber,
      question,
      expiresAtMs: sharedNowMs() + patienceMs,
      done,
      timer: clock.schedule(patienceMs + GRACE_MS, () => this.settle(asked, UNSERVED)),
      isUnderWay: false,
    };
    this.unanswered.set(asked.number, asked);
    if (question.kind === 'open') {
      this.opens += 1;
      this.openQueue.push(asked);
    } else this.queue.push(asked);
    this.pump();
  }

  tell(notice: Notice): void {
    if (!this.send || (notice.kind === 'end' && this.giveUpOpen(notice.id))) return;
    if (notice.kind === 'note dialog') {
      const waits = this.dialogNotes.has(notice.id);
      this.dialogNotes.set(notice.id, notice);
      if (waits) return;
    }
    this.queue.push(notice);
    this.pump();
  }

  receiveAnswer(number: number, answer: SessionAnswer): void {
    const asked = this.unanswered.get(number);
    if (asked) this.settle(asked, answer);
  }

  private isFull({ kind }: Question): boolean {
    if (kind === 'open') return this.opens >= MAX_OPENS;
    return this.unanswered.size - this.opens >= MAX_REQUESTS;
  }

  private settle(asked: Asked, answer: SessionAnswer): void {
    asked.timer.cancel();
    this.unanswered.delete(asked.number);
    if (asked.question.kind === 'open') this.opens -= 1;
    if (asked.isUnderWay) this.underWay -= 1;
    asked.done(answer);
    this.pump();
  }

  /** One that the media have not heard of is over: they never will. */
  private giveUpOpen(id: string): boolean {
    const waiting = this.openQueue.find(
      ({ question, number }) =>
        question.kind === 'open' && question.request.id === id && this.unanswered.has(number),
    );
    if (waiting) this.settle(waiting, UNSERVED);
    return waiting !== undefined;
  }

  private pump(): void {
    const { send } = this;
    if (!send) return;
    while (this.queue.length > 0 && this.hasRoom) {
      const next = this.queue.shift();
      if (next?.kind === 'asked') this.sendQuestion(send, next);
      else if (next) send(this.latest(next));
    }
    while (this.openQueue.length > 0 && this.hasRoom && this.allowance > 0) {
      const next = this.openQueue.shift();
      if (next && this.sendQuestion(send, next)) this.spend();
    }
  }

  private get hasRoom(): boolean {
    return this.underWay < UNDER_WAY;
  }

  private spend(): void {
    this.allowance -= 1;
    this.allowanceTimer ??= this.options.clock.schedule(TICK_MS, () => this.refill());
  }

  private refill(): void {
    this.allowance = Math.min(OPENS_AT_ONCE, this.allowance + OPENS_PER_TICK);
    this.allowanceTimer =
      this.allowance < OPENS_AT_ONCE ? this.options.clock.schedule(TICK_MS, () => this.refill()) : undefined;
    this.pump();
  }

  /** One that would be read too late is left out: its timer answers it. */
  private sendQuestion(send: (message: ToMedia) => void, asked: Asked): boolean {
    const { number, question, expiresAtMs } = asked;
    if (!this.unanswered.has(number) || this.options.sharedNowMs() >= expiresAtMs) return false;
    asked.isUnderWay = true;
    this.underWay += 1;
    send({ kind: 'ask', number, expiresAtMs, question });
    return true;
  }

  private latest(notice: Notice): Notice {
    if (notice.kind !== 'note dialog') return notice;
    const latest = this.dialogNotes.get(notice.id) ?? notice;
    this.dialogNotes.delete(notice.id);
    return latest;
  }
}
