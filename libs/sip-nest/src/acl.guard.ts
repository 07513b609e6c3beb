import { Inject, Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { AddressList } from './address-list';
import type { SipContext } from './sip.context';
import { SipException } from './sip.exception';

/** The provider of the {@link AddressList} that {@link AclGuard} asks. */
export const ALLOWED_SOURCES = Symbol('ALLOWED_SOURCES');

/** Lets requests pass that come from an address of the allow list: 403 for the others. An empty list allows everyone. */
@Injectable()
export class AclGuard implements CanActivate {
  constructor(@Inject(ALLOWED_SOURCES) private readonly allowed: AddressList) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.allowed.size === 0) return true;
    const source = context.switchToRpc().getContext<SipContext>().source;
    if (source && this.allowed.has(source.host)) return true;
    throw new SipException(403);
  }
}
