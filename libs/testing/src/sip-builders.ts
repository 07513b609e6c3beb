import { Headers, SipRequest } from '@legato/sip';

/** What a test cares about of a request; everything else gets a valid value. */
export interface RequestFields {
  readonly method?: string;
  readonly requestUri?: string;
  /** Via values, topmost first; default one with `branch`. */
  readonly vias?: readonly string[];
  readonly branch?: string;
  readonly from?: string;
  readonly fromTag?: string;
  readonly to?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly contact?: string;
  readonly headers?: Iterable<readonly [string, string]>;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
}

let serial = 0;

function defaults(method: string) {
  serial += 1;
  return {
    requestUri: 'sip:bob@192.0.2.1',
    branch: `z9hG4bK-test-${serial}`,
    from: '<sip:alice@192.0.2.2>',
    fromTag: 'alice-tag',
    to: '<sip:bob@192.0.2.1>',
    callId: `call-${serial}@192.0.2.2`,
    cseq: 1,
    contentType: 'application/sdp',
    ...(method === 'INVITE' ? { contact: '<sip:alice@192.0.2.2:5060>' } : {}),
  };
}

/** A valid request from a few fields (RFC 3261 §8.1.1); branch and Call-ID are fresh in each. The default method is INVITE. */
export function buildRequest(fields: RequestFields = {}): SipRequest {
  const { method = 'INVITE', body } = fields;
  const all: RequestFields & ReturnType<typeof defaults> = { ...defaults(method), ...fields };
  const headers = new Headers();
  for (const via of all.vias ?? [`SIP/2.0/UDP 192.0.2.2:5060;branch=${all.branch}`])
    headers.append('Via', via);
  headers.append('Max-Forwards', '70').append('From', `${all.from};tag=${all.fromTag}`);
  headers.append('To', all.toTag === undefined ? all.to : `${all.to};tag=${all.toTag}`);
  headers.append('Call-ID', all.callId).append('CSeq', `${all.cseq} ${method}`);
  if (all.contact !== undefined) headers.append('Contact', all.contact);
  for (const [name, value] of all.headers ?? []) headers.append(name, value);
  if (body !== undefined) headers.append('Content-Type', all.contentType);
  return new SipRequest(method, all.requestUri, headers, typeof body === 'string' ? Buffer.from(body) : body);
}
