import type { CollectRequest } from '../call/collect-snapshot';
import type { CollectView } from '../call/collect-view';
import { collectView } from '../call/collect-view';
import type { CommandRefused } from '../registry/call-control';
import type { CallReader } from '../registry/call-reader';
import type { CallRegistry } from '../registry/call-registry';
import { collectsOf, requestCollect, stopCollect } from '../use-cases/collect';
import { callNotFound, conflict, mediaWorkRefused } from './command-refusals';

/** What can be asked of collections of digits; each command goes through the mailbox of its call. */
export interface CollectCommands {
  startCollect(callId: string, request: CollectRequest): Promise<CollectView | CommandRefused>;
  stopCollect(callId: string, collectId: string): Promise<CollectView | CommandRefused>;
  /** The digits of a sensitive one are told to the first who reads it after it has matched, and to nobody after. */
  readCollect(callId: string, collectId: string): Promise<CollectView | undefined>;
  /** The active ones and the latest of the others; without digits of sensitive ones. */
  listCollects(callId: string): Promise<CollectView[] | undefined>;
}

const collectNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'collect_not_found',
  detail: 'The call has no collection of this id',
};

/** The collections of this node's calls, and those that the store still knows of. */
export class CallCollects implements CollectCommands {
  constructor(private readonly options: { readonly registry: CallRegistry; readonly reader: CallReader }) {}

  async startCollect(callId: string, request: CollectRequest): Promise<CollectView | CommandRefused> {
    const answer = await this.options.registry.ask(
      callId,
      (call) =>
        mediaWorkRefused(call, request.leg) ?? collectView(call.snapshot, requestCollect(call, request)),
    );
    if (answer) return answer;
    return (await this.options.reader.call(callId))
      ? conflict('call_ended', 'The call has ended')
      : callNotFound;
  }

  async stopCollect(callId: string, collectId: string): Promise<CollectView | CommandRefused> {
    const answer = await this.options.registry.ask(callId, (call) => {
      const collect = collectsOf(call).find(({ id }) => id === collectId);
      if (!collect) return collectNotFound;
      stopCollect(call, collect);
      return collectView(call.snapshot, collect);
    });
    return answer ?? (await this.find(callId, collectId)) ?? collectNotFound;
  }

  async readCollect(callId: string, collectId: string): Promise<CollectView | undefined> {
    const live = await this.options.registry.ask(callId, (call) => {
      const collect = collectsOf(call).find(({ id }) => id === collectId);
      if (!collect) return collectNotFound;
      if (collect.state !== 'matched') return collectView(call.snapshot, collect);
      const digits = call.secretDigits.get(collectId);
      call.secretDigits.delete(collectId);
      return collectView(call.snapshot, collect, digits);
    });
    if (live) return 'refused' in live ? undefined : live;
    return this.find(callId, collectId);
  }

  async listCollects(callId: string): Promise<CollectView[] | undefined> {
    const snapshot = await this.options.reader.snapshot(callId);
    return snapshot && (snapshot.collects ?? []).map((collect) => collectView(snapshot, collect));
  }

  private async find(callId: string, collectId: string): Promise<CollectView | undefined> {
    return (await this.listCollects(callId))?.find(({ id }) => id === collectId);
  }
}
