import type { Clock, IdSource, Log } from '@legato/kernel';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Admission } from './calls/admission';
import type { CallEngine, CallEngineFactory } from './calls/call-engine';
import type { Config } from './config/config';
import type { NodeEvents } from './events/node-events';
import type { MediaServerHealth } from './media-servers/media-server-health';
import type { RegistrationSweeper } from './registrar/registration-sweeper';
import type { SipStack } from './sip/sip-stack';
import type { State } from './state/open-state';

export interface ControlPlaneOptions {
  readonly config: Config;
  readonly log: Log;
  readonly engine: CallEngineFactory;
  readonly clock?: Clock;
  readonly ids?: IdSource;
}

/** What a control plane is put together from. */
export interface ControlPlaneParts {
  readonly app: NestExpressApplication;
  readonly sip: SipStack;
  readonly state: State;
  readonly engine: CallEngine;
  readonly health: MediaServerHealth;
  readonly nodeEvents: NodeEvents;
  readonly admission: Admission;
  readonly sweeper: RegistrationSweeper;
}
