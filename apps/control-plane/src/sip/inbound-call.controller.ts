import type { CallControl, CallerAccount } from '@legato/b2bua';
import type { AuthenticatedUser } from '@legato/sip';
import { AclGuard, DigestGuard, OnInvite, SipContext, SipController, SipException } from '@legato/sip-nest';
import { Inject, UseGuards } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CALL_CONTROL } from '../tokens';

/** Calls that come in: from here on the call has the transaction. */
@SipController()
export class InboundCallController {
  constructor(@Inject(CALL_CONTROL) private readonly calls: CallControl) {}

  @OnInvite()
  @UseGuards(AclGuard, DigestGuard)
  invite(@Ctx() context: SipContext): void {
    const { identity, request } = context;
    if (identity && !mayDial(identity, request.uri?.dialled ?? ''))
      throw new SipException(403, 'Number Not Allowed');
    this.calls.receiveInvite(context.transaction, identity && accountOf(identity));
  }
}

const mayDial = ({ limits }: AuthenticatedUser, number: string): boolean =>
  limits?.prefixes?.some((prefix) => number.startsWith(prefix)) ?? true;

function accountOf({ user, realm, limits }: AuthenticatedUser): CallerAccount {
  return {
    name: `${user}@${realm}`,
    ...(limits?.calls !== undefined && { maxCalls: limits.calls }),
    ...(limits?.durationS !== undefined && { maxDurationMs: limits.durationS * 1000 }),
  };
}
