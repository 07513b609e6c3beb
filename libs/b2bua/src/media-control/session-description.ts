import { Buffer } from 'node:buffer';
import { SessionDescription } from '@legato/sdp';
import type { SdpBody } from '@legato/sip';

export const SDP_CONTENT_TYPE = 'application/sdp';

/** Session descriptions stand in the snapshot one character per byte, so that they come out as they came in. */
export const keepDescription = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The body to send for a kept description. The text was made by {@link keepDescription}: no character exceeds a byte. */
export const sdpBody = (kept: string): SdpBody => ({
  contentType: SDP_CONTENT_TYPE,
  bytes: Buffer.from(kept, 'latin1'),
});

/** The session description of a message, or undefined when its body is something else. */
export function descriptionIn(message: {
  contentType: string | undefined;
  body: Uint8Array;
}): string | undefined {
  if (message.contentType !== SDP_CONTENT_TYPE || message.body.length === 0) return undefined;
  return keepDescription(message.body);
}

/** Whether a description has an audio stream that is not refused. What can not be read is left to the media server to judge. */
export function hasAudio(kept: string): boolean {
  const parsed = SessionDescription.parse(Buffer.from(kept, 'latin1'));
  return !parsed.ok || parsed.value.audio !== undefined;
}

/** Whether the peer that sent this description asks to be on hold (RFC 3264 §8.4). */
export function isHold(kept: string | undefined): boolean {
  if (kept === undefined) return false;
  const parsed = SessionDescription.parse(Buffer.from(kept, 'latin1'));
  if (!parsed.ok) return false;
  const audio = parsed.value.audio;
  return (
    audio !== undefined && (audio.isHold || audio.direction === 'sendonly' || audio.direction === 'inactive')
  );
}

/** An answer that accepts the audio of `offer` and lets nothing flow yet (RFC 3725 §4.4). */
export function inactiveAnswer(offer: string, address: string): string {
  const parsed = SessionDescription.parse(Buffer.from(offer, 'latin1'));
  const media = parsed.ok ? parsed.value.media : [];
  const family = address.includes(':') ? 'IP6' : 'IP4';
  const lines = ['v=0', `o=legato 1 1 IN ${family} ${address}`, 's=-', `c=IN ${family} ${address}`, 't=0 0'];
  for (const { media: kind, protocol, formats, port } of media) {
    const accepted = kind === 'audio' && port !== 0;
    lines.push(`m=${kind} ${accepted ? 9 : 0} ${protocol} ${formats.join(' ')}`);
    if (accepted) lines.push('a=inactive');
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** The description of a dialog without media, which only controls (RFC 5707 §3.1); `address` is `host:port` of ours. */
export function controlDescription(address: string): SdpBody {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const at = `IN ${host.includes(':') ? 'IP6' : 'IP4'} ${host}`;
  const lines = ['v=0', `o=legato 1 1 ${at}`, 's=-', `c=${at}`, 't=0 0'];
  return sdpBody(`${lines.join('\r\n')}\r\n`);
}

const DIRECTIONS: readonly string[] = ['a=sendrecv', 'a=sendonly', 'a=recvonly', 'a=inactive'];

/** The same streams with nothing flowing in them (RFC 3264 §8.4). */
export function silenced(kept: string): string {
  const lines = kept.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const isStart = (line: string | undefined) => line === undefined || line.startsWith('m=');
  const others = lines.filter((line) => line !== '' && !DIRECTIONS.includes(line));
  const firstMedia = others.findIndex((line) => line.startsWith('m='));
  const silent = others.flatMap((line, index) =>
    firstMedia >= 0 && index >= firstMedia && isStart(others[index + 1]) ? [line, 'a=inactive'] : [line],
  );
  return `${silent.join('\r\n')}\r\n`;
}

/**
 * A silent offer on our own account, under a session id of its own: the versions of the one it is made from belong to its
 * author (RFC 3264 §8).
 */
export function inactiveOffer(kept: string, sessionId: number): string {
  const lines = silenced(kept).split('\r\n');
  const renamed = lines.map((line) => {
    const [user, , , ...address] = line.split(' ');
    return line.startsWith('o=') ? [user, sessionId, 1, ...address].join(' ') : line;
  });
  return renamed.join('\r\n');
}
