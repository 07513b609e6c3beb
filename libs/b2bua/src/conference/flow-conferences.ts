import type { Log } from '@legato/kernel';
import type { CallId } from '../call/call-snapshot';
import type { FlowConferences } from '../ports/flow-conferences';
import { isRefused } from '../registry/call-control';
import type { Conferences } from './create-conferences';
import { DEFAULT_CONFERENCE } from './create-conferences';

/** The conferences of this node, to the flows of its calls. */
export class NamedConferences implements FlowConferences {
  constructor(
    private readonly conferences: Pick<Conferences, 'commands' | 'participants'>,
    private readonly log: Log,
  ) {}

  async join(name: string, call: CallId, attendance: { readonly muted?: boolean }): Promise<boolean> {
    const note = (reason: string): false => {
      this.log.warn('caller of a flow can not join a conference', {
        call_id: call,
        conference: name,
        reason,
      });
      return false;
    };
    try {
      const open = await this.conferences.commands.createOrGet(name, DEFAULT_CONFERENCE);
      if (isRefused(open)) return note(open.code);
      const participant = await this.conferences.participants.add(open.conference.id, call, attendance);
      return isRefused(participant) ? note(participant.code) : true;
    } catch (error) {
      return note(String(error));
    }
  }
}
