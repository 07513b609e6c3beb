export type { AddressPolicyOptions } from './address-policy';
export { AddressPolicy, isAllowEntry } from './address-policy';
export type {
  OutboundFailure,
  OutboundHttpOptions,
  OutboundRequest,
  OutboundResponse,
} from './outbound-http';
export { OutboundHttp } from './outbound-http';
export { outboundUrl } from './outbound-url';
