import { decodeMsml } from '@legato/msml';
import { description, SDP, WireCall } from './wire-call';
import { WirePeer } from './wire-peer';

/** Asks a media server what it has, by MSML audit (RFC 5707 §10) in a dialog without media. */
export class MediaAudit {
  private constructor(
    private readonly peer: WirePeer,
    private readonly call: WireCall,
  ) {}

  static async open(mediaServerPort: number): Promise<MediaAudit> {
    const peer = await WirePeer.open(mediaServerPort);
    const call = await WireCall.open(peer, {
      uri: `sip:audit@127.0.0.1:${mediaServerPort}`,
      headers: SDP,
      body: description('127.0.0.1'),
    });
    return new MediaAudit(peer, call);
  }

  /** The identifiers of every conference and connection. */
  async objects(): Promise<string[]> {
    const body =
      '<?xml version="1.0" encoding="UTF-8"?><msml version="1.1"><audit queryid="conf:*"/><audit queryid="conn:*"/></msml>';
    const headers = { 'Content-Type': 'application/msml+xml' };
    const answer = await this.call.ask('INFO', { headers, body });
    const decoded = decodeMsml(Buffer.from(answer.body, 'latin1'));
    if (!decoded.ok || decoded.value.kind !== 'result') throw new Error(`no result: ${answer.startLine}`);
    return (decoded.value.result.auditResults ?? []).map(({ targetid }) => targetid);
  }

  async close(): Promise<void> {
    await this.call.hangUp();
    await this.peer.close();
  }
}
