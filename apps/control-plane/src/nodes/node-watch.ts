import type { Clock, Log, Timer } from '@legato/kernel';
import type { SharedNodes } from '../state/open-state';

const LOOK_MS = 1_000;

export interface NodeWatchOptions {
  readonly nodes: SharedNodes;
  /** Of this node. */
  readonly nodeId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes up what a dead node had; answers how much that was. */
  readonly takeOver: (nodeId: string) => Promise<number>;
}

/**
 * Looks for nodes that have died with calls. One whose lease has run out, as two looks find, is fenced: whatever it still writes is
 * refused. Then its calls are taken up here; of several survivors each gets some. A node that is started again before that
 * finds its calls where they were.
 */
export class NodeWatch {
  private timer: Timer | undefined;
  private running = false;
  private underWay: Promise<void> = Promise.resolve();

  constructor(private readonly options: NodeWatchOptions) {}

  start(): void {
    this.running = true;
    this.schedule();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.timer?.cancel();
    await this.underWay;
  }

  private schedule(): void {
    if (!this.running) return;
    this.timer = this.options.clock.schedule(LOOK_MS, () => {
      this.underWay = this.look().finally(() => this.schedule());
    });
  }

  private async look(): Promise<void> {
    const { nodes, nodeId, log } = this.options;
    try {
      for (const peer of await nodes.peers()) {
        if (peer.nodeId !== nodeId && !peer.alive && peer.liveCalls > 0) await this.replace(peer.nodeId);
      }
    } catch (error) {
      log.warn('the other nodes are not looked at', { error: String(error) });
    }
  }

  private async replace(dead: string): Promise<void> {
    const { nodes, takeOver, log } = this.options;
    if (!this.running || !(await nodes.fence(dead, { force: false }))) return;
    const calls = await takeOver(dead);
    if (calls > 0)
      log.warn('calls of a dead node taken up', { event: 'calls.taken_over', node: dead, calls });
  }
}
