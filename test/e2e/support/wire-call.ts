import type { WireMessage } from './wire-message';
import { headerOf, headersOf, tagOf, uriIn } from './wire-message';
import type { Fields, WirePeer } from './wire-peer';
import { answerTo } from './wire-peer';

/** A session description; each of `media` is an m= line with the lines that belong to it. */
export function description(host: string, ...media: readonly string[]): string {
  const lines = ['v=0', `o=- 1 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', ...media];
  return `${lines.join('\r\n')}\r\n`;
}

/** A dialog has one Call-ID: its requests are told apart by their branch. */
export const NOT_BY_CALL_ID = 'none';
export const AUDIO = 'm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000';
export const SDP = { 'Content-Type': 'application/sdp' };

/** The dialog of a {@link WirePeer} that called. */
export class WireCall {
  private cseq = 1;

  private constructor(
    private readonly peer: WirePeer,
    readonly accepted: WireMessage,
    private readonly callId: string,
    private readonly from: string,
  ) {}

  /** Calls, and acknowledges the 200; throws when it is refused. */
  static async open(peer: WirePeer, fields: Fields = {}): Promise<WireCall> {
    const sent = peer.compose({ method: 'INVITE', ...fields });
    peer.send(sent.bytes);
    const accepted = await peer.finalOf(sent);
    if (accepted.status !== 200) throw new Error(`refused: ${accepted.startLine}`);
    const call = new WireCall(peer, accepted, sent.callId, headerOf(accepted, 'from'));
    peer.send(call.within('ACK').bytes);
    return call;
  }

  get remoteTag(): string {
    return tagOf(headerOf(this.accepted, 'to'));
  }

  /** A request within the dialog; `fields` may spoil it. */
  within(method: string, fields: Fields = {}) {
    if (method !== 'ACK') this.cseq += 1;
    return this.peer.compose({
      method,
      uri: uriIn(headerOf(this.accepted, 'contact')),
      ...fields,
      headers: {
        From: this.from,
        To: headerOf(this.accepted, 'to'),
        'Call-ID': this.callId,
        Route: headersOf(this.accepted, 'record-route').reverse(),
        CSeq: `${method === 'ACK' ? 1 : this.cseq} ${method}`,
        ...fields.headers,
      },
    });
  }

  async ask(method: string, fields: Fields = {}): Promise<WireMessage> {
    const sent = this.within(method, fields);
    this.peer.send(sent.bytes);
    return this.peer.finalOf({ ...sent, callId: NOT_BY_CALL_ID });
  }

  hangUp(): Promise<WireMessage> {
    return this.ask('BYE');
  }
}

/** Makes `peer` a callee that answers every INVITE with 200 and every other request with `others`. */
export function answersCalls(peer: WirePeer, others = 200): void {
  peer.onRequest = (request) => {
    if (request.method === 'ACK') return undefined;
    if (request.method !== 'INVITE') return answerTo(request, others);
    return answerTo(request, 200, {
      headers: [`Contact: <${peer.uri}>`, 'Content-Type: application/sdp'],
      body: description(peer.host, AUDIO),
    });
  };
}
