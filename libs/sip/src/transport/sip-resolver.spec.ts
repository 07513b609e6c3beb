import { FakeClock } from '@legato/testing';
import { SipUri } from '../message/sip-uri';
import { CachedDns } from './node-dns';
import type { Dns, NaptrRecord, SrvRecord } from './resolver';
import type { SipResolverOptions } from './sip-resolver';
import { sipResolver } from './sip-resolver';
import { srvOrder } from './srv-order';

interface Zone {
  readonly naptr?: Readonly<Record<string, readonly NaptrRecord[]>>;
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>;
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
}

function fakeDns(zone: Zone): Dns & { asked: string[] } {
  const asked: string[] = [];
  const ask = <T>(
    kind: string,
    name: string,
    records: Readonly<Record<string, T>> | undefined,
  ): Promise<T> => {
    asked.push(`${kind} ${name}`);
    const found = records?.[name];
    return found === undefined ? Promise.reject(new Error(`ENOTFOUND ${name}`)) : Promise.resolve(found);
  };
  return {
    asked,
    naptr: (name) => ask('naptr', name, zone.naptr),
    srv: (name) => ask('srv', name, zone.srv),
    addresses: (name) => ask('addresses', name, zone.addresses),
  };
}

const naptr = (order: number, preference: number, service: string, replacement: string): NaptrRecord => ({
  flags: 's',
  service,
  replacement,
  order,
  preference,
});
const srv = (priority: number, weight: number, name: string, port = 5060): SrvRecord => ({
  priority,
  weight,
  name,
  port,
});
const rfcZone: Zone = {
  naptr: {
    'example.com': [
      naptr(100, 50, 'SIP+D2U', '_sip._udp.example.com'),
      naptr(50, 50, 'SIPS+D2T', '_sips._tcp.example.com'),
      naptr(90, 50, 'SIP+D2T', '_sip._tcp.example.com'),
    ],
  },
  srv: {
    '_sip._tcp.example.com': [srv(0, 1, 'server1.example.com'), srv(10, 1, 'server2.example.com', 5070)],
    '_sip._udp.example.com': [srv(0, 1, 'server3.example.com')],
    '_sips._tcp.example.com': [srv(0, 1, 'server4.example.com', 5061)],
  },
  addresses: {
    'server1.example.com': ['192.0.2.1', '2001:db8::1'],
    'server2.example.com': ['192.0.2.2'],
    'server3.example.com': ['192.0.2.3'],
    'server4.example.com': ['192.0.2.4'],
    'example.com': ['192.0.2.9'],
  },
};

async function resolve(uri: string, zone: Zone, options: Partial<SipResolverOptions> = {}) {
  const dns = fakeDns(zone);
  const resolver = sipResolver({ dns, clock: new FakeClock(), protocols: ['UDP', 'TCP'], ...options });
  const hops = await resolver(SipUri.parse(uri) as SipUri);
  const text = hops.map(({ protocol, address }) => `${protocol} ${address.host} ${address.port}`);
  return { text, hops, asked: dns.asked };
}

describe('finding a SIP server (RFC 3263 §4)', () => {
  it('follows NAPTR by order and preference, for the protocols we speak, then SRV by priority (§4.1, §4.2)', async () => {
    expect((await resolve('sip:bob@example.com', rfcZone)).text).toEqual([
      'TCP 192.0.2.1 5060',
      'TCP 2001:db8::1 5060',
      'TCP 192.0.2.2 5070',
      'UDP 192.0.2.3 5060',
    ]);
  });

  it('takes only TLS for sips:, and says which domain the certificate must be for (§4.1, RFC 5922 §7.1)', async () => {
    const { hops, text } = await resolve('sips:bob@example.com', rfcZone, {
      protocols: ['UDP', 'TCP', 'TLS'],
    });
    expect(text).toEqual(['TLS 192.0.2.4 5061']);
    expect(hops[0]?.address.serverName).toBe('example.com');
  });

  it('asks for SRV of each protocol when there is no NAPTR (§4.1)', async () => {
    const zone = { srv: rfcZone.srv, addresses: rfcZone.addresses };
    expect((await resolve('sip:bob@example.com', zone)).text).toEqual([
      'UDP 192.0.2.3 5060',
      'TCP 192.0.2.1 5060',
      'TCP 2001:db8::1 5060',
      'TCP 192.0.2.2 5070',
    ]);
  });

  it('asks for the SRV of the protocol that the URI names, and for no NAPTR (§4.1)', async () => {
    const { text, asked } = await resolve('sip:bob@example.com;transport=udp', rfcZone);
    expect(text).toEqual(['UDP 192.0.2.3 5060']);
    expect(asked).toEqual(['srv _sip._udp.example.com', 'addresses server3.example.com']);
  });

  it('asks for addresses alone when the URI has a port (§4.2)', async () => {
    const { text, asked } = await resolve('sip:bob@example.com:5099', rfcZone);
    expect(text).toEqual(['UDP 192.0.2.9 5099']);
    expect(asked).toEqual(['addresses example.com']);
  });

  it('falls back to addresses and the default port without SRV (§4.2)', async () => {
    const zone = { addresses: rfcZone.addresses };
    expect((await resolve('sip:bob@example.com', zone)).text).toEqual(['UDP 192.0.2.9 5060']);
    expect((await resolve('sips:bob@example.com', zone, { protocols: ['TLS'] })).text).toEqual([
      'TLS 192.0.2.9 5061',
    ]);
    expect((await resolve('sip:bob@example.com;transport=tcp', zone)).text).toEqual(['TCP 192.0.2.9 5060']);
  });

  it('looks for maddr instead of the host (§4)', async () => {
    expect((await resolve('sip:bob@elsewhere.example;maddr=example.com', rfcZone)).asked[0]).toBe(
      'naptr example.com',
    );
  });

  it('takes a service for absent whose target is "." (RFC 2782)', async () => {
    const zone = { srv: { '_sip._udp.example.com': [srv(0, 0, '.')] }, addresses: rfcZone.addresses };
    expect((await resolve('sip:bob@example.com;transport=udp', zone)).text).toEqual(['UDP 192.0.2.9 5060']);
  });

  it('answers an empty list for a name that nobody knows', async () => {
    expect((await resolve('sip:bob@nowhere.example', {})).text).toEqual([]);
  });

  it('goes on without an answer that does not come in time', async () => {
    const clock = new FakeClock();
    const dns: Dns = { ...fakeDns(rfcZone), naptr: () => new Promise(() => undefined) };
    const resolver = sipResolver({ dns, clock, protocols: ['UDP'], deadlineMs: 500 });
    const hops = resolver(SipUri.parse('sip:bob@example.com') as SipUri);
    clock.advance(500);
    expect((await hops).map((each) => each.address.host)).toEqual(['192.0.2.3']);
    expect(clock.armed).toBe(0);
  });

  it('keeps to 16 hops however many DNS offers', async () => {
    const many = Array.from({ length: 50 }, (_, i) => srv(i, 0, `s${i}.example.com`));
    const addresses = Object.fromEntries(
      many.map(({ name }) => [name, Array.from({ length: 20 }, (_, i) => `192.0.2.${i}`)]),
    );
    const { hops, asked } = await resolve('sip:a@example.com;transport=udp', {
      srv: { '_sip._udp.example.com': many },
      addresses,
    });
    expect(hops).toHaveLength(16);
    expect(asked.length).toBeLessThanOrEqual(9);
  });
});

describe('the order of SRV records (RFC 2782)', () => {
  it('is that of the priorities, whatever chance says', () => {
    const records = [srv(20, 9, 'c'), srv(1, 0, 'a'), srv(10, 5, 'b')];
    for (const draw of [0, 0.5, 0.999])
      expect(srvOrder(records, () => draw).map((each) => each.name)).toEqual(['a', 'b', 'c']);
  });

  it('is by chance in proportion to the weights within a priority', () => {
    const records = [srv(0, 60, 'a'), srv(0, 30, 'b'), srv(0, 10, 'c')];
    const first = new Map<string, number>();
    const draws = 1_000;
    for (let i = 0; i < draws; i++) {
      const name = srvOrder(records, () => i / draws)[0]?.name ?? '';
      first.set(name, (first.get(name) ?? 0) + 1);
    }
    for (const { name, weight } of records)
      expect(Math.abs((first.get(name) ?? 0) / draws - weight / 100)).toBeLessThan(0.02);
  });

  it('lets weight 0 come first only when chance draws 0', () => {
    const records = [srv(0, 10, 'a'), srv(0, 0, 'b')];
    expect(srvOrder(records, () => 0)[0]?.name).toBe('b');
    expect(srvOrder(records, () => 0.1)[0]?.name).toBe('a');
    expect(srvOrder(records, () => 0.999)[0]?.name).toBe('a');
  });
});

describe('the memory of DNS answers', () => {
  it('asks once for what many want at a time, and again when the answer is old', async () => {
    const clock = new FakeClock();
    const dns = fakeDns(rfcZone);
    const cached = new CachedDns(dns, clock, 1_000);
    const answers = await Promise.all([cached.addresses('example.com'), cached.addresses('example.com')]);
    expect(answers).toEqual([['192.0.2.9'], ['192.0.2.9']]);
    await cached.srv('example.com');
    expect(dns.asked).toEqual(['addresses example.com', 'srv example.com']);
    clock.advance(1_001);
    await cached.addresses('example.com');
    expect(dns.asked).toHaveLength(3);
  });

  it('keeps a failure a tenth as long', async () => {
    const clock = new FakeClock();
    const dns = fakeDns({});
    const cached = new CachedDns(dns, clock, 1_000);
    expect(await cached.addresses('nowhere.example')).toEqual([]);
    clock.advance(50);
    await cached.addresses('nowhere.example');
    expect(dns.asked).toHaveLength(1);
    clock.advance(60);
    await cached.addresses('nowhere.example');
    expect(dns.asked).toHaveLength(2);
  });
});
