import type { SipResponse } from '../message/sip-response';
import type { UsageContext } from './usage-context';
import type { EarlyFork } from './usage-state';

/** The early dialog of a branch that was not followed: its sequence numbers go on when it answers. */
export const earlyFork = (usage: UsageContext, response: SipResponse): EarlyFork | undefined =>
  usage.state.forks?.find(({ dialog }) => dialog.remoteTag === (response.to.tag ?? ''));
