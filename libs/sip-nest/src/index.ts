export { AclGuard, ALLOWED_SOURCES } from './acl.guard';
export { AddressList } from './address-list';
export type { SipAuthentication } from './digest.guard';
export { DigestGuard, SIP_AUTHENTICATION } from './digest.guard';
export { routingTable } from './routing-table';
export type { SipAnswerOptions } from './sip.context';
export { SipContext } from './sip.context';
export {
  OnInfo,
  OnInvite,
  OnMessage,
  OnNotify,
  OnOptions,
  OnPublish,
  OnRefer,
  OnRegister,
  OnSubscribe,
  SIP_TRANSPORT,
  SipController,
} from './sip.decorators';
export { SipException } from './sip.exception';
export { SipExceptionFilter } from './sip-exception.filter';
export type { SipMethod } from './sip-methods';
export { isKnownMethod, SIP_METHODS } from './sip-methods';
export type { RequestSource, SipServerOptions } from './sip.server';
export { SipServer } from './sip.server';
