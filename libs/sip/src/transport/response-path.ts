import { isIP } from 'node:net';
import type { Flow } from '../message/flow';
import type { Via } from '../message/via';
import { defaultPort } from './next-hop';
import { isReliable } from './transport';

function hostOf(via: Via, flow: Flow): string {
  const received = via.params.get('received');
  if (received !== undefined) return received.replace(/^\[|\]$/g, '');
  // A name was answered by `received`: without it the source of the request is as good.
  return isIP(via.host) === 0 ? flow.remote.host : via.host;
}

/**
 * Where the response to a request goes (RFC 3261 §18.2.2, RFC 3581 §4), by its topmost Via and the flow it came on. For a
 * connection the remote address is where to connect anew when that one is closed.
 */
export function responsePath(via: Via, flow: Flow): Flow {
  const port = via.port ?? defaultPort(flow.protocol);
  if (isReliable(flow.protocol)) return { ...flow, remote: { host: hostOf(via, flow), port } };
  const maddr = via.params.get('maddr');
  if (maddr !== undefined && isIP(maddr) !== 0) return { ...flow, remote: { host: maddr, port } };
  const rport = Number(via.params.get('rport') ?? port);
  const host = hostOf(via, flow);
  if (host === flow.remote.host && rport === flow.remote.port) return flow;
  return { ...flow, remote: { host, port: rport } };
}
