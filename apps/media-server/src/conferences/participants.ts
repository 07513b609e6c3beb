import type { ControlContext } from '../objects/control-context';
import type { AudioStream, StreamProperties } from '../objects/stream-graph';

/** Adds a stream and counts its connection among the participants of its conference. */
export function addStream(
  context: ControlContext,
  from: string,
  to: string,
  properties: StreamProperties,
): void {
  context.streams.add(from, to, properties);
  noteParticipants(context, from, to);
}

/** Ends a stream; a connection without another one to the conference has left it. */
export function removeStream(context: ControlContext, stream: AudioStream): void {
  context.streams.remove(stream);
  noteParticipants(context, stream.from, stream.to);
}

/** Streams between two conferences make no participants: a conference that only feeds another is deserted. */
function noteParticipants(context: ControlContext, id1: string, id2: string): void {
  const conference = context.conferences.get(id1) ?? context.conferences.get(id2);
  const connection = context.connections.get(id1) ?? context.connections.get(id2);
  if (!conference || !connection) return;
  const { streams } = context;
  const joined = streams.find(id1, id2) ?? streams.find(id2, id1);
  if (joined) conference.add(connection);
  else conference.remove(connection);
}
