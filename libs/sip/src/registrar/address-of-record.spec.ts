import { addressOfRecord, domainOf, parseAddressOfRecord, userOf } from './address-of-record';
import { SipUri } from '../message/sip-uri';

describe('an address-of-record', () => {
  it.each([
    ['sip:1011@47.98.109.96', 'sip:1011@47.98.109.96'],
    ['sip:1011@47.98.109.96:50620', 'sip:1011@47.98.109.96'],
    ['sip:Bob@Biloxi.Example.COM;user=phone;transport=tcp', 'sip:Bob@biloxi.example.com'],
    ['sips:bob@biloxi.example.com', 'sip:bob@biloxi.example.com'],
    ['sip:%62ob:secret@biloxi.example.com', 'sip:bob@biloxi.example.com'],
    ['sip:a%40b@example.com', 'sip:a%40b@example.com'],
    ['sip:null-%00-null@example.com', 'sip:null-%00-null@example.com'],
    ['sip:%c3%a4@example.com', 'sip:%C3%A4@example.com'],
    ['sip:%ff%61@example.com', 'sip:%FFa@example.com'],
    ['sip:bob@[2001:DB8:0::1]:5070', 'sip:bob@[2001:db8:0:0:0:0:0:1]'],
  ])('of %s is %s (RFC 3261 §10.3 step 5)', (text, aor) => {
    expect(parseAddressOfRecord(text)).toBe(aor);
    expect(parseAddressOfRecord(aor)).toBe(aor);
  });

  it.each(['sip:example.com', 'tel:+15551234', 'mailto:bob@example.com', 'nonsense', ''])(
    'is not to be had of %s',
    (text) => expect(parseAddressOfRecord(text)).toBeUndefined(),
  );

  it('has an end: 256 characters', () => {
    expect(parseAddressOfRecord(`sip:${'a'.repeat(300)}@example.com`)).toBeUndefined();
  });

  it('has a domain and a user', () => {
    expect(domainOf('sip:a%40b@example.com')).toBe('example.com');
    expect(userOf('sip:a%40b@example.com')).toBe('a@b');
    const uri = SipUri.parse('sip:%ff@example.com');
    expect(uri && userOf(addressOfRecord(uri) ?? '')).toBe('%FF');
  });
});
