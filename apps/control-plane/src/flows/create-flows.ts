import type { DocumentStore } from '@legato/b2bua';
import type { Clock, IdSource, Log } from '@legato/kernel';
import { AddressPolicy, OutboundHttp, outboundUrl } from '@legato/outbound-http';
import type { FlowConfig } from '../config/flow-fields';
import type { WebhookConfig } from '../config/webhook-fields';
import { FlowLibrary } from './flow-library';
import { HttpApplications } from './http-applications';

export interface FlowPartsOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly config: { readonly flows: FlowConfig; readonly webhooks: WebhookConfig };
  readonly documents: DocumentStore;
  readonly userAgent: string;
}

/** What the control plane has for flows. */
export interface FlowParts {
  readonly library: FlowLibrary;
  readonly applications: HttpApplications;
  /** Closes the connections to applications. */
  readonly stop: () => void;
}

/** Ties the parts of flows together. Applications are reached under the address rules of webhooks. */
export function createFlows({ clock, ids, log, config, documents, userAgent }: FlowPartsOptions): FlowParts {
  const policy = new AddressPolicy(config.webhooks);
  const http = new OutboundHttp({ policy, clock });
  const judgeUrl = (text: string): string | undefined => {
    const url = outboundUrl(text, policy);
    return url.ok ? undefined : url.error;
  };
  return {
    library: new FlowLibrary({ documents, clock, ids, judgeUrl }),
    applications: new HttpApplications({ http, clock, log, userAgent, ...config.flows }),
    stop: () => http.close(),
  };
}
