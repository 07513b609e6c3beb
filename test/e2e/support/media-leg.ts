import type { MsmlEvent, MsmlResult } from '@legato/msml';
import { decodeMsml } from '@legato/msml';
import { eventually } from './eventually';
import { RtpVoice } from './rtp-voice';
import { description, NOT_BY_CALL_ID, SDP, WireCall } from './wire-call';
import type { WireMessage } from './wire-message';
import type { Fields } from './wire-peer';
import { answerTo, WirePeer } from './wire-peer';

const [TIMER_E_MS, TIMER_F_MS] = [500, 32_000];
const MSML = { 'Content-Type': 'application/msml+xml' };

/** A call to a media server: a SIP dialog that carries MSML (RFC 5707), and a party of RTP. */
export class MediaLeg {
  /** Events that came, in order. */
  readonly events: MsmlEvent[] = [];
  isHungUp = false;

  private constructor(
    private readonly peer: WirePeer,
    private readonly call: WireCall,
    readonly voice: RtpVoice,
    readonly remoteRtpPort: number,
  ) {}

  /** Calls the media server of a SIP port of this machine; throws when it refuses. */
  static async open(sipPort: number): Promise<MediaLeg> {
    const peer = await WirePeer.open(sipPort);
    const voice = await RtpVoice.open();
    let leg: MediaLeg | undefined;
    peer.onRequest = (request) => {
      if (request.method === 'ACK') return undefined;
      leg?.take(request.method, request.body);
      return answerTo(request, 200);
    };
    try {
      const body = description('127.0.0.1', voice.media);
      const call = await WireCall.open(peer, { uri: `sip:msml@127.0.0.1:${sipPort}`, headers: SDP, body });
      const answer = call.accepted.body;
      const at = answer.indexOf('m=audio ') + 'm=audio '.length;
      leg = new MediaLeg(peer, call, voice, parseInt(answer.slice(at), 10));
      return leg;
    } catch (error) {
      voice.close();
      await peer.close();
      throw error;
    }
  }

  /** `conn:…`, the server's name of this call. */
  get id(): string {
    return `conn:${this.call.remoteTag}`;
  }

  say(hz: number, amplitude = 8000): void {
    this.voice.say(hz, amplitude, this.remoteRtpPort);
  }

  /** Has operations executed; the result, whatever it is. */
  async ask(operations: string): Promise<MsmlResult> {
    const body = `<?xml version="1.0" encoding="UTF-8"?><msml version="1.1">${operations}</msml>`;
    const answer = await this.request('INFO', { headers: MSML, body });
    const decoded = decodeMsml(Buffer.from(answer.body, 'latin1'));
    if (!decoded.ok || decoded.value.kind !== 'result')
      throw new Error(`no result: ${answer.startLine} ${answer.body}`);
    return decoded.value.result;
  }

  /** Has operations executed, all of them; throws when the server refuses. */
  async tell(operations: string): Promise<void> {
    const result = await this.ask(operations);
    if (result.response !== '200')
      throw new Error(`${result.response} ${result.description ?? ''}: ${operations}`);
  }

  /** Starts a dialog on `target`, by default this call. */
  startDialog(name: string, content: string, target = this.id): Promise<void> {
    return this.tell(
      `<dialogstart target="${target}" type="application/moml+xml" name="${name}">${content}</dialogstart>`,
    );
  }

  /** What the event at the end of a dialog says. */
  async exitOf(dialog: string, deadlineMs?: number): Promise<ReadonlyMap<string, string>> {
    const isExit = ({ name, id }: MsmlEvent) =>
      name === 'msml.dialog.exit' && id.endsWith(`/dialog:${dialog}`);
    const event = await eventually(`the exit of ${dialog}`, () => this.events.find(isExit), deadlineMs);
    return new Map(event.values.map(({ name, value }) => [name, value]));
  }

  async hangUp(): Promise<void> {
    if (!this.isHungUp) await this.request('BYE');
    await this.close();
  }

  /** Lets go of its sockets, without a word. */
  async close(): Promise<void> {
    this.voice.close();
    await this.peer.close();
  }

  /** Sends it until it is answered: a datagram that finds a socket full is lost (RFC 3261 §17.1.2.2). */
  private async request(method: string, fields: Fields = {}): Promise<WireMessage> {
    const sent = this.call.within(method, fields);
    const send = () => this.peer.send(sent.bytes);
    const again = setInterval(send, TIMER_E_MS);
    send();
    return this.peer
      .finalOf({ ...sent, callId: NOT_BY_CALL_ID }, TIMER_F_MS)
      .finally(() => clearInterval(again));
  }

  private take(method: string, body: string): void {
    if (method === 'BYE') this.isHungUp = true;
    if (method !== 'INFO') return;
    const decoded = decodeMsml(Buffer.from(body, 'latin1'));
    if (decoded.ok && decoded.value.kind === 'event') this.events.push(decoded.value.event);
  }
}
