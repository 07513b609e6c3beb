import type { LegRole } from '../call/call-snapshot';
import type { PlayView } from '../call/play-view';
import { playView } from '../call/play-view';
import type { PlayOptions } from '../media-control/play-requests';
import type { CommandRefused } from '../registry/call-control';
import type { CallReader } from '../registry/call-reader';
import type { CallRegistry } from '../registry/call-registry';
import { playsOf, requestPlay, stopPlay } from '../use-cases/play';
import { callNotFound, conflict, mediaWorkRefused } from './command-refusals';

/** What can be asked of plays; each command goes through the mailbox of its call. */
export interface PlayCommands {
  /** Without `leg`: to every party. */
  startPlay(
    callId: string,
    options: PlayOptions & { readonly leg?: LegRole },
  ): Promise<PlayView | CommandRefused>;
  stopPlay(callId: string, playId: string): Promise<PlayView | CommandRefused>;
  getPlay(callId: string, playId: string): Promise<PlayView | undefined>;
  /** The active ones and the latest of the others. */
  listPlays(callId: string): Promise<PlayView[] | undefined>;
}

const playNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'play_not_found',
  detail: 'The call has no play of this id',
};

/** The plays of this node's calls, and those that the store still knows of. */
export class CallPlays implements PlayCommands {
  constructor(private readonly options: { readonly registry: CallRegistry; readonly reader: CallReader }) {}

  async startPlay(
    callId: string,
    options: PlayOptions & { readonly leg?: LegRole },
  ): Promise<PlayView | CommandRefused> {
    const answer = await this.options.registry.ask(
      callId,
      (call) => mediaWorkRefused(call, options.leg) ?? playView(call.snapshot, requestPlay(call, options)),
    );
    if (answer) return answer;
    return (await this.options.reader.call(callId))
      ? conflict('call_ended', 'The call has ended')
      : callNotFound;
  }

  async stopPlay(callId: string, playId: string): Promise<PlayView | CommandRefused> {
    const answer = await this.options.registry.ask(callId, (call) => {
      const play = playsOf(call).find(({ id }) => id === playId);
      if (!play) return playNotFound;
      stopPlay(call, play);
      return playView(call.snapshot, play);
    });
    return answer ?? (await this.getPlay(callId, playId)) ?? playNotFound;
  }

  async getPlay(callId: string, playId: string): Promise<PlayView | undefined> {
    return (await this.listPlays(callId))?.find(({ id }) => id === playId);
  }

  async listPlays(callId: string): Promise<PlayView[] | undefined> {
    const snapshot = await this.options.reader.snapshot(callId);
    return snapshot && (snapshot.plays ?? []).map((play) => playView(snapshot, play));
  }
}
