import { Headers } from '../headers';
import { decodeIdentities, encodeIdentities } from './p-asserted-identity';

describe('P-Asserted-Identity (RFC 3325 §9.1)', () => {
  it('is one identity, or a SIP and a telephone one', () => {
    const headers = new Headers([['P-Asserted-Identity', '"1014" <sip:1014@a>, <tel:+14085264000>, broken']]);
    const identities = decodeIdentities(headers, 'P-Asserted-Identity');
    expect(identities.map((each) => each.sipUri?.scheme)).toEqual(['sip', 'tel']);
    expect(encodeIdentities(identities)).toBe('"1014" <sip:1014@a>, <tel:+14085264000>');
    expect(decodeIdentities(headers, 'P-Preferred-Identity')).toEqual([]);
  });
});
