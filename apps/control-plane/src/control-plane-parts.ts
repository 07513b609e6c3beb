import type { Clock, IdSource, Log } from '@legato/kernel';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Admission } from './calls/admission';
import type { LoadWatch } from './calls/load-watch';
import type { CallEngine, CallEngineFactory } from './calls/call-engine';
import type { Config } from './config/config';
import type { FlowParts } from './flows/create-flows';
import type { NodeEvents } from './events/node-events';
import type { NodeAddresses } from './nodes/node-addresses';
import type { NodeWatch } from './nodes/node-watch';
import type { MediaServers } from './media-servers/media-servers';
import type { ProviderRegistrations } from './registrar/provider-registrations';
import type { RecordingStorage } from './recordings-storage/create-storage';
import type { RegistrationSweeper } from './registrar/registration-sweeper';
import type { SipStack } from './sip/sip-stack';
import type { State } from './state/open-state';
import type { WebhookParts } from './webhooks/create-webhooks';
import type { Trunks } from './trunks/create-trunks';

export interface ControlPlaneOptions {
  readonly config: Config;
  readonly log: Log;
  readonly engine: CallEngineFactory;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  /** Tells when the process has more to do than it can; default: it watches the event loop. */
  readonly load?: LoadWatch;
}

/** What a control plane is put together from. */
export interface ControlPlaneParts {
  readonly app: NestExpressApplication;
  readonly sip: SipStack;
  readonly state: State;
  readonly engine: CallEngine;
  readonly mediaServers: MediaServers;
  readonly nodeEvents: NodeEvents;
  readonly admission: Admission;
  readonly load: LoadWatch;
  readonly sweeper: RegistrationSweeper;
  readonly providers: ProviderRegistrations;
  readonly trunks: Trunks;
  readonly storage: RecordingStorage;
  readonly webhooks: WebhookParts;
  readonly flows: FlowParts;
  /** Missing: this is the only node. */
  readonly addresses: NodeAddresses | undefined;
  readonly watch: NodeWatch | undefined;
}
