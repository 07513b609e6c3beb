import { join } from 'node:path';
import { Child } from './child';

const ROOT = join(__dirname, '../../..');
const main = (app: string) => join(ROOT, 'dist', 'apps', app, 'src', 'main.js');

/** Defaults of a test: loopback, ports that the system picks. */
const CONTROL_PLANE_ENV = { LEGATO_SIP_PORT: '0', LEGATO_HTTP_PORT: '0' };

interface Ready {
  readonly sip: string;
  readonly http?: string;
  readonly httpPort?: number;
}

function readyLine(event: string) {
  return (line: string): Ready | undefined => {
    if (!line.includes(event)) return undefined;
    const parsed = JSON.parse(line) as { event?: string; sip?: string; http?: string; http_port?: number };
    if (parsed.event !== event || !parsed.sip) return undefined;
    return { sip: parsed.sip, http: parsed.http, httpPort: parsed.http_port };
  };
}

export interface ControlPlane {
  readonly child: Child;
  /** `127.0.0.1:port` */
  readonly sip: string;
  readonly sipPort: number;
  /** `http://127.0.0.1:port` */
  readonly http: string;
}

const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1));
const bare = (address: string) => address.replace(/^sip:/, '');

/** The control plane as its own process, as an operator runs it. */
export async function startControlPlane(env: Readonly<Record<string, string>>): Promise<ControlPlane> {
  const child = new Child('control-plane', process.execPath, [main('control-plane')], {
    env: { ...CONTROL_PLANE_ENV, ...env },
  });
  const ready = await child.line('is ready', readyLine('control_plane.ready'));
  return { child, sip: bare(ready.sip), sipPort: portOf(ready.sip), http: ready.http ?? '' };
}

export interface MediaServer {
  readonly child: Child;
  readonly sip: string;
  readonly sipPort: number;
  /** Of /metrics, with LEGATO_MS_HTTP_PORT; 0 without. */
  readonly httpPort: number;
}

/** `wrapper`: a command that executes the one which follows it. */
const PORTS_PER_WORKER = 1_000;

/** RTP ports of this worker alone: a phone of another suite that still talks would be latched. */
export function ownRtpPorts(): string {
  const first = 30_000 + ((Number(process.env.JEST_WORKER_ID ?? 1) - 1) % 10) * PORTS_PER_WORKER;
  return `${first}-${first + PORTS_PER_WORKER - 1}`;
}

export async function startMediaServer(
  env: Readonly<Record<string, string>>,
  wrapper: readonly string[] = [],
): Promise<MediaServer> {
  const [command = process.execPath, ...args] = [...wrapper, process.execPath, main('media-server')];
  const child = new Child('media-server', command, args, {
    env: { LEGATO_MS_SIP_PORT: '0', LEGATO_MS_RTP_PORTS: ownRtpPorts(), ...env },
  });
  const ready = await child.line('is ready', readyLine('media_server.ready'));
  return { child, sip: bare(ready.sip), sipPort: portOf(ready.sip), httpPort: ready.httpPort ?? 0 };
}
