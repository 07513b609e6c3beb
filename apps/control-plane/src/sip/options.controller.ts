import { OnOptions, SipContext, SipController } from '@legato/sip-nest';
import { Inject } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { SIP_CAPABILITIES } from '../tokens';

/** What this user agent can do, as response headers. */
export interface SipCapabilities {
  readonly allow: readonly string[];
  readonly accept: readonly string[];
  readonly supported: readonly string[];
}

/** Answers OPTIONS as an INVITE would be answered (RFC 3261 §11.2): trunks and monitors ask whether we live. */
@SipController()
export class OptionsController {
  constructor(@Inject(SIP_CAPABILITIES) private readonly capabilities: SipCapabilities) {}

  @OnOptions()
  options(@Ctx() context: SipContext): void {
    const { allow, accept, supported } = this.capabilities;
    context.respond(200, {
      headers: [
        ['Allow', allow.join(', ')],
        ['Accept', accept.join(', ')],
        ['Supported', supported.join(', ')],
      ],
    });
  }
}
