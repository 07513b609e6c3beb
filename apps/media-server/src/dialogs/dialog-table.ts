import { Vacancy } from '../objects/vacancy';
import type { Dialog } from './dialog';

/** The dialogs that run, by identifier. */
export class DialogTable {
  private readonly byId = new Map<string, Dialog>();
  /** Dialogs whose target is gone; they last until their files are safe, and their names are free. */
  private readonly leaving = new Set<Dialog>();
  /** When the last dialog has gone. */
  readonly vacancy = new Vacancy(() => this.size);

  get size(): number {
    return this.byId.size + this.leaving.size;
  }

  add(dialog: Dialog): void {
    this.byId.set(dialog.id, dialog);
  }

  find(id: string): Dialog | undefined {
    return this.byId.get(id);
  }

  /** The dialogs on a connection or conference. */
  on(targetId: string): Dialog[] {
    return [...this.byId.values()].filter((dialog) => dialog.target.id === targetId);
  }

  remove(dialog: Dialog): void {
    this.leaving.delete(dialog);
    if (this.byId.get(dialog.id) === dialog) this.byId.delete(dialog.id);
    this.vacancy.noteRemoval();
  }

  /** Ends all of them gracefully. */
  endAll(): void {
    for (const dialog of [...this.byId.values()]) dialog.terminate();
  }

  /** Ends the dialogs of a target that goes away. */
  endAllOn(targetId: string): void {
    for (const dialog of this.on(targetId)) {
      this.byId.delete(dialog.id);
      this.leaving.add(dialog);
      dialog.terminate();
    }
  }
}
