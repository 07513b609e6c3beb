import type { Direction, MediaDescription } from './media-description';
import { isAddress } from './media-description';
import { staticPayload } from './payload-types';
import { SessionDescription } from './session-description';

/** Our end of an audio stream; `codecs` are encoding names in order of preference, with `/` and the clock rate when that is not 8000. */
export interface AudioEnd {
  readonly host: string;
  readonly port: number;
  readonly sessionId: string;
  readonly version: number;
  readonly codecs: readonly string[];
}

/** What both sides agreed on, from our point of view. */
export interface ChosenAudio {
  /** As in `codecs` of an end. */
  readonly codec: string;
  /** The number to send with. */
  readonly payloadType: number;
  readonly telephoneEventPayloadType?: number;
  /** Ours: what we may do. */
  readonly direction: Direction;
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly ptimeMs?: number;
}

const TELEPHONE_EVENT = 'telephone-event';
const OFFERED_TELEPHONE_EVENT = 101;
const FIRST_DYNAMIC = 96;
const AUDIO_RATE = 8000;
/** Plain RTP; the profile with feedback asks for nothing that we must do (RFC 4585 §3.1). */
const PROTOCOLS = ['RTP/AVP', 'RTP/AVPF'];

const MIRROR: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** What may flow when each side, from our point of view, allows what it says. */
function intersection(a: Direction, b: Direction): Direction {
  const sends = (each: Direction) => each === 'sendrecv' || each === 'sendonly';
  const receives = (each: Direction) => each === 'sendrecv' || each === 'recvonly';
  if (sends(a) && sends(b)) return receives(a) && receives(b) ? 'sendrecv' : 'sendonly';
  return receives(a) && receives(b) ? 'recvonly' : 'inactive';
}

/** Our direction towards a section of the peer; to an address of zeros nothing is sent (RFC 3264 §8.4). */
function ourDirection(remote: MediaDescription): Direction {
  const mirrored = MIRROR[remote.direction];
  const isMute = remote.isHold && remote.direction !== 'sendonly' && remote.direction !== 'inactive';
  return isMute ? intersection(mirrored, 'recvonly') : mirrored;
}

/** RTP payload types are 7 bits wide (RFC 3550 §5.1). */
const isPayloadType = (format: string): boolean => /^\d{1,3}$/.test(format) && Number(format) < 128;

/** Encoding and clock rate of `PCMA` or `L16/16000`. */
function codecOf(name: string): { encoding: string; clockRate: number } {
  const [encoding = '', rate] = name.split('/');
  return { encoding, clockRate: rate === undefined ? AUDIO_RATE : Number(rate) };
}

const nameOf = (encoding: string, clockRate: number): string =>
  clockRate === AUDIO_RATE ? encoding : `${encoding}/${clockRate}`;

/** The format that stands for an encoding. */
function formatOf(section: MediaDescription, codec: string): string | undefined {
  const { encoding, clockRate } = codecOf(codec);
  const wanted = encoding.toLowerCase();
  return section.formats.find((format) => {
    const map = isPayloadType(format) ? section.rtpmap(format) : undefined;
    return map?.encoding.toLowerCase() === wanted && map.clockRate === clockRate && map.channels === 1;
  });
}

function chosenOf(
  remote: MediaDescription,
  codec: string,
  format: string,
  direction: Direction,
): ChosenAudio | undefined {
  const { connectionAddress, port, ptime } = remote;
  if (connectionAddress === undefined) return undefined;
  // Events tell time by the clock of the audio (RFC 4733 §2.1).
  const event = formatOf(remote, nameOf(TELEPHONE_EVENT, codecOf(codec).clockRate));
  return {
    codec,
    payloadType: Number(format),
    ...(event === undefined ? {} : { telephoneEventPayloadType: Number(event) }),
    direction,
    remoteHost: connectionAddress,
    remotePort: port,
    ...(ptime === undefined ? {} : { ptimeMs: ptime }),
  };
}

function assertOurs(ours: AudioEnd): void {
  if (!isAddress(ours.host)) throw new TypeError(`host ${JSON.stringify(ours.host)}`);
  if (!/^[0-9A-Za-z]{1,32}$/.test(ours.sessionId)) throw new TypeError('session id of an o= line');
  if (!Number.isSafeInteger(ours.version) || ours.version < 0) throw new TypeError('version of an o= line');
  if (!Number.isInteger(ours.port) || ours.port < 0 || ours.port > 65_535)
    throw new TypeError(`port ${ours.port}`);
}

function sessionLines(ours: AudioEnd, timing: string): string[] {
  const family = ours.host.includes(':') ? 'IP6' : 'IP4';
  const address = `IN ${family} ${ours.host}`;
  return ['v=0', `o=- ${ours.sessionId} ${ours.version} ${address}`, 's=-', `c=${address}`, `t=${timing}`];
}

function audioLines(
  port: number,
  protocol: string,
  maps: readonly (readonly [payloadType: number, codec: string])[],
  direction: Direction,
  ptimeMs: number | undefined,
): string[] {
  const lines = [`m=audio ${port} ${protocol} ${maps.map(([payloadType]) => payloadType).join(' ')}`];
  for (const [payloadType, codec] of maps) {
    const { encoding, clockRate } = codecOf(codec);
    lines.push(`a=rtpmap:${payloadType} ${encoding}/${clockRate}`);
    if (encoding === TELEPHONE_EVENT) lines.push(`a=fmtp:${payloadType} 0-15`);
  }
  if (ptimeMs !== undefined) lines.push(`a=ptime:${ptimeMs}`);
  lines.push(`a=${direction}`);
  return lines;
}

const toBytes = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf8');

/**
 * A media server's answer (RFC 3264 §6): the first of our codecs that the offer has, telephone-event under the offer's number,
 * direction mirrored, every other section refused with port 0 in its place; rtcp-mux is not taken up. undefined when there
 * is nothing in common (488). Throws TypeError when `ours` could not be written.
 */
export function answerAudio(
  offer: SessionDescription,
  ours: AudioEnd,
): { answer: Buffer; chosen: ChosenAudio } | undefined {
  assertOurs(ours);
  const remote = offer.media.find(
    (each) => each.media === 'audio' && each.port !== 0 && PROTOCOLS.includes(each.protocol),
  );
  const codec = remote && ours.codecs.find((each) => formatOf(remote, each) !== undefined);
  const format = codec === undefined ? undefined : formatOf(remote as MediaDescription, codec);
  if (!remote || codec === undefined || format === undefined) return undefined;
  const chosen = chosenOf(remote, codec, format, ourDirection(remote));
  if (!chosen) return undefined;
  const maps: [number, string][] = [[chosen.payloadType, codec]];
  if (chosen.telephoneEventPayloadType !== undefined)
    maps.push([chosen.telephoneEventPayloadType, nameOf(TELEPHONE_EVENT, codecOf(codec).clockRate)]);
  const lines = sessionLines(ours, offer.timing);
  for (const section of offer.media) {
    if (section === remote)
      lines.push(...audioLines(ours.port, section.protocol, maps, chosen.direction, chosen.ptimeMs));
    else lines.push(`m=${section.media} 0 ${section.protocol} ${section.formats.join(' ')}`);
  }
  return { answer: toBytes(lines), chosen };
}

const isDirection = (text: string | undefined): text is Direction => text !== undefined && text in MIRROR;

/** An offer of one audio section with our codecs and telephone-event (RFC 3264 §5). Throws TypeError when `ours` could not be written. */
export function offerAudio(ours: AudioEnd & { readonly direction?: string }): Buffer {
  assertOurs(ours);
  const maps: [number, string][] = [];
  let dynamic = FIRST_DYNAMIC;
  for (const codec of ours.codecs) {
    if (!/^[0-9A-Za-z._-]{1,32}(\/[1-9][0-9]{3,5})?$/.test(codec))
      throw new TypeError(`codec ${JSON.stringify(codec)}`);
    if (codec.toLowerCase() !== TELEPHONE_EVENT) maps.push([staticPayload(codec) ?? dynamic++, codec]);
  }
  const rates = new Set(maps.map(([, codec]) => codecOf(codec).clockRate));
  [...rates].forEach((rate, at) => maps.push([OFFERED_TELEPHONE_EVENT + at, nameOf(TELEPHONE_EVENT, rate)]));
  const direction = isDirection(ours.direction) ? ours.direction : 'sendrecv';
  return toBytes([...sessionLines(ours, '0 0'), ...audioLines(ours.port, 'RTP/AVP', maps, direction, 20)]);
}

/** What the answer to our offer means (RFC 3264 §7): undefined when our audio section is refused or the answer does not fit the offer. */
export function acceptAnswer(
  offer: Uint8Array,
  answer: SessionDescription,
): { chosen: ChosenAudio } | undefined {
  const parsed = SessionDescription.parse(offer);
  if (!parsed.ok || parsed.value.media.length !== answer.media.length) return undefined;
  const index = parsed.value.media.findIndex((each) => each.media === 'audio' && each.port !== 0);
  const ours = parsed.value.media[index];
  const remote = answer.media[index];
  if (!ours || remote?.media !== 'audio' || remote.port === 0) return undefined;
  const format = remote.formats.find((each) => codecName(remote, ours, each) !== undefined);
  const codec = format === undefined ? undefined : codecName(remote, ours, format);
  if (format === undefined || codec === undefined) return undefined;
  const chosen = chosenOf(remote, codec, format, intersection(ours.direction, ourDirection(remote)));
  return chosen && { chosen };
}

/** The encoding of a format of the answer that we offered and that carries audio. */
function codecName(remote: MediaDescription, ours: MediaDescription, format: string): string | undefined {
  if (!isPayloadType(format)) return undefined;
  const map = remote.rtpmap(format) ?? ours.rtpmap(format);
  if (map === undefined || map.encoding.toLowerCase() === TELEPHONE_EVENT) return undefined;
  const offered = formatOf(ours, nameOf(map.encoding, map.clockRate));
  const known = offered === undefined ? undefined : ours.rtpmap(offered);
  return known && nameOf(known.encoding, known.clockRate);
}
