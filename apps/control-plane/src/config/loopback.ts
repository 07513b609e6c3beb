import { AddressList } from '@legato/sip-nest';

const LOOPBACK = AddressList.parse(['127.0.0.0/8', '::1']);

const THIS_MACHINE = AddressList.parse(['127.0.0.1', '::1']);

/** Whether an IP address is the one that programs of this machine come from. */
export const isThisMachine = (host: string): boolean => THIS_MACHINE.ok && THIS_MACHINE.value.has(host);

/** Whether an IP address is reached from this machine only. */
export const isLoopback = (host: string): boolean => LOOPBACK.ok && LOOPBACK.value.has(host);
