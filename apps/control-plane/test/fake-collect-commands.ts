import type { CollectCommands, CollectView, CommandRefused } from '@legato/b2bua';

const uuid = (n: number) => `0192f0c1-5b7a-7cc1-8d0f-${String(n).padStart(12, '0')}`;

export const collectId = (n: number) => `collect_${uuid(n)}`;

/** Collections in memory: what was asked is kept, what is answered is set by the test. */
export class FakeCollectCommands implements CollectCommands {
  readonly asked: unknown[] = [];
  readonly collects: CollectView[] = [];

  startCollect(...asked: Parameters<CollectCommands['startCollect']>): Promise<CollectView | CommandRefused> {
    this.asked.push(asked);
    const collect: CollectView = {
      id: collectId(this.collects.length + 1),
      call_id: asked[0],
      state: 'queued',
      leg: asked[1].leg,
      sensitive: asked[1].sensitive,
      attempts: 1,
      created_at: '2026-11-21T02:30:00.000Z',
    };
    this.collects.push(collect);
    return Promise.resolve(collect);
  }

  async stopCollect(callId: string, id: string): Promise<CollectView | CommandRefused> {
    this.asked.push({ stop: id });
    const notFound: CommandRefused = { refused: 'not_found', code: 'collect_not_found', detail: 'not there' };
    return (await this.readCollect(callId, id)) ?? notFound;
  }

  readCollect(callId: string, id: string): Promise<CollectView | undefined> {
    return Promise.resolve(this.collects.find((collect) => collect.id === id && collect.call_id === callId));
  }

  listCollects(callId: string): Promise<CollectView[] | undefined> {
    const collects = this.collects.filter((collect) => collect.call_id === callId);
    return Promise.resolve(collects.length > 0 ? collects : undefined);
  }
}
