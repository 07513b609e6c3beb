import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { SipExceptionFilter } from './sip-exception.filter';
import type { SipMethod } from './sip-methods';

/** Ties handlers to the SIP strategy: a second transport of the same application does not see them. */
export const SIP_TRANSPORT = Symbol('SIP');

/** What the routing table needs to name a handler. */
export interface SipHandlerExtras {
  readonly controller: abstract new (...args: never[]) => unknown;
  readonly handler: string;
}

const on = (method: SipMethod): MethodDecorator => {
  return (target, key, descriptor) => {
    const extras: SipHandlerExtras = {
      controller: target.constructor as SipHandlerExtras['controller'],
      handler: String(key),
    };
    MessagePattern(method, SIP_TRANSPORT, extras)(target, key, descriptor);
  };
};

/** A class whose methods take SIP requests; what they throw becomes a response. */
export const SipController = (): ClassDecorator =>
  applyDecorators(Controller(), UseFilters(SipExceptionFilter));

/** Takes initial INVITE requests (RFC 3261 §13.3). */
export const OnInvite = () => on('INVITE');
/** Takes REGISTER requests (RFC 3261 §10.3). */
export const OnRegister = () => on('REGISTER');
/** Takes OPTIONS requests outside of a dialog (RFC 3261 §11.2). */
export const OnOptions = () => on('OPTIONS');
/** Takes MESSAGE requests (RFC 3428 §7). */
export const OnMessage = () => on('MESSAGE');
/** Takes SUBSCRIBE requests that make a subscription (RFC 6665 §4.2.1). */
export const OnSubscribe = () => on('SUBSCRIBE');
/** Takes NOTIFY requests outside of a known subscription (RFC 6665 §4.1.3). */
export const OnNotify = () => on('NOTIFY');
/** Takes PUBLISH requests (RFC 3903 §6). */
export const OnPublish = () => on('PUBLISH');
/** Takes REFER requests outside of a dialog (RFC 3515 §2.4.2). */
export const OnRefer = () => on('REFER');
/** Takes INFO requests outside of a dialog, as some older media servers send them (RFC 2976). */
export const OnInfo = () => on('INFO');
