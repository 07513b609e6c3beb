import type { CallControl } from '@legato/b2bua';
import { AclGuard, DigestGuard, OnInvite, SipContext, SipController } from '@legato/sip-nest';
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
    this.calls.receiveInvite(context.transaction);
  }
}
