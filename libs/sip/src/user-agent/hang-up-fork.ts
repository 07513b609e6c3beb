import type { SipResponse } from '../message/sip-response';
import { earlyFork } from './early-fork';
import { unwantedDialog } from './unwanted-dialog';
import type { UsageContext } from './usage-context';

export const FORK_TIMER = 'forks';
/** Token of the BYE to a fork: nobody waits for its answer. */
export const FORK_TOKEN = 'fork';

/** A further 2xx of our INVITE, of another branch: acknowledged each time it comes, hung up once (RFC 3261 §13.2.2.4). */
export function hangUpFork(usage: UsageContext, response: SipResponse): void {
  const { dialog, ack, bye } = unwantedDialog(response, earlyFork(usage, response)?.dialog);
  usage.output.sendAck(usage.id, ack, usage.target(dialog));
  const known = (usage.state.hungUpForks ??= []);
  if (known.includes(dialog.remoteTag)) return;
  known.push(dialog.remoteTag);
  usage.startTimer(FORK_TIMER, usage.patienceMs);
  usage.output.sendRequest(usage.id, bye, { ...usage.target(dialog), token: FORK_TOKEN });
}
