/** Where used nonces are remembered, so that no node takes one twice. */
export type { NonceLedger } from '@legato/sip';
