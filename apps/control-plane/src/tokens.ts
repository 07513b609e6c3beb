/** Providers of the parts that exist before Nest does. */
export const CALL_COMMANDS = Symbol('CALL_COMMANDS');
export const CALL_CONTROL = Symbol('CALL_CONTROL');
export const CDR_LOG = Symbol('CDR_LOG');
export const CLOCK = Symbol('CLOCK');
export const COLLECT_COMMANDS = Symbol('COLLECT_COMMANDS');
export const CONFERENCE_COMMANDS = Symbol('CONFERENCE_COMMANDS');
export const CONFIG = Symbol('CONFIG');
export const EVENT_LOG = Symbol('EVENT_LOG');
export const FLOW_LIBRARY = Symbol('FLOW_LIBRARY');
export const METRICS = Symbol('METRICS');
export const PLAY_COMMANDS = Symbol('PLAY_COMMANDS');
export const OUTBOUND_POLICY = Symbol('OUTBOUND_POLICY');
export const PARTICIPANT_COMMANDS = Symbol('PARTICIPANT_COMMANDS');
export const READINESS = Symbol('READINESS');
export const RECORDING_COMMANDS = Symbol('RECORDING_COMMANDS');
export const SIP_CAPABILITIES = Symbol('SIP_CAPABILITIES');
