import type { Clock, Log } from '@legato/kernel';
import { randomIds } from '@legato/kernel';
import { MediaEngine } from '@legato/media';
import { AddressPolicy, OutboundHttp } from '@legato/outbound-http';
import { freePort, TcpTransport, UdpTransport } from '@legato/sip';
import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { MediaServerConfig } from './config/config';
import type { DialogServices } from './dialogs/primitive';
import { MediaFolders } from './files/media-folders';
import { RemoteAudio } from './files/remote-audio';
import { OpenRecordings } from './files/open-recordings';
import { MediaServerLifecycle } from './media-server.lifecycle';
import { Interpreter } from './msml/interpreter';
import { ControlContext } from './objects/control-context';
import { SipEndpoint } from './sessions/sip-endpoint';
import { VoiceFolder } from './voices/voice-folder';
import { CLOCK, CONFIG, LOG, MEDIA, SERVICES } from './tokens';

const media: Provider = {
  provide: MEDIA,
  inject: [CONFIG, CLOCK, LOG],
  useFactory: ({ sip, rtpPorts }: MediaServerConfig, clock: Clock, log: Log) =>
    new MediaEngine({ host: sip.host, rtpPorts, clock, log }),
};

const folders: Provider = {
  provide: MediaFolders,
  inject: [CONFIG],
  useFactory: (config: MediaServerConfig) => new MediaFolders(config),
};

const remoteAudio = (
  { allow, maxBytes, timeoutMs }: MediaServerConfig['fetch'],
  clock: Clock,
): RemoteAudio => {
  const policy = new AddressPolicy({ allow });
  const http = new OutboundHttp({ policy, timeoutMs, maxResponseBytes: maxBytes, clock });
  return new RemoteAudio({ http, policy, clock });
};

const services: Provider = {
  provide: SERVICES,
  inject: [CONFIG, CLOCK, LOG, MEDIA, MediaFolders],
  useFactory: (
    config: MediaServerConfig,
    clock: Clock,
    log: Log,
    engine: MediaEngine,
    at: MediaFolders,
  ): DialogServices => ({
    clock,
    log,
    ids: randomIds,
    media: engine,
    folders: at,
    remote: remoteAudio(config.fetch, clock),
    voices: new VoiceFolder(config.voicesDir),
    openRecordings: new OpenRecordings(),
  }),
};

const context: Provider = {
  provide: ControlContext,
  inject: [SERVICES],
  useFactory: (given: DialogServices) => new ControlContext({ services: given }),
};

const interpreter: Provider = {
  provide: Interpreter,
  inject: [ControlContext],
  useFactory: (control: ControlContext) => new Interpreter(control),
};

const endpoint: Provider = {
  provide: SipEndpoint,
  inject: [CONFIG, CLOCK, LOG, ControlContext, Interpreter],
  useFactory: async (
    config: MediaServerConfig,
    clock: Clock,
    log: Log,
    control: ControlContext,
    msml: Interpreter,
  ) => {
    const { host, port } = config.sip;
    const at = { host, port: port === 0 ? await freePort(host) : port, log };
    return new SipEndpoint({
      clock,
      log,
      ids: randomIds,
      transports: [new UdpTransport(at), new TcpTransport({ ...at, clock })],
      context: control,
      interpreter: msml,
      codecs: config.codecs,
    });
  },
};

const lifecycle: Provider = {
  provide: MediaServerLifecycle,
  inject: [CONFIG, CLOCK, LOG, MEDIA, ControlContext, SipEndpoint],
  useFactory: (...parts: ConstructorParameters<typeof MediaServerLifecycle>) =>
    new MediaServerLifecycle(...parts),
};

/** The media server as a Nest application: what there is, and what it needs. */
@Module({})
export class AppModule {
  static of(config: MediaServerConfig, log: Log, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: CLOCK, useValue: clock },
        media,
        folders,
        services,
        context,
        interpreter,
        endpoint,
        lifecycle,
      ],
    };
  }
}
