import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SessionDescription } from '@legato/sdp';
import type { SipRequest } from '@legato/sip';
import { parseDatagram, serialize, Via } from '@legato/sip';

const FOLDER = join(__dirname, '../../fixtures/rfc5118');
const load = (file: string): Buffer => readFileSync(join(FOLDER, `${file}.dat`));
const files = readdirSync(FOLDER).flatMap((name) =>
  name.endsWith('.dat') ? [name.replace('.dat', '')] : [],
);

function request(file: string): SipRequest {
  const outcome = parseDatagram(load(file));
  if (!outcome.ok || outcome.message.kind !== 'request') throw new Error(`${file} was refused`);
  return outcome.message;
}

describe('parser against RFC 5118', () => {
  it('has all twelve messages', () => {
    expect(files).toHaveLength(12);
  });

  it.each(files.filter((file) => file !== 'ipv6-bad'))('reads %s and writes it again', (file) => {
    const read = request(file);
    const again = parseDatagram(serialize(read));
    expect(again.ok && again.message.body.length).toBe(read.body.length);
    expect(again.ok && [...again.message.headers.entries()].length).toBe([...read.headers.entries()].length);
  });

  it('refuses an address without brackets (§4.2)', () => {
    expect(parseDatagram(load('ipv6-bad'))).toMatchObject({ ok: false, error: { status: 400 } });
  });

  it.each([
    ['ipv6-good', '2001:db8::10', undefined],
    ['port-ambiguous', '2001:db8::10:5070', undefined],
    ['port-unambiguous', '2001:db8::10', 5070],
    ['ipv6-bug-abnf-3-colons', '2001:db8:::192.0.2.1', undefined],
    ['ipv6-correct-abnf-2-colons', '2001:db8::192.0.2.1', undefined],
  ])('%s asks for host %s, port %s (§4.1 to §4.4, §4.10)', (file, host, port) => {
    const { uri, contact } = request(file);
    expect([uri?.host, uri?.port]).toEqual([host, port]);
    if (contact) expect(contact.sipUri?.host).toBe('2001:db8::1');
  });

  it('takes three colons for two (§4.10)', () => {
    const [three, two] = [request('ipv6-bug-abnf-3-colons').uri, request('ipv6-correct-abnf-2-colons').uri];
    expect(three && two?.equals(three)).toBe(true);
  });

  it.each([
    ['via-received-param-with-delim', '[2001:db8::9:255]', 'z9hG4bKas3-111'],
    ['via-received-param-no-delim', '2001:db8::9:255', 'z9hG4bKas3'],
  ])('%s: received with and without brackets (§4.5)', (file, received, branch) => {
    const { via } = request(file);
    expect([via.host, via.params.get('received'), via.branch]).toEqual(['2001:db8::9:1', received, branch]);
  });

  it('reads addresses of both kinds side by side (§4.7, §4.9)', () => {
    const hosts = (file: string) =>
      request(file)
        .headers.getAll('Via')
        .map((text) => Via.parse(text)?.host);
    expect(hosts('mult-ip-in-header')).toEqual(['2001:db8::9:1', '192.0.2.1', '2001:db8::9:255']);
    expect(hosts('ipv4-mapped-ipv6')).toEqual(['::ffff:192.0.2.10', '::ffff:192.0.2.2']);
    expect(request('ipv4-mapped-ipv6').via.port).toBe(19823);
  });

  it.each([
    ['ipv6-in-sdp', ['2001:db8::20', '2001:db8::20']],
    ['mult-ip-in-sdp', ['192.0.2.1', '2001:db8::1']],
    ['ipv4-mapped-ipv6', ['::ffff:192.0.2.2', '::ffff:192.0.2.2']],
  ])('%s: addresses in a session description (§4.6, §4.8, §4.9)', (file, addresses) => {
    const description = SessionDescription.parse(request(file).body);
    if (!description.ok) throw new Error(description.error);
    expect(description.value.media.map((section) => section.connectionAddress)).toEqual(addresses);
  });
});
