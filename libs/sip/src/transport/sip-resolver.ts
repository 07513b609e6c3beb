import type { Clock } from '@legato/kernel';
import type { TransportProtocol } from '../message/flow';
import type { SipUri } from '../message/sip-uri';
import { withDeadline } from './deadline';
import { defaultPort, isSecure, protocolOf, targetHost } from './next-hop';
import type { Dns, Hop, Resolver, SrvRecord } from './resolver';
import { srvOrder } from './srv-order';

/** What a {@link sipResolver} works with. */
export interface SipResolverOptions {
  readonly dns: Dns;
  readonly clock: Clock;
  /** The protocols we have transports for, best first: without NAPTR their SRV records are asked for in this order. */
  readonly protocols: readonly TransportProtocol[];
  /** For one question; default 2000 ms. */
  readonly deadlineMs?: number;
  /** In [0, 1), for the weights of SRV records; default Math.random. */
  readonly random?: () => number;
}

/** An SRV name and the protocol it stands for. */
interface Service {
  readonly name: string;
  readonly protocol: TransportProtocol;
}

const DEADLINE_MS = 2_000;
const MAX_SERVICES = 5;
const MAX_TARGETS = 8;
const MAX_HOPS = 16;
const NAPTR_SERVICES: Readonly<Record<string, TransportProtocol>> = {
  'SIP+D2U': 'UDP',
  'SIP+D2T': 'TCP',
  'SIPS+D2T': 'TLS',
  'SIP+D2W': 'WS',
  'SIPS+D2W': 'WSS',
};
const SRV_PREFIXES: Readonly<Record<TransportProtocol, string>> = {
  UDP: '_sip._udp.',
  TCP: '_sip._tcp.',
  TLS: '_sips._tcp.',
  WS: '_sip._ws.',
  WSS: '_sips._ws.',
};

/** NAPTR, SRV, then A and AAAA (RFC 3263 §4). */
class SipResolver {
  constructor(private readonly options: SipResolverOptions) {}

  async resolve(uri: SipUri): Promise<readonly Hop[]> {
    const domain = targetHost(uri);
    const named = protocolOf(uri);
    const fallback =
      named ?? (this.options.protocols.includes('UDP') ? 'UDP' : this.options.protocols[0]) ?? 'UDP';
    if (uri.port !== undefined) return this.hopsAt(domain, uri.port, fallback, domain);
    const services = named
      ? [{ name: SRV_PREFIXES[named] + domain, protocol: named }]
      : await this.services(uri, domain);
    const hops: Hop[] = [];
    for (const service of services.slice(0, MAX_SERVICES)) hops.push(...(await this.hopsOf(service, domain)));
    if (hops.length > 0) return hops.slice(0, MAX_HOPS);
    return this.hopsAt(domain, defaultPort(fallback), fallback, domain);
  }

  /** By NAPTR, or else an SRV name for each protocol we speak (RFC 3263 §4.1). */
  private async services(uri: SipUri, domain: string): Promise<readonly Service[]> {
    const { protocols, dns } = this.options;
    const usable = protocols.filter((each) => uri.scheme !== 'sips' || isSecure(each));
    const records = [...(await this.ask(dns.naptr(domain)))]
      .filter((each) => each.flags.toLowerCase() === 's')
      .sort((a, b) => a.order - b.order || a.preference - b.preference);
    const found = records.flatMap(({ service, replacement }) => {
      const protocol = NAPTR_SERVICES[service.toUpperCase()];
      return protocol && usable.includes(protocol) ? [{ name: replacement, protocol }] : [];
    });
    if (found.length > 0) return found;
    return usable.map((protocol) => ({ name: SRV_PREFIXES[protocol] + domain, protocol }));
  }

  private async hopsOf({ name, protocol }: Service, domain: string): Promise<readonly Hop[]> {
    const { dns, random = Math.random } = this.options;
    const records: readonly SrvRecord[] = await this.ask(dns.srv(name));
    // A lone "." says that the service is decidedly not there (RFC 2782).
    const targets = srvOrder(
      records.filter((each) => each.name !== '.' && each.name !== ''),
      random,
    ).slice(0, MAX_TARGETS);
    const hops = await Promise.all(
      targets.map((each) => this.hopsAt(each.name, each.port, protocol, domain)),
    );
    return hops.flat();
  }

  private async hopsAt(
    host: string,
    port: number,
    protocol: TransportProtocol,
    domain: string,
  ): Promise<readonly Hop[]> {
    const addresses = await this.ask(this.options.dns.addresses(host));
    // The certificate must be for the domain that was asked for, not for where DNS led (RFC 5922 §7.1).
    const name = isSecure(protocol) ? { serverName: domain } : {};
    return addresses
      .slice(0, MAX_TARGETS)
      .map((address) => ({ protocol, address: { host: address, port, ...name } }));
  }

  private async ask<T>(question: Promise<readonly T[]>): Promise<readonly T[]> {
    const { clock, deadlineMs = DEADLINE_MS } = this.options;
    try {
      return await withDeadline(clock, deadlineMs, question);
    } catch {
      return [];
    }
  }
}

/** A {@link Resolver} by RFC 3263 §4 that never rejects; at most 16 hops. */
export function sipResolver(options: SipResolverOptions): Resolver {
  const resolver = new SipResolver(options);
  return (uri) => resolver.resolve(uri);
}
