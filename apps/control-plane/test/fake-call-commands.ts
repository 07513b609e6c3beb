import type { CallCommands, CommandedCall, CommandRefused } from '@legato/b2bua';
import { callView } from './fake-call-control';

export const COMMAND_ID = 'cmd_0192f0c1-5b7a-7cc1-8d0f-000000000001';

/** Commands to calls: what was asked is kept, and accepted unless the test says otherwise. */
export class FakeCallCommands implements CallCommands {
  readonly asked: { readonly command: string; readonly with: unknown }[] = [];
  /** When set, every command is refused so. */
  refusal: CommandRefused | undefined;

  answer = (id: string, options: object) => this.take('answer', id, options);
  reject = (id: string, options: object) => this.take('reject', id, options);
  bridge = (id: string, options: object) => this.take('bridge', id, options);
  hold = (id: string) => this.take('hold', id);
  resume = (id: string) => this.take('resume', id);
  mute = (id: string, leg: string) => this.take('mute', id, { leg });
  unmute = (id: string, leg: string) => this.take('unmute', id, { leg });
  sendDigits = (id: string, request: object) => this.take('dtmf', id, request);
  sendInfo = (id: string, request: object) => this.take('info', id, request);
  move = (id: string, mode: string) => this.take('move', id, { mode });

  private take(command: string, id: string, options: object = {}): Promise<CommandedCall | CommandRefused> {
    this.asked.push({ command, with: { id, ...options } });
    return Promise.resolve(this.refusal ?? { ...callView(1), command_id: COMMAND_ID });
  }
}
