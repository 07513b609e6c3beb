import type { Clock } from '@legato/kernel';
import type { MediaServerChoice, MediaServerPool } from './media-server-pool';

/** How long a media server that failed is passed over while another is left. */
const AVOID_MS = 10_000;

interface Member {
  readonly uri: string;
  /** Monotonic time until which it is passed over. */
  avoidUntil: number;
}

/** Media servers in turn; one that just failed comes last. */
export class RoundRobinPool implements MediaServerPool {
  private readonly members: Member[];
  private turn = 0;

  constructor(
    uris: readonly string[],
    private readonly clock: Clock,
  ) {
    this.members = uris.map((uri) => ({ uri, avoidUntil: 0 }));
  }

  choose(except: readonly string[]): MediaServerChoice | undefined {
    const count = this.members.length;
    const inTurn = this.members.map((_, index) => this.members[(this.turn + index) % count]);
    this.turn = (this.turn + 1) % Math.max(1, count);
    const left = inTurn.filter((member) => member !== undefined).filter(({ uri }) => !except.includes(uri));
    return left.find(({ avoidUntil }) => avoidUntil <= this.clock.now()) ?? left[0];
  }

  reportFailure(uri: string): void {
    const member = this.members.find((candidate) => candidate.uri === uri);
    if (member) member.avoidUntil = this.clock.now() + AVOID_MS;
  }

  reportSuccess(uri: string): void {
    const member = this.members.find((candidate) => candidate.uri === uri);
    if (member) member.avoidUntil = 0;
  }

  /** Whether any media server is not being passed over, for /readyz. */
  get anyUp(): boolean {
    return this.members.some(({ avoidUntil }) => avoidUntil <= this.clock.now());
  }
}
