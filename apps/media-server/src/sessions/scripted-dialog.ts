import type { DialogStep, MsmlEvent } from '@legato/msml';
import { decodeMoml } from '@legato/msml';
import type { ScriptFault } from '../dialogs/load-script';
import { checkContent } from '../dialogs/check-content';
import { Dialog } from '../dialogs/dialog';
import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { Connection } from '../objects/connection';
import type { ControlContext } from '../objects/control-context';
import type { EventSink } from '../objects/event-sink';
import type { SessionService } from './session-service';

const NAME = 'script';
const TYPE = 'application/moml+xml';

/** The steps of a script that an INVITE carries. */
export function readScript(bytes: Uint8Array, context: ControlContext): Result<DialogStep[], ScriptFault> {
  const script = decodeMoml(bytes);
  if (!script.ok) return err({ status: script.error.response, description: script.error.description });
  const refusal = checkContent(script.value.content, 'conn:new', context.services);
  return refusal
    ? err({ status: refusal.response, description: refusal.description })
    : ok(script.value.content);
}

/** Runs the script of an INVITE on its connection (RFC 5707 §9.4). */
export class ScriptedDialog implements SessionService {
  private begun = false;

  /** `ended` is called when the dialog has exited. */
  constructor(
    private readonly context: ControlContext,
    private readonly script: Result<DialogStep[], ScriptFault>,
    private readonly origin: EventSink,
    private readonly ended: () => void,
  ) {}

  admit(): 200 {
    return 200;
  }

  begin(connection: Connection): void {
    if (this.begun) return;
    this.begun = true;
    const { dialogs, services } = this.context;
    const dialog = new Dialog({
      id: `${connection.id}/dialog:${NAME}`,
      name: NAME,
      type: TYPE,
      target: connection,
      origin: this.origin,
      services,
      onExited: (exited) => {
        dialogs.remove(exited);
        this.ended();
      },
    });
    dialogs.add(dialog);
    if (this.script.ok) dialog.start(this.script.value);
    else dialog.startFailed(this.script.error);
  }
}

/** No INFO goes with an announcement (§9.4). */
export const silentSink = (controller: string): EventSink => ({
  controller,
  exitResults: 'msml.dialog.exit',
  send: () => undefined,
});

/** What a script says goes out; that it ended without saying anything does not, and its failure is called moml.error (§9.4). */
export const scriptSink = (sink: EventSink): EventSink => ({
  controller: sink.controller,
  exitResults: 'moml.exit',
  send: (event) => {
    const told = event.name === 'msml.dialog.exit' ? errorOf(event) : event;
    if (told) sink.send(told);
  },
});

function errorOf({ id, values }: MsmlEvent): MsmlEvent | undefined {
  if (values.length === 0) return undefined;
  const renamed = values.map(({ name, value }) => ({
    name: name.replace(/^dialog\.exit\./, 'moml.error.'),
    value,
  }));
  return { name: 'moml.error', id, values: renamed };
}
