import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { eventually } from './eventually';
import { AUDIO, description } from './wire-call';
import type { WireMessage } from './wire-message';
import { headerOf, readWire, tagOf, uriIn, writeWire } from './wire-message';

const OWN = 'sip:browser@a1b2c3.invalid;transport=ws';
const NO_BODY = { lines: [] as readonly string[], body: '' };

/** A browser's end of SIP over WebSocket (RFC 7118), in so many words. */
export class WsPhone {
  readonly heard: WireMessage[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.heard.push(readWire(data as Buffer)));
    socket.on('error', () => undefined);
  }

  static async open(url: string, authority?: Buffer): Promise<WsPhone> {
    const socket = new WebSocket(url, 'sip', authority ? { ca: authority } : {});
    await once(socket, 'open');
    return new WsPhone(socket);
  }

  close(): void {
    this.socket.terminate();
  }

  /** OPTIONS outside of a dialog. */
  options(uri: string): Promise<WireMessage> {
    const callId = `options-${randomUUID()}`;
    this.ask('OPTIONS', uri, { callId, to: `<${uri}>`, cseq: 1 });
    return this.finalOf(callId, 'OPTIONS');
  }

  /** Calls, and acknowledges the 200. */
  async call(uri: string): Promise<{ accepted: WireMessage; hangUp: () => Promise<WireMessage> }> {
    const callId = `call-${randomUUID()}`;
    const offer = {
      lines: ['Content-Type: application/sdp'],
      body: description('127.0.0.1', AUDIO),
    };
    this.ask('INVITE', uri, { callId, to: `<${uri}>`, cseq: 1 }, offer);
    const accepted = await this.finalOf(callId, 'INVITE');
    const [to, target] = [headerOf(accepted, 'to'), uriIn(headerOf(accepted, 'contact'))];
    this.ask('ACK', target, { callId, to, cseq: 1 });
    const hangUp = () => {
      this.ask('BYE', target, { callId, to, cseq: 2 });
      return this.finalOf(callId, 'BYE');
    };
    return { accepted, hangUp };
  }

  /** A request that came along the connection; it is answered 200. */
  async takes(method: string): Promise<WireMessage> {
    const request = await eventually(`${method} arrives`, () =>
      this.heard.find((each) => each.method === method),
    );
    const copied = request.headers
      .filter(([name]) => ['via', 'from', 'to', 'call-id', 'cseq'].includes(name))
      .map(([name, value]) => `${name}: ${value}`);
    this.socket.send(writeWire('SIP/2.0 200 OK', [...copied, 'Content-Length: 0']));
    return request;
  }

  private ask(
    method: string,
    uri: string,
    { callId, to, cseq }: { callId: string; to: string; cseq: number },
    { lines, body } = NO_BODY,
  ): void {
    const all = [
      `Via: SIP/2.0/WS a1b2c3.invalid;branch=z9hG4bK-${callId}-${cseq}-${method}`,
      'Max-Forwards: 70',
      `From: <${OWN.split(';')[0]}>;tag=${callId}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <${OWN}>`,
      ...lines,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.socket.send(writeWire(`${method} ${uri} SIP/2.0`, all, body).toString());
  }

  private finalOf(callId: string, method: string): Promise<WireMessage> {
    return eventually(`${method} is answered`, () =>
      this.heard.find(
        (each) =>
          each.status >= 200 &&
          headerOf(each, 'call-id') === callId &&
          headerOf(each, 'cseq').endsWith(method) &&
          tagOf(headerOf(each, 'to')) !== '',
      ),
    );
  }
}
