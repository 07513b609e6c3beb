import type { Log } from '@legato/kernel';
import type { AuthVerdict, DigestServer } from '@legato/sip';
import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { AddressList } from './address-list';
import type { SipContext } from './sip.context';
import { SipException } from './sip.exception';

/** The provider of the {@link SipAuthentication} that {@link DigestGuard} works by. */
export const SIP_AUTHENTICATION = Symbol('SIP_AUTHENTICATION');

/** Who has to say who they are, and how they are asked. */
export interface SipAuthentication {
  /** Unset: nobody is asked. */
  readonly server?: DigestServer;
  /** How requests are challenged: as by a server (401) or as by a proxy (407). REGISTER: always 401 (RFC 3261 §22.2, §22.3). */
  readonly challengeStatus: 401 | 407;
  /** Trunks: what comes from these addresses is not challenged. */
  readonly trusted: AddressList;
  readonly log: Log;
}

/** Can not be sent again, so that a challenge would be lost on them (RFC 3261 §22.1). */
const NEVER_CHALLENGED: readonly string[] = ['ACK', 'CANCEL'];
const RETRY_AFTER = [['Retry-After', '5']] as const;

type Refusal = Exclude<AuthVerdict, { kind: 'authenticated' }>;

/**
 * Lets a request pass whose credentials are right and notes whose they are in its context. Asks for them otherwise (401, 407);
 * refuses who claims to be somebody else (403), and everybody while used nonces can not be looked up (503). What belongs to a
 * dialog does not come by here: its tags prove enough.
 */
@Injectable()
export class DigestGuard implements CanActivate {
  constructor(@Inject(SIP_AUTHENTICATION) private readonly authentication: SipAuthentication) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const sip = context.switchToRpc().getContext<SipContext>();
    const { server } = this.authentication;
    if (!server || this.isExempt(sip)) return true;
    const verdict = await server.verify(sip.request);
    if (verdict.kind !== 'authenticated') throw this.refusal(server, sip, verdict);
    sip.identity = verdict.identity;
    // It may have been cancelled in the meantime.
    return !sip.isAnswered;
  }

  private isExempt({ request, source }: SipContext): boolean {
    if (NEVER_CHALLENGED.includes(request.method) || request.to.tag !== undefined) return true;
    return source !== undefined && this.authentication.trusted.has(source.host);
  }

  private refusal(server: DigestServer, sip: SipContext, verdict: Refusal): SipException {
    this.report(sip, verdict);
    if (verdict.kind === 'forbidden') return new SipException(403);
    if (verdict.kind === 'unavailable') return new SipException(503, undefined, RETRY_AFTER);
    const status = sip.request.method === 'REGISTER' ? 401 : this.authentication.challengeStatus;
    const name = status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
    const stale = verdict.kind === 'stale' || verdict.kind === 'replayed';
    const challenges = server.challenges(sip.request, stale);
    return new SipException(
      status,
      undefined,
      challenges.map((value) => [name, value] as const),
    );
  }

  /** Who was refused, for whoever watches for break-ins; the first request of a client has no credentials by right. */
  private report({ request, source }: SipContext, verdict: Refusal): void {
    if (verdict.kind === 'challenge') return;
    const user = 'user' in verdict ? verdict.user : undefined;
    const fields = { verdict: verdict.kind, method: request.method, user, source: source?.host };
    if (verdict.kind === 'stale') this.authentication.log.debug('sip.not_authenticated', fields);
    else this.authentication.log.warn('sip.not_authenticated', fields);
  }
}
