import type { Clock, Log } from '@legato/kernel';
import { randomIds } from '@legato/kernel';
import { MediaEngine } from '@legato/media';
import { UdpTransport } from '@legato/sip';
import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { MediaServerConfig } from './config/config';
import type { DialogServices } from './dialogs/primitive';
import { MediaFolders } from './files/media-folders';
import { OpenRecordings } from './files/open-recordings';
import { ScratchFolder } from './files/scratch-folder';
import { MediaServerLifecycle } from './media-server.lifecycle';
import { Interpreter } from './msml/interpreter';
import { ControlContext } from './objects/control-context';
import { SipEndpoint } from './sessions/sip-endpoint';
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

const scratch: Provider = { provide: ScratchFolder, useFactory: () => new ScratchFolder(randomIds) };

const services: Provider = {
  provide: SERVICES,
  inject: [CLOCK, LOG, MEDIA, MediaFolders, ScratchFolder],
  useFactory: (
    clock: Clock,
    log: Log,
    engine: MediaEngine,
    at: MediaFolders,
    temporary: ScratchFolder,
  ): DialogServices => ({
    clock,
    log,
    ids: randomIds,
    media: engine,
    folders: at,
    scratch: temporary,
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
  useFactory: (
    config: MediaServerConfig,
    clock: Clock,
    log: Log,
    control: ControlContext,
    msml: Interpreter,
  ) =>
    new SipEndpoint({
      clock,
      log,
      ids: randomIds,
      transport: new UdpTransport({ ...config.sip, log }),
      context: control,
      interpreter: msml,
    }),
};

const lifecycle: Provider = {
  provide: MediaServerLifecycle,
  inject: [CLOCK, LOG, MEDIA, ControlContext, SipEndpoint, ScratchFolder],
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
        scratch,
        services,
        context,
        interpreter,
        endpoint,
        lifecycle,
      ],
    };
  }
}
