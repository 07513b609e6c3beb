import { AclGuard, DigestGuard, OnRegister, SipContext, SipController } from '@legato/sip-nest';
import { Inject, UseGuards } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import type { SipCapabilities } from '../sip/options.controller';
import { SIP_CAPABILITIES } from '../tokens';
import { Registrar } from './registrar';

/** Registrations that come in (RFC 3261 §10.3). Who may register whom is for the guards to say (steps 3 and 4). */
@SipController()
export class RegisterController {
  constructor(
    private readonly registrar: Registrar,
    @Inject(SIP_CAPABILITIES) private readonly capabilities: SipCapabilities,
  ) {}

  @OnRegister()
  @UseGuards(AclGuard, DigestGuard)
  async register(@Ctx() context: SipContext): Promise<void> {
    const outcome = await this.registrar.register(context.request);
    if (outcome.status !== 200) {
      const { status, reason, headers } = outcome;
      context.respond(status, { reason, headers });
      return;
    }
    const { allow, supported } = this.capabilities;
    const common: [string, string][] = [['Allow', allow.join(', ')]];
    if (supported.length > 0) common.push(['Supported', supported.join(', ')]);
    context.respond(200, { headers: [...outcome.headers, ...common] });
  }
}
