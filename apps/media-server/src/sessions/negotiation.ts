import type { Log } from '@legato/kernel';
import type { CodecName } from '@legato/media';
import type { ChosenAudio } from '@legato/sdp';
import { SessionDescription, acceptAnswer, answerAudio } from '@legato/sdp';
import type { SdpBody } from '@legato/sip';
import type { Connection } from '../objects/connection';
import type { LocalDescription } from './local-description';
import { asksForNothing, writeOffer, writeRefusal } from './local-description';

const SDP = 'application/sdp';

/** What an INVITE, re-INVITE or UPDATE is answered with. */
export interface OfferResponse {
  readonly status: 200 | 415 | 488 | 503;
  readonly body?: SdpBody;
}

export interface NegotiationOptions {
  readonly description: LocalDescription;
  readonly host: string;
  /** The connection of the session, opened when there is none yet; rejects when no port is free. */
  readonly open: () => Promise<Connection>;
  readonly log: Log;
}

const sdpBody = (bytes: Uint8Array): SdpBody => ({ contentType: SDP, bytes });

/** Session descriptions leave the rate out when it is 8000. */
const engineCodec = (codec: string): CodecName => (codec === 'L16' ? 'L16/8000' : (codec as CodecName));

function configure(connection: Connection, chosen: ChosenAudio): void {
  const { codec, remoteHost, remotePort, ...rest } = chosen;
  connection.format = engineCodec(codec);
  connection.media.configure({ ...rest, codec: engineCodec(codec), host: remoteHost, port: remotePort });
}

/** The same, but nothing is sent. */
function withoutSending(chosen: ChosenAudio): ChosenAudio {
  const hears = chosen.direction === 'sendrecv' || chosen.direction === 'recvonly';
  return { ...chosen, direction: hears ? 'recvonly' : 'inactive' };
}

/** Offer and answer of one session (RFC 3264), the peer's offers and ours. */
export class Negotiation {
  /** The session description of the peer, for audits. */
  remotesdp: string | undefined;
  /** Our offer of a 200 whose answer the ACK brings. */
  private offered: Uint8Array | undefined;
  private connection: Connection | undefined;
  /** An ACK came: whoever asked for media towards an address is there, and no third party is flooded by a name. */
  private isConfirmed = false;
  /** What was agreed on before. */
  private unconfirmed: ChosenAudio | undefined;

  constructor(private readonly options: NegotiationOptions) {}

  get localsdp(): string | undefined {
    return this.options.description.text;
  }

  /** Answers an offer, or makes one where there is none (RFC 3261 §13.2.1). Never rejects. */
  async respond(body: SdpBody | undefined): Promise<OfferResponse> {
    if (!body) return this.withConnection((connection) => this.offer(connection));
    if (body.contentType !== SDP) return { status: 415 };
    const parsed = SessionDescription.parse(body.bytes);
    if (!parsed.ok) return { status: 488 };
    const offer = parsed.value;
    if (asksForNothing(offer)) return this.answerNothing(offer);
    if (!offer.audio) return { status: 488 };
    return this.withConnection((connection) => this.answer(offer, connection));
  }

  private async withConnection(go: (connection: Connection) => OfferResponse): Promise<OfferResponse> {
    try {
      this.connection = await this.options.open();
      return go(this.connection);
    } catch (error) {
      this.options.log.error('no media for a session', { error });
      return { status: 503 };
    }
  }

  /** The ACK of a 200 of ours; false when it had to bring an answer and brought none that fits. */
  complete(body: SdpBody | undefined): boolean {
    const { offered, connection } = this;
    this.offered = undefined;
    this.confirm();
    if (!offered) return true;
    const answer = body?.contentType === SDP ? SessionDescription.parse(body.bytes) : undefined;
    if (!answer?.ok || !connection) return false;
    const accepted = acceptAnswer(offered, answer.value);
    if (!accepted) return false;
    this.remember(answer.value);
    configure(connection, accepted.chosen);
    return true;
  }

  private confirm(): void {
    const { unconfirmed, connection } = this;
    this.isConfirmed = true;
    this.unconfirmed = undefined;
    if (unconfirmed && connection) configure(connection, unconfirmed);
  }

  private answer(offer: SessionDescription, connection: Connection): OfferResponse {
    let chosen: ChosenAudio | undefined;
    const answer = this.options.description.update(this.end(connection), (ours) => {
      const outcome = answerAudio(offer, ours);
      chosen = outcome?.chosen;
      return outcome?.answer;
    });
    if (!answer || !chosen) return { status: 488 };
    this.remember(offer);
    if (!this.isConfirmed) this.unconfirmed = chosen;
    configure(connection, this.isConfirmed ? chosen : withoutSending(chosen));
    return { status: 200, body: sdpBody(answer) };
  }

  private offer(connection: Connection): OfferResponse {
    this.offered = this.options.description.update(this.end(connection), writeOffer);
    return this.offered ? { status: 200, body: sdpBody(this.offered) } : { status: 488 };
  }

  /** No media, or none any more: what was sent so far stops. */
  private answerNothing(offer: SessionDescription): OfferResponse {
    const end = { host: this.options.host, port: 0 };
    const answer = this.options.description.update(end, (ours) => writeRefusal(offer, ours));
    this.remember(offer);
    this.connection?.media.configure({
      host: '0.0.0.0',
      port: 0,
      codec: 'PCMA',
      payloadType: 8,
      direction: 'inactive',
    });
    return answer ? { status: 200, body: sdpBody(answer) } : { status: 488 };
  }

  private end(connection: Connection): { host: string; port: number } {
    return { host: this.options.host, port: connection.media.localPort };
  }

  private remember(description: SessionDescription): void {
    this.remotesdp = description.toBytes().toString('utf8');
  }
}
