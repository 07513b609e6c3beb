import type { Clock, Log, Timer } from '@legato/kernel';
import type { Registrar } from './registrar';

const INTERVAL_MS = 1_000;
/** Addresses-of-record in one go: others get their turn in between. */
const BATCH = 100;

/** Ends bindings whose time is over, so that their expiry is told soon. Nodes that share a store may all do it. */
export class RegistrationSweeper {
  /** Users with bindings, as of the last look. */
  registered = 0;
  private timer: Timer | undefined;
  private running = false;

  constructor(
    private readonly options: {
      readonly registrar: Pick<Registrar, 'expire' | 'count'>;
      readonly clock: Clock;
      readonly log: Log;
    },
  ) {}

  start(): void {
    this.running = true;
    this.schedule(INTERVAL_MS);
  }

  stop(): void {
    this.running = false;
    this.timer?.cancel();
  }

  private schedule(delayMs: number): void {
    if (!this.running) return;
    this.timer = this.options.clock.schedule(delayMs, () => {
      void this.sweep().then((found) => this.schedule(found === BATCH ? 0 : INTERVAL_MS));
    });
  }

  private async sweep(): Promise<number> {
    try {
      const { registrar } = this.options;
      const found = await registrar.expire(BATCH);
      this.registered = await registrar.count();
      return found;
    } catch (error) {
      this.options.log.warn('registrations are not looked through', { error });
      return 0;
    }
  }
}
