import type { MsmlOperation } from '@legato/msml';
import { decodeMsml, encodeMsml } from '@legato/msml';
import type { SipRequest } from '@legato/sip';
import type { FlowPeer, PeerDialog } from './flow-peer';
import { audio } from './flow-world';

/** A media server whose every word the test decides. */
export class FlowMediaServer {
  private connections = 0;

  constructor(readonly peer: FlowPeer) {}

  /** Answers the next INVITE: with an answer to its offer, or with an offer of its own. */
  accept(): { invite: SipRequest; dialog: PeerDialog; description: string; connection: string } {
    const invite = this.peer.request('INVITE');
    this.connections += 1;
    const tag = `ms-${this.connections}`;
    const description = audio(this.peer.address.host, 30_000 + 2 * this.connections);
    this.peer.respond(invite, 200, { text: description }, tag);
    return { invite, dialog: this.peer.accepted(invite, tag), description, connection: `conn:${tag}` };
  }

  /** The next MSML request: what it asks for. */
  msml(): { info: SipRequest; operations: MsmlOperation[] } {
    const info = this.peer.request('INFO');
    const decoded = decodeMsml(info.body);
    if (!decoded.ok || decoded.value.kind !== 'request')
      throw new Error(`no MSML request: ${info.body.toString()}`);
    return { info, operations: decoded.value.operations };
  }

  /** Answers an MSML request inside the 200 of its INFO. */
  result(info: SipRequest, response = '200', description?: string): void {
    const result = {
      response,
      confIds: [],
      dialogIds: [],
      ...(description === undefined ? {} : { description }),
    };
    this.peer.respond(info, 200, {
      type: 'application/msml+xml',
      text: encodeMsml({ kind: 'result', result }).toString(),
    });
  }

  event(dialog: PeerDialog, name: string, id: string, values: Readonly<Record<string, string>> = {}): void {
    const pairs = Object.entries(values).map(([key, value]) => ({ name: key, value }));
    this.peer.within(dialog, 'INFO', {
      type: 'application/msml+xml',
      text: encodeMsml({ kind: 'event', event: { name, id, values: pairs } }).toString(),
    });
  }

  /** Answers an audit of one conference with the streams that it has. */
  audited(
    info: SipRequest,
    conference: string,
    streams: readonly { readonly joinwith: string; readonly dir: 'from' | 'to'; readonly amt?: string }[],
  ): void {
    const stream = streams.map(({ amt, ...each }) => ({
      ...each,
      media: 'audio' as const,
      ...(amt === undefined ? {} : { gain: { amt } }),
    }));
    const auditResults = [{ targetid: conference, stream }];
    const result = { response: '200', confIds: [], dialogIds: [], auditResults };
    const text = encodeMsml({ kind: 'result', result }).toString();
    this.peer.respond(info, 200, { type: 'application/msml+xml', text });
  }
}
