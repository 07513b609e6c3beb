import type { CommandRefused, PlayCommands, PlayView } from '@legato/b2bua';

const uuid = (n: number) => `0192f0c1-5b7a-7cc1-8d0f-${String(n).padStart(12, '0')}`;

export const playId = (n: number) => `play_${uuid(n)}`;

/** Plays in memory: what was asked is kept, what is answered is set by the test. */
export class FakePlayCommands implements PlayCommands {
  readonly asked: unknown[] = [];
  readonly plays: PlayView[] = [];
  /** When set, every command is refused so. */
  refusal: CommandRefused | undefined;

  startPlay(...asked: Parameters<PlayCommands['startPlay']>): Promise<PlayView | CommandRefused> {
    this.asked.push(asked);
    if (this.refusal) return Promise.resolve(this.refusal);
    const play: PlayView = {
      id: playId(this.plays.length + 1),
      call_id: asked[0],
      state: 'queued',
      leg: asked[1].leg ?? 'both',
      created_at: '2026-11-21T02:30:00.000Z',
    };
    this.plays.push(play);
    return Promise.resolve(play);
  }

  async stopPlay(callId: string, id: string): Promise<PlayView | CommandRefused> {
    this.asked.push({ stop: id });
    const notFound: CommandRefused = { refused: 'not_found', code: 'play_not_found', detail: 'not there' };
    return this.refusal ?? (await this.getPlay(callId, id)) ?? notFound;
  }

  getPlay(callId: string, id: string): Promise<PlayView | undefined> {
    return Promise.resolve(this.plays.find((play) => play.id === id && play.call_id === callId));
  }

  listPlays(callId: string): Promise<PlayView[] | undefined> {
    const plays = this.plays.filter((play) => play.call_id === callId);
    return Promise.resolve(plays.length > 0 ? plays : undefined);
  }
}
