/** Providers of the parts that exist before Nest does. */
export const CALL_CONTROL = Symbol('CALL_CONTROL');
export const CLOCK = Symbol('CLOCK');
export const CONFIG = Symbol('CONFIG');
export const EVENT_LOG = Symbol('EVENT_LOG');
export const METRICS = Symbol('METRICS');
export const READINESS = Symbol('READINESS');
export const SIP_CAPABILITIES = Symbol('SIP_CAPABILITIES');
