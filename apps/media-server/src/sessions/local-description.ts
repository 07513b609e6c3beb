import type { AudioEnd, SessionDescription } from '@legato/sdp';
import { offerAudio } from '@legato/sdp';

/** Our side of a session: its o= line has one session id, and a version that grows by one with each change (RFC 3264 §8). */
export class LocalDescription {
  private version = 1;
  private current: Buffer | undefined;

  /** `codecs` are those that we speak, in the order in which they are chosen. */
  constructor(
    private readonly sessionId: string,
    private readonly codecs: readonly string[],
  ) {}

  /** What was sent last. */
  get text(): string | undefined {
    return this.current?.toString('utf8');
  }

  /** The bytes that `write` makes, under the version that fits them; undefined when it makes none. */
  update(
    end: { readonly host: string; readonly port: number },
    write: (end: AudioEnd) => Buffer | undefined,
  ): Buffer | undefined {
    const withVersion = (version: number): Buffer | undefined =>
      write({ ...end, sessionId: this.sessionId, version, codecs: this.codecs });
    const same = withVersion(this.version);
    if (!same) return undefined;
    if (!this.current || same.equals(this.current)) {
      this.current = same;
      return same;
    }
    this.version += 1;
    this.current = withVersion(this.version);
    return this.current;
  }
}

/** An offer of audio in both directions. */
export const writeOffer = (end: AudioEnd): Buffer => offerAudio(end);

/** An answer that takes none of the sections of the offer; without sections, that of a control dialog. */
export function writeRefusal(offer: SessionDescription, { host, sessionId, version }: AudioEnd): Buffer {
  const address = `IN ${host.includes(':') ? 'IP6' : 'IP4'} ${host}`;
  const sections = offer.media.map(
    ({ media, protocol, formats }) => `m=${media} 0 ${protocol} ${formats.join(' ')}`,
  );
  const lines = [
    'v=0',
    `o=- ${sessionId} ${version} ${address}`,
    's=-',
    `c=${address}`,
    `t=${offer.timing}`,
    ...sections,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf8');
}

/** Whether an offer asks for no media at all: a control dialog (RFC 5707 §3.1), or audio that is taken back. */
export const asksForNothing = (offer: SessionDescription): boolean =>
  offer.media.every(({ port }) => port === 0);
