import type { Clock, Log } from '@legato/kernel';
import { randomIds } from '@legato/kernel';
import { freePort, TcpTransport, UdpTransport } from '@legato/sip';
import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { MediaServerConfig } from './config/config';
import type { MediaSide } from './media-process/media-side';
import { MediaServerLifecycle } from './media-server.lifecycle';
import { SipEndpoint } from './signalling/sip-endpoint';
import { CLOCK, CONFIG, LOG, MEDIA } from './tokens';

const endpoint: Provider = {
  provide: SipEndpoint,
  inject: [CONFIG, CLOCK, LOG, MEDIA],
  useFactory: async (config: MediaServerConfig, clock: Clock, log: Log, media: MediaSide) => {
    const { host, port } = config.sip;
    const at = { host, port: port === 0 ? await freePort(host) : port, log };
    return new SipEndpoint({
      clock,
      log,
      ids: randomIds,
      transports: [new UdpTransport(at), new TcpTransport({ ...at, clock })],
      media,
    });
  },
};

const lifecycle: Provider = {
  provide: MediaServerLifecycle,
  inject: [CONFIG, CLOCK, MEDIA, SipEndpoint],
  useFactory: (...parts: ConstructorParameters<typeof MediaServerLifecycle>) =>
    new MediaServerLifecycle(...parts),
};

/** The media server as a Nest application: its signalling, and the media that it is given. */
@Module({})
export class AppModule {
  static of(config: MediaServerConfig, media: MediaSide, log: Log, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: CLOCK, useValue: clock },
        { provide: MEDIA, useValue: media },
        endpoint,
        lifecycle,
      ],
    };
  }
}
