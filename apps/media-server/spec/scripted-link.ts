import type { FromMedia, MediaLink, ToMedia } from '../src/media-process/messages';

/** A media process that a test speaks for. */
export class ScriptedLink implements MediaLink {
  readonly pid = 1;
  readonly heard: ToMedia[] = [];
  killed = false;
  onMessage: (message: FromMedia) => void = () => undefined;
  onExit: (how: string) => void = () => undefined;

  send(message: ToMedia): void {
    this.heard.push(message);
  }

  kill(): void {
    this.killed = true;
    this.onExit('SIGKILL');
  }

  /** The number of the question that was heard at this place among the questions. */
  asked(at: number): number {
    const question = this.heard.filter(({ kind }) => kind === 'ask')[at];
    if (question?.kind !== 'ask') throw new Error(`question ${at} was not heard`);
    return question.number;
  }
}
