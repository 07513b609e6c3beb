import type { Address, SipMessage } from '@legato/sip';
import { SipRequest, SipResponse } from '@legato/sip';
import { buildRequest } from '@legato/testing';

export interface Body {
  readonly type?: string;
  readonly text: string;
}

/** A dialog as the peer of a test sees it. */
export interface PeerDialog {
  readonly callId: string;
  readonly localTag: string;
  remoteTag: string | undefined;
  readonly local: string;
  readonly remote: string;
  remoteTarget: string;
  cseq: number;
}

/** Another user agent of a flow test: says what the test tells it to say, one message at a time. */
export class FlowPeer {
  readonly inbox: SipMessage[] = [];
  private serial = 0;

  constructor(
    readonly name: string,
    readonly address: Address,
    private readonly toLegato: (message: SipMessage, from: Address) => void,
  ) {}

  get hostPort(): string {
    return `${this.address.host}:${this.address.port}`;
  }

  send(message: SipMessage): void {
    this.toLegato(message, this.address);
  }

  /** The next request of `method`; anything before it in the inbox is dropped. */
  request(method: string): SipRequest {
    return this.next(`request ${method}`, (m) => m.kind === 'request' && m.method === method) as SipRequest;
  }

  /** The next response with `status`. */
  response(status: number): SipResponse {
    return this.next(
      `response ${status}`,
      (m) => m.kind === 'response' && m.status === status,
    ) as SipResponse;
  }

  private next(what: string, matches: (message: SipMessage) => boolean): SipMessage {
    const index = this.inbox.findIndex(matches);
    const found = this.inbox[index];
    if (!found) throw new Error(`${this.name} got no ${what}, but ${this.summary()}`);
    this.inbox.splice(0, index + 1);
    return found;
  }

  /** What waits in the inbox, in short. */
  summary(): string {
    return `[${this.inbox.map((m) => (m.kind === 'request' ? m.method : m.status)).join(' ')}]`;
  }

  /** Sends an INVITE that opens a dialog. */
  invite(
    requestUri: string,
    body?: Body,
    headers: readonly (readonly [string, string])[] = [],
  ): PeerDialog & { invite: SipRequest } {
    this.serial += 1;
    const dialog: PeerDialog = {
      callId: `${this.name}-${this.serial}@${this.address.host}`,
      localTag: `${this.name}-tag-${this.serial}`,
      remoteTag: undefined,
      local: `<sip:${this.name}@${this.hostPort}>`,
      remote: `<${requestUri}>`,
      remoteTarget: requestUri,
      cseq: 0,
    };
    const invite = this.within(dialog, 'INVITE', body, headers);
    return Object.assign(dialog, { invite });
  }

  /** Sends a request of `dialog`. */
  within(
    dialog: PeerDialog,
    method: string,
    body?: Body,
    headers: readonly (readonly [string, string])[] = [],
  ): SipRequest {
    if (method !== 'ACK' && method !== 'CANCEL') dialog.cseq += 1;
    this.serial += 1;
    const request = buildRequest({
      method,
      requestUri: dialog.remoteTarget,
      vias: [`SIP/2.0/UDP ${this.hostPort};branch=z9hG4bK-${this.name}-${this.serial}`],
      from: dialog.local,
      fromTag: dialog.localTag,
      to: dialog.remote,
      ...(dialog.remoteTag === undefined ? {} : { toTag: dialog.remoteTag }),
      callId: dialog.callId,
      cseq: dialog.cseq,
      contact: `<sip:${this.name}@${this.hostPort}>`,
      ...(body === undefined ? {} : { body: body.text, contentType: body.type ?? 'application/sdp' }),
    });
    for (const [name, value] of headers) request.headers.set(name, value);
    this.send(request);
    return request;
  }

  /** CANCEL of an INVITE: same Via, Request-URI, From, To, Call-ID and CSeq number (RFC 3261 §9.1). */
  cancel(invite: SipRequest): void {
    const headers = invite.headers.clone();
    headers.set('CSeq', `${invite.cseq.number} CANCEL`);
    for (const name of ['Contact', 'Content-Type', 'Content-Length']) headers.remove(name);
    this.send(new SipRequest('CANCEL', invite.requestUri, headers));
  }

  /** Follows a final or provisional response: its To tag and Contact. */
  follow(dialog: PeerDialog, response: SipResponse): void {
    dialog.remoteTag = response.to.tag;
    if (response.contact) dialog.remoteTarget = response.contact.uri;
  }

  /** Answers a request; to an INVITE with the tag of this peer and its Contact. */
  respond(
    request: SipRequest,
    status: number,
    body?: Body,
    tag = `${this.name}-tag`,
    headers: readonly (readonly [string, string])[] = [],
  ): void {
    const options = {
      toTag: request.to.tag ?? tag,
      headers: [
        ...(request.method === 'INVITE'
          ? ([['Contact', `<sip:${this.name}@${this.hostPort}>`]] as const)
          : []),
        ...headers,
      ],
      ...(body === undefined
        ? {}
        : { body: Buffer.from(body.text), contentType: body.type ?? 'application/sdp' }),
    };
    this.send(SipResponse.to(request, status, options));
  }

  /** The dialog of an INVITE that this peer accepted. */
  accepted(invite: SipRequest, tag = `${this.name}-tag`): PeerDialog {
    return {
      callId: invite.callId,
      localTag: tag,
      remoteTag: invite.from.tag,
      local: invite.to.toString(),
      remote: invite.from.toString().replace(/;tag=[^;]*/, ''),
      remoteTarget: invite.contact?.uri ?? '',
      cseq: 0,
    };
  }
}
