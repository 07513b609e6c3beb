import type { CallStore } from '@legato/b2bua';
import { StoreUnavailable } from '@legato/b2bua';
import type { Clock, Log } from '@legato/kernel';
import type { Request, RequestHandler, Response } from 'express';
import type { Whereabouts } from '../calls/call-engine';
import { sendProblem } from '../http/send-problem';
import type { CommandSubject } from './command-subject';
import { commandSubject } from './command-subject';
import type { NodeAddresses } from './node-addresses';
import { FORWARDED_TO, sendToNode } from './send-to-node';

/** How long the owner may take to answer: longer than it waits for its store. */
const ANSWER_MS = 5_000;
/** How long an owner that can not be reached is tried: it, or who takes its work over, may be starting. */
const REACH_MS = 1_500;
const AGAIN_MS = 100;

export interface ForwardOptions {
  readonly nodeId: string;
  readonly store: Pick<CallStore, 'load'>;
  readonly whereabouts: Whereabouts;
  readonly addresses: Pick<NodeAddresses, 'find'>;
  readonly clock: Clock;
  readonly log: Log;
}

const UNREACHED = 'The node that has it can not be reached; nothing was done.';
const LOST = 'The node that has it did not answer: send the command again with the same Idempotency-Key.';
const MOVED = 'It has come to another node meanwhile; nothing was done.';

/**
 * Sends a command for a call, conference or recording that another node has to that node, once, and its answer back (docs/adr
 * 0011). What nobody has, or what is over, is answered here.
 */
export function forwardToOwner(options: ForwardOptions): RequestHandler {
  return (request, response, next) => {
    const subject = commandSubject(request);
    if (!subject || (subject.kind === 'owned' && options.whereabouts.isHere(subject.id))) {
      next();
      return;
    }
    new Forwarding(options, request, response).run(subject).then(
      (isDone) => {
        if (!isDone) next();
      },
      (error: unknown) => {
        const isStore = error instanceof StoreUnavailable;
        if (!isStore) options.log.error('a command is not forwarded', { error: String(error) });
        sendProblem(response, isStore ? 'store_unavailable' : 'internal_error');
      },
    );
  };
}

class Forwarding {
  private readonly until: number;

  constructor(
    private readonly options: ForwardOptions,
    private readonly request: Request,
    private readonly response: Response,
  ) {
    this.until = options.clock.now() + REACH_MS;
  }

  /** False when it is to be answered here. */
  async run(subject: CommandSubject): Promise<boolean> {
    const owner = await this.ownerOf(subject);
    if (owner === undefined) return false;
    if (this.request.get(FORWARDED_TO) !== undefined) return this.giveUp(MOVED);
    const { addresses, clock } = this.options;
    const url = await addresses.find(owner);
    const { request, response } = this;
    const sent =
      url && (await sendToNode({ id: owner, url }, { request, response }, { clock, deadlineMs: ANSWER_MS }));
    if (sent === 'answered') return true;
    if (sent === 'lost') return this.giveUp(LOST, owner);
    if (clock.now() >= this.until) return this.giveUp(UNREACHED, owner);
    await new Promise<void>((resolve) => clock.schedule(AGAIN_MS, resolve));
    return this.run(subject);
  }

  /** The other node that has it; undefined when it is here, over or unknown. */
  private async ownerOf(subject: CommandSubject): Promise<string | undefined> {
    const { store, nodeId, whereabouts } = this.options;
    const id = await this.idOf(subject);
    if (id === undefined || whereabouts.isHere(id)) return undefined;
    const record = await store.load(id);
    return record && !record.ended && record.owner !== nodeId ? record.owner : undefined;
  }

  private async idOf(subject: CommandSubject): Promise<string | undefined> {
    const { whereabouts } = this.options;
    if (subject.kind === 'recording') return whereabouts.ownerOfRecording(subject.id);
    if (subject.kind === 'conference name') return whereabouts.conferenceNamed(subject.name);
    return subject.id;
  }

  /** What only reads is answered from the store then. */
  private giveUp(detail: string, owner?: string): boolean {
    if (this.request.method === 'GET') return false;
    this.options.log.warn('a command did not reach the node that has its subject', { owner, detail });
    sendProblem(this.response, 'owner_unreachable', { detail });
    return true;
  }
}
