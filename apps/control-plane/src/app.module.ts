import type { CallControl, CdrLog, EventLog } from '@legato/b2bua';
import type { Clock } from '@legato/kernel';
import type { Registry } from '@legato/observability';
import { AclGuard, ALLOWED_SOURCES, DigestGuard, SIP_AUTHENTICATION } from '@legato/sip-nest';
import type { SipAuthentication } from '@legato/sip-nest';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import type { DynamicModule, Provider } from '@nestjs/common';
import { ApiKeys } from './api-keys/api-keys';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { KeyRateGuard } from './api-keys/key-rate.guard';
import { ScopeGuard } from './api-keys/scope.guard';
import { Admission } from './calls/admission';
import type { ResourceCommands } from './calls/resource-commands';
import { ConferenceMediaController } from './conferences/conference-media.controller';
import { ConferencesController } from './conferences/conferences.controller';
import { ParticipantsController } from './conferences/participants.controller';
import type { Config } from './config/config';
import { AsyncApiController } from './events/asyncapi.controller';
import { EventsController } from './events/events.controller';
import type { FlowLibrary } from './flows/flow-library';
import { FlowsController } from './flows/flows.controller';
import { HealthController } from './health/health.controller';
import type { ReadinessChecks } from './health/readiness';
import { MediaServers } from './media-servers/media-servers';
import { MediaServersController } from './media-servers/media-servers.controller';
import { RegisterController } from './registrar/register.controller';
import { Registrar } from './registrar/registrar';
import { RegistrationsController } from './registrar/registrations.controller';
import { CdrsController } from './cdrs/cdrs.controller';
import { CallCommandsController } from './rest/call-commands.controller';
import { CallRecordingsController } from './rest/call-recordings.controller';
import { CallsController } from './rest/calls.controller';
import { OpenApiController } from './rest/openapi.controller';
import { CollectsController } from './rest/collects.controller';
import { PlaysController } from './rest/plays.controller';
import { RecordingMedia } from './recordings-storage/recording-media';
import { RecordingsController } from './rest/recordings.controller';
import { InboundCallController } from './sip/inbound-call.controller';
import type { WebhookParts } from './webhooks/create-webhooks';
import { Webhooks } from './webhooks/webhooks';
import { WebhooksController } from './webhooks/webhooks.controller';
import { OptionsController } from './sip/options.controller';
import type { SipCapabilities } from './sip/options.controller';
import {
  CALL_COMMANDS,
  CALL_CONTROL,
  CDR_LOG,
  CLOCK,
  CONFERENCE_COMMANDS,
  COLLECT_COMMANDS,
  CONFIG,
  EVENT_LOG,
  FLOW_LIBRARY,
  METRICS,
  OUTBOUND_POLICY,
  PARTICIPANT_COMMANDS,
  PLAY_COMMANDS,
  READINESS,
  RECORDING_COMMANDS,
  SIP_CAPABILITIES,
} from './tokens';

/** What the Nest application is made around. */
export interface AppParts {
  readonly apiKeys: ApiKeys;
  readonly admission: Admission;
  readonly authentication: SipAuthentication;
  readonly calls: CallControl;
  readonly cdrs: CdrLog;
  readonly clock: Clock;
  readonly config: Pick<Config, 'apiRate' | 'recordingsDir' | 'sip'>;
  readonly events: EventLog;
  readonly flows: FlowLibrary;
  readonly mediaServers: MediaServers;
  readonly metrics: Registry;
  readonly commands: ResourceCommands;
  readonly readiness: ReadinessChecks;
  readonly recordingMedia: RecordingMedia;
  readonly registrar: Registrar;
  readonly webhooks: Pick<WebhookParts, 'webhooks' | 'policy'>;
  readonly capabilities: SipCapabilities;
}

const SIP_CONTROLLERS = [InboundCallController, RegisterController, OptionsController];
const REST_CONTROLLERS = [
  CallsController,
  CallCommandsController,
  CdrsController,
  CallRecordingsController,
  RecordingsController,
  PlaysController,
  CollectsController,
  ConferencesController,
  ParticipantsController,
  ConferenceMediaController,
  FlowsController,
  RegistrationsController,
  MediaServersController,
  EventsController,
  WebhooksController,
  ApiKeysController,
  HealthController,
  OpenApiController,
  AsyncApiController,
];

const SECOND_MS = 1_000;

/** Without keys there is nobody to tell apart. */
const rateLimits = ({ apiKeys, config }: AppParts) => [
  { ttl: SECOND_MS, limit: config.apiRate, skipIf: () => apiKeys.isOpen || config.apiRate === 0 },
];

const value = (provide: symbol, useValue: unknown): Provider => ({ provide, useValue });

/** The control plane as Nest sees it: SIP and REST controllers around parts that know nothing of Nest. */
@Module({})
export class AppModule {
  static around(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [ThrottlerModule.forRoot(rateLimits(parts))],
      controllers: [...SIP_CONTROLLERS, ...REST_CONTROLLERS],
      providers: [
        { provide: APP_GUARD, useClass: KeyRateGuard },
        { provide: APP_GUARD, useClass: ScopeGuard },
        { provide: ApiKeys, useValue: parts.apiKeys },
        AclGuard,
        DigestGuard,
        { provide: Admission, useValue: parts.admission },
        { provide: RecordingMedia, useValue: parts.recordingMedia },
        { provide: Registrar, useValue: parts.registrar },
        { provide: MediaServers, useValue: parts.mediaServers },
        { provide: Webhooks, useValue: parts.webhooks.webhooks },
        value(OUTBOUND_POLICY, parts.webhooks.policy),
        value(ALLOWED_SOURCES, parts.config.sip.allow),
        value(SIP_AUTHENTICATION, parts.authentication),
        value(CALL_COMMANDS, parts.commands.calls),
        value(CALL_CONTROL, parts.calls),
        value(CDR_LOG, parts.cdrs),
        value(CLOCK, parts.clock),
        value(CONFERENCE_COMMANDS, parts.commands.conferences),
        value(PARTICIPANT_COMMANDS, parts.commands.participants),
        value(CONFIG, parts.config),
        value(EVENT_LOG, parts.events),
        value(FLOW_LIBRARY, parts.flows),
        value(METRICS, parts.metrics),
        value(READINESS, parts.readiness),
        value(COLLECT_COMMANDS, parts.commands.collects),
        value(PLAY_COMMANDS, parts.commands.plays),
        value(RECORDING_COMMANDS, parts.commands.recordings),
        value(SIP_CAPABILITIES, parts.capabilities),
      ],
    };
  }
}
