import { AddressList } from '@legato/sip-nest';

const LOOPBACK = AddressList.parse(['127.0.0.0/8', '::1']);

/** Whether an IP address is reached from this machine only. */
export const isLoopback = (host: string): boolean => LOOPBACK.ok && LOOPBACK.value.has(host);
