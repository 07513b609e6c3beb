import { networkInterfaces } from 'node:os';
import type { Address, Flow, TransportProtocol } from '../message/flow';
import { bracketed } from '../message/ipv6-address';
import type { SipTransport } from './transport';
import { isFlow } from './transport';

const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

/** The transports of this process: which one reaches a target, and what it calls itself there. */
export class TransportSet {
  private readonly ownHosts = new Map<string, string>();

  constructor(readonly all: readonly SipTransport[]) {}

  /** UDP when there is one (RFC 3263 §4.1), otherwise the first. */
  get preferredProtocol(): TransportProtocol {
    return this.all.some((each) => each.protocol === 'UDP') ? 'UDP' : (this.all[0]?.protocol ?? 'UDP');
  }

  /** undefined when there is no transport of this protocol and address family. */
  find(protocol: TransportProtocol, target: Flow | Address): SipTransport | undefined {
    const { host } = isFlow(target) ? target.remote : target;
    const local = isFlow(target) ? target.local : undefined;
    let found: SipTransport | undefined;
    for (const each of this.all) {
      if (each.protocol !== protocol || !reaches(each.local.host, host)) continue;
      if (!local || (each.local.host === local.host && each.local.port === local.port)) return each;
      found ??= each;
    }
    return found;
  }

  /** What stands in Via and Contact towards `remoteHost`: an address the peer can send to. */
  addressOf(transport: SipTransport, remoteHost: string): Address {
    const { local, advertised } = transport;
    if (advertised) return advertised;
    if (!WILDCARDS.includes(local.host)) return local;
    return { host: this.ownHost(remoteHost), port: local.port };
  }

  /** The sent-by of our Via (RFC 3261 §18.1.1); the port always stands there. */
  sentBy(transport: SipTransport, remoteHost: string): string {
    const { host, port } = this.addressOf(transport, remoteHost);
    return `${bracketed(host)}:${port}`;
  }

  private ownHost(remoteHost: string): string {
    if (remoteHost.startsWith('127.')) return '127.0.0.1';
    if (remoteHost === '::1') return '::1';
    const family = remoteHost.includes(':') ? 'IPv6' : 'IPv4';
    let host = this.ownHosts.get(family);
    if (host === undefined) {
      host = firstInterface(family);
      this.ownHosts.set(family, host);
    }
    return host;
  }
}

function reaches(localHost: string, remoteHost: string): boolean {
  return localHost === '::' || localHost.includes(':') === remoteHost.includes(':');
}

/** Looked up once: the system call is slow. */
function firstInterface(family: 'IPv4' | 'IPv6'): string {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const each of addresses ?? []) {
      if (!each.internal && each.family === family && !each.address.startsWith('fe80:')) return each.address;
    }
  }
  return family === 'IPv6' ? '::1' : '127.0.0.1';
}
