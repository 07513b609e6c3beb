import { deleteDeserted } from '../conferences/delete-conference';
import { removeStream } from '../conferences/participants';
import type { Connection } from './connection';
import type { ControlContext } from './control-context';

/** A connection is gone: its dialogs end gracefully, it leaves its conferences, and then its media is closed. */
export async function removeConnection(context: ControlContext, connection: Connection): Promise<void> {
  context.dialogs.endAllOn(connection.id);
  for (const stream of context.streams.of(connection.id)) removeStream(context, stream);
  context.connections.delete(connection.id);
  deleteDeserted(context);
  await connection.media.close();
}
