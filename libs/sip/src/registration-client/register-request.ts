import { Headers } from '../message/headers';
import { SipRequest } from '../message/sip-request';
import type { HeaderList } from '../user-agent/usage-body';

/** What a REGISTER of ours says. */
export interface RegisterFields {
  /** Request-URI: the domain of the registrar, without user. */
  readonly registrar: string;
  readonly aor: string;
  readonly contact: string;
  readonly expiresS: number;
  readonly sipCallId: string;
  readonly cseq: number;
  readonly fromTag: string;
  /** Authorization and the like. */
  readonly credentials: HeaderList;
  readonly userAgent?: string;
}

/** A REGISTER without Via (RFC 3261 §10.2). */
export function createRegister(fields: RegisterFields): SipRequest {
  const { registrar, aor, contact, expiresS, sipCallId, cseq, fromTag, credentials, userAgent } = fields;
  const headers = new Headers([
    ['Max-Forwards', '70'],
    ['From', `<${aor}>;tag=${fromTag}`],
    ['To', `<${aor}>`],
    ['Call-ID', sipCallId],
    ['CSeq', `${cseq} REGISTER`],
    ['Contact', `<${contact}>;expires=${expiresS}`],
    // Some registrars read this one only.
    ['Expires', String(expiresS)],
    ['Supported', 'path'],
    ...credentials,
    ...(userAgent === undefined ? [] : [['User-Agent', userAgent] as const]),
  ]);
  return new SipRequest('REGISTER', registrar, headers);
}
