import type { Address } from '@legato/sip';
import type { AddressInfo } from 'node:net';
import { assemble } from './assemble';
import type { ControlPlaneOptions, ControlPlaneParts } from './control-plane-parts';
import { advertisedAddress } from './sip/local-address';
import { VERSION } from './version';

/** An address that is taken is a matter of the configuration: the error says of which variable. */
async function named<T>(variable: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(code)) throw error;
    throw new Error(`${variable}: ${message}`, { cause: error });
  }
}

const hostPort = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** One node of the product, in this process: made by {@link createControlPlane}, started once, stopped once. */
export class ControlPlane {
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly options: ControlPlaneOptions,
    private readonly parts: ControlPlaneParts,
  ) {}

  /** Where SIP is served; peers are told this address. */
  get sip(): Address {
    return this.parts.sip.address;
  }

  /** Where REST is served, once started. */
  get http(): Address {
    const { address, port } = this.parts.app.getHttpServer().address() as AddressInfo;
    return { host: address, port };
  }

  /** Where other nodes reach REST. */
  private get url(): string {
    const { host, port } = this.http;
    return this.options.config.http.url ?? `http://${hostPort({ host: advertisedAddress(host), port })}`;
  }

  /** Nest first, then SIP, then HTTP: no message arrives before everything that takes it is there. */
  async start(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      await this.stop().catch(() => undefined);
      throw error;
    }
  }

  private async open(): Promise<void> {
    const { app, mediaServers, nodeEvents, providers, sweeper, trunks, webhooks } = this.parts;
    const { config, log } = this.options;
    await app.init();
    await named('LEGATO_SIP_PORT', app.startAllMicroservices());
    await named('LEGATO_HTTP_PORT', app.listen(config.http.port, config.http.host));
    await this.parts.addresses?.announce(this.url);
    this.parts.watch?.start();
    mediaServers.start();
    trunks.health.start();
    sweeper.start();
    this.parts.storage.start(this.parts.engine.commands.recordings);
    providers.start();
    webhooks.dispatcher.start();
    this.parts.load.start();
    await nodeEvents.report('node.up', config.nodeId, { node: config.nodeId });
    log.info('control_plane.ready', {
      event: 'control_plane.ready',
      node: config.nodeId,
      version: VERSION,
      sip: hostPort(this.sip),
      ...this.streams(),
      http: `http://${hostPort(this.http)}`,
    });
  }

  /** Where SIP is served beside UDP, as the log names it. */
  private streams(): Record<string, string> {
    const found = (['TCP', 'TLS', 'WS', 'WSS'] as const).flatMap((protocol) => {
      const address = this.parts.sip.addressOf(protocol);
      return address ? [[`sip_${protocol.toLowerCase()}`, hostPort(address)]] : [];
    });
    return Object.fromEntries(found) as Record<string, string>;
  }

  /** Takes no new calls, ends what can not outlive the process, closes everything. Calls in Redis stay. */
  stop(): Promise<void> {
    this.stopping ??= this.close();
    return this.stopping;
  }

  private async close(): Promise<void> {
    const {
      admission,
      app,
      engine,
      mediaServers,
      load,
      nodeEvents,
      providers,
      state,
      sweeper,
      trunks,
      webhooks,
      flows,
    } = this.parts;
    const { nodeId } = this.options.config;
    admission.open = false;
    load.stop();
    this.parts.addresses?.stop();
    await this.parts.watch?.stop();
    trunks.health.stop();
    sweeper.stop();
    await Promise.all([engine.drain(), providers.stop(), this.parts.storage.stop(), mediaServers.stop()]);
    await nodeEvents.report('node.down', nodeId, { node: nodeId });
    await webhooks.stop();
    flows.stop();
    await app.close();
    await state.close();
  }
}

/** Puts a control plane together; nothing listens yet. Rejects when the store can not be reached. */
export async function createControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  return new ControlPlane(options, await assemble(options));
}
