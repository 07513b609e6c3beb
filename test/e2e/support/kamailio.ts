import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child';
import { eventually } from './eventually';
import { workerPort } from '@legato/testing';
import { WirePeer } from './wire-peer';

const CONFIG = join(__dirname, '../../../deploy/kamailio/kamailio.cfg');
const EXECUTABLE = '/usr/sbin/kamailio';

export interface Kamailio {
  readonly port: number;
  /** Ends it and starts it anew on the same port, as an operator does for a new configuration. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Kamailio with the configuration that is shipped, in front of the nodes at `ports`. */
export async function startKamailio(folder: string, ports: readonly number[]): Promise<Kamailio> {
  const port = await workerPort();
  const nodes = join(folder, 'nodes.list');
  writeFileSync(nodes, ports.map((node) => `1 sip:127.0.0.1:${node}\n`).join(''));
  const defines = [
    `EDGE_UDP=udp:127.0.0.1:${port}`,
    `EDGE_TCP=tcp:127.0.0.1:${port}`,
    `NODES="${nodes}"`,
    'PROBE_INTERVAL=1',
  ].flatMap((define) => ['-A', define]);
  const args = ['-f', CONFIG, '-DD', '-E', '-m', '64', '-M', '8', '-Y', folder, ...defines];
  let child: Child;
  const start = async (): Promise<void> => {
    child = new Child('kamailio', EXECUTABLE, args);
    const probe = await WirePeer.open(port);
    await eventually('kamailio answers', async () => {
      if (!child.running) throw new Error(child.tail());
      const { status } = await probe.ask({ method: 'OPTIONS', uri: `sip:127.0.0.1:${port}` }, 200);
      return status === 200;
    });
    await probe.close();
  };
  await start();
  return {
    port,
    restart: async () => {
      await child.stop(5_000);
      await start();
    },
    stop: () => child.stop(5_000),
  };
}
