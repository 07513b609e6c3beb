import type { Clock, IdSource, Log } from '@legato/kernel';
import type { Conference } from '../conferences/conference';
import { DialogTable } from '../dialogs/dialog-table';
import type { DialogServices } from '../dialogs/primitive';
import type { Connection } from './connection';
import type { DialogTarget } from './dialog-target';
import type { MediaPort } from './media-port';
import { StreamGraph } from './stream-graph';

/** How many objects there may be at a time. */
export interface Limits {
  readonly conferences: number;
  readonly dialogs: number;
}

export const DEFAULT_LIMITS: Limits = { conferences: 10_000, dialogs: 20_000 };

export interface ControlContextOptions {
  readonly services: DialogServices;
  readonly limits?: Limits;
}

/**
 * The one control context of the media server (RFC 5707 §5): every connection, conference, stream and dialog, whichever SIP
 * dialog its requests came on.
 */
export class ControlContext {
  readonly services: DialogServices;
  readonly limits: Limits;
  readonly streams: StreamGraph;
  readonly dialogs = new DialogTable();
  readonly connections = new Map<string, Connection>();
  readonly conferences = new Map<string, Conference>();
  /** New conferences are refused while the server drains. */
  draining = false;

  constructor(options: ControlContextOptions) {
    this.services = options.services;
    this.limits = options.limits ?? DEFAULT_LIMITS;
    this.streams = new StreamGraph(options.services.media);
  }

  get media(): MediaPort {
    return this.services.media;
  }

  get clock(): Clock {
    return this.services.clock;
  }

  get ids(): IdSource {
    return this.services.ids;
  }

  get log(): Log {
    return this.services.log;
  }

  /** The connection or conference of an identifier. */
  target(id: string): DialogTarget | undefined {
    return this.connections.get(id) ?? this.conferences.get(id);
  }
}
