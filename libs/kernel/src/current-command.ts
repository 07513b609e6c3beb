import { AsyncLocalStorage } from 'node:async_hooks';

/** A command that a client may send again because it never saw the answer. */
class RunningCommand {
  /** How often each resource was asked something in the course of it. */
  private readonly asked = new Map<string, number>();
  isOver = false;

  constructor(readonly id: string) {}

  /** Names what is asked next of a resource: the same in each run of the command. */
  step(resourceId: string): string {
    const number = (this.asked.get(resourceId) ?? 0) + 1;
    this.asked.set(resourceId, number);
    return `${this.id}/${number}`;
  }
}

const running = new AsyncLocalStorage<RunningCommand>();

/** Runs `task` as the command `id` (a UUID): what it asks of calls and conferences is done once for all runs of it. */
export function runAsCommand<T>(id: string, task: () => Promise<T>): Promise<T> {
  const command = new RunningCommand(id);
  // What the task leaves behind, such as timers, is no longer the command.
  return running.run(command, () => task().finally(() => (command.isOver = true)));
}

/** The command that is being carried out, if it is one that may come again. */
export function currentCommand(): Pick<RunningCommand, 'id' | 'step'> | undefined {
  const command = running.getStore();
  return command?.isOver === false ? command : undefined;
}
