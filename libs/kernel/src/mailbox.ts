/** A unit of work of a mailbox; when it returns a promise, the next unit waits for it. */
export type MailboxTask = () => void | Promise<void>;

/**
 * One ordered queue: tasks run one after the other, in the order they were posted.
 * A task posted while nothing runs is run at once, so that the common case costs no promise.
 * An exception or rejection reaches `onFailure` and the next task runs.
 */
export class Mailbox {
  private readonly waiting: MailboxTask[] = [];
  private running = false;

  constructor(private readonly onFailure: (error: unknown) => void) {}

  /** Tasks that have not begun. */
  get depth(): number {
    return this.waiting.length;
  }

  post(task: MailboxTask): void {
    this.waiting.push(task);
    if (!this.running) this.drain();
  }

  private drain(): void {
    this.running = true;
    for (let task = this.waiting.shift(); task; task = this.waiting.shift()) {
      const pending = this.run(task);
      if (pending) {
        void pending.then(() => this.drain());
        return;
      }
    }
    this.running = false;
  }

  private run(task: MailboxTask): Promise<void> | undefined {
    try {
      const outcome = task();
      return outcome?.catch((error: unknown) => this.onFailure(error));
    } catch (error) {
      this.onFailure(error);
      return undefined;
    }
  }
}
