import type { CallControl, EventLog } from '@legato/b2bua';
import type { Clock } from '@legato/kernel';
import type { Registry } from '@legato/observability';
import { AclGuard, ALLOWED_SOURCES, DigestGuard, SIP_AUTHENTICATION } from '@legato/sip-nest';
import type { SipAuthentication } from '@legato/sip-nest';
import { Module } from '@nestjs/common';
import type { DynamicModule, Provider } from '@nestjs/common';
import { Admission } from './calls/admission';
import type { Config } from './config/config';
import { EventsController } from './events/events.controller';
import { HealthController } from './health/health.controller';
import type { ReadinessChecks } from './health/readiness';
import { RegisterController } from './registrar/register.controller';
import { Registrar } from './registrar/registrar';
import { RegistrationsController } from './registrar/registrations.controller';
import { CallRecordingsController } from './rest/call-recordings.controller';
import { CallsController } from './rest/calls.controller';
import { OpenApiController } from './rest/openapi.controller';
import { RecordingsController } from './rest/recordings.controller';
import { InboundCallController } from './sip/inbound-call.controller';
import { OptionsController } from './sip/options.controller';
import type { SipCapabilities } from './sip/options.controller';
import { CALL_CONTROL, CLOCK, CONFIG, EVENT_LOG, METRICS, READINESS, SIP_CAPABILITIES } from './tokens';

/** What the Nest application is made around. */
export interface AppParts {
  readonly admission: Admission;
  readonly authentication: SipAuthentication;
  readonly calls: CallControl;
  readonly clock: Clock;
  readonly config: Pick<Config, 'recordingsDir' | 'sip'>;
  readonly events: EventLog;
  readonly metrics: Registry;
  readonly readiness: ReadinessChecks;
  readonly registrar: Registrar;
  readonly capabilities: SipCapabilities;
}

const SIP_CONTROLLERS = [InboundCallController, RegisterController, OptionsController];
const REST_CONTROLLERS = [
  CallsController,
  CallRecordingsController,
  RecordingsController,
  RegistrationsController,
  EventsController,
  HealthController,
  OpenApiController,
];

const value = (provide: symbol, useValue: unknown): Provider => ({ provide, useValue });

/** The control plane as Nest sees it: SIP and REST controllers around parts that know nothing of Nest. */
@Module({})
export class AppModule {
  static around(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [...SIP_CONTROLLERS, ...REST_CONTROLLERS],
      providers: [
        AclGuard,
        DigestGuard,
        { provide: Admission, useValue: parts.admission },
        { provide: Registrar, useValue: parts.registrar },
        value(ALLOWED_SOURCES, parts.config.sip.allow),
        value(SIP_AUTHENTICATION, parts.authentication),
        value(CALL_CONTROL, parts.calls),
        value(CLOCK, parts.clock),
        value(CONFIG, parts.config),
        value(EVENT_LOG, parts.events),
        value(METRICS, parts.metrics),
        value(READINESS, parts.readiness),
        value(SIP_CAPABILITIES, parts.capabilities),
      ],
    };
  }
}
