import type { StreamDirection } from '../engine/media-objects';
import type { MediaNode } from './media-node';
import { Stream } from './stream';

const remove = (streams: Stream[], stream: Stream): void => {
  const index = streams.indexOf(stream);
  if (index >= 0) streams.splice(index, 1);
};

/** The stream of one direction of a join. */
export const streamBetween = (from: MediaNode, to: MediaNode): Stream | undefined =>
  from.outbound.find((stream) => stream.to === to);

function connect(from: MediaNode, to: MediaNode): void {
  if (streamBetween(from, to)) return;
  const stream = new Stream(from, to);
  from.outbound.push(stream);
  to.inbound.push(stream);
  stream.reverse = streamBetween(to, from);
  if (stream.reverse) stream.reverse.reverse = stream;
}

function disconnect(stream: Stream | undefined): void {
  if (!stream) return;
  stream.shape = {};
  remove(stream.from.outbound, stream);
  remove(stream.to.inbound, stream);
  if (stream.reverse) stream.reverse.reverse = undefined;
}

/** Joins two objects: both directions unless one is named; what is joined already stays as it is. */
export function joinNodes(node1: MediaNode, node2: MediaNode, direction?: StreamDirection): void {
  if (direction !== 'to-id1') connect(node1, node2);
  if (direction !== 'from-id1') connect(node2, node1);
}

/** The opposite of {@link joinNodes}; what is not joined stays so. */
export function unjoinNodes(node1: MediaNode, node2: MediaNode, direction?: StreamDirection): void {
  if (direction !== 'to-id1') disconnect(streamBetween(node1, node2));
  if (direction !== 'from-id1') disconnect(streamBetween(node2, node1));
}

/** Takes a node out of every join. */
export function isolate(node: MediaNode): void {
  for (const stream of [...node.inbound, ...node.outbound]) disconnect(stream);
}

/** The ids of everything that a node hears or is heard by. */
export function neighbours(node: MediaNode): string[] {
  return [...new Set([...node.inbound.map(({ from }) => from.id), ...node.outbound.map(({ to }) => to.id)])];
}
