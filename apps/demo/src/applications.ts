import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { AppProcess } from './app-process';

const HOST = '127.0.0.1';
/** From dist/apps/demo/src to the repository. */
const PROMPTS = join(__dirname, '../../../../apps/demo/prompts');
const USUAL = { sip: 5060, http: 3000, media: 5080 };

/** Control plane and media server, each a process of its own. */
export interface Applications {
  readonly control: AppProcess;
  readonly media: AppProcess;
}

export interface Wanted {
  readonly folder: string;
  /** Where 1000 leads. */
  readonly callee: string;
  /** The usual ports where they are free, so that somebody can dial in; any otherwise. */
  readonly usualPorts: boolean;
}

export async function startApplications({ folder, callee, usualPorts }: Wanted): Promise<Applications> {
  const recordings = join(folder, 'recordings');
  mkdirSync(recordings);
  const routes = join(folder, 'routes.json');
  const numbers = [
    { number: '1000', to: callee, mode: 'direct' },
    { number: '2000', flow: 'menu' },
    { number: '3000', conference: 'standup' },
  ];
  writeFileSync(routes, `${JSON.stringify({ routes: numbers }, null, 2)}\n`);
  const port = async (wanted: number): Promise<string> =>
    usualPorts && (await isFree(wanted)) ? String(wanted) : '0';
  const media = await AppProcess.start(
    'media-server',
    {
      LEGATO_MS_SIP_PORT: await port(USUAL.media),
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: PROMPTS,
    },
    join(folder, 'media-server.log'),
  );
  const control = await AppProcess.start(
    'control-plane',
    {
      LEGATO_SIP_PORT: await port(USUAL.sip),
      LEGATO_HTTP_PORT: await port(USUAL.http),
      LEGATO_MEDIA_SERVERS: `sip:${media.sip}`,
      LEGATO_ROUTES: routes,
      LEGATO_SIP_TRACE: join(folder, 'trace.pcap'),
    },
    join(folder, 'control-plane.log'),
  );
  return { control, media };
}

/** Whether nobody listens on this port, by UDP and by TCP. */
async function isFree(port: number): Promise<boolean> {
  const udp = new Promise<boolean>((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ address: HOST, port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
  const tcp = new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
  return (await udp) && (await tcp);
}
