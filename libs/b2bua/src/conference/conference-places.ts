import type { Clock } from '@legato/kernel';
import type { MediaServerPool } from '../ports/media-server-pool';

/** Longer than a call takes to be answered there. */
const RESERVED_MS = 60_000;

interface Place {
  readonly uri: string;
  /** Monotonic. */
  readonly until: number;
}

/**
 * At which media server calls to a conference have to be: where it is, and before it is anywhere, where the first of those who
 * come at the same time was sent.
 */
export class ConferencePlaces {
  private readonly reserved = new Map<string, Place>();

  constructor(
    private readonly clock: Clock,
    private readonly mediaServers: MediaServerPool,
    /** Where the open conference of a name is. */
    private readonly placeOf: (name: string) => string | undefined,
  ) {}

  find(name: string): string | undefined {
    const now = this.clock.now();
    for (const [other, { until }] of this.reserved) if (until <= now) this.reserved.delete(other);
    const uri = this.placeOf(name) ?? this.reserved.get(name)?.uri;
    if (uri !== undefined) return uri;
    const chosen = this.mediaServers.choose([])?.uri;
    if (chosen !== undefined) this.reserved.set(name, { uri: chosen, until: now + RESERVED_MS });
    return chosen;
  }
}
