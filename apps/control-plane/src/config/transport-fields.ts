import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import type { SipTransports } from '../sip/create-transports';
import { originListField, pathField, portField } from './text-fields';

const RATE = 'expected a number of requests a second from 0 (no limit) to 1000000';

/** Variables of the SIP transports beside UDP, see docs/configuration.md. */
export const transportFields = {
  LEGATO_SIP_TCP_PORT: portField.optional(),
  LEGATO_SIP_TLS_PORT: portField.default(5061),
  LEGATO_SIP_TLS_CERT: pathField.optional(),
  LEGATO_SIP_TLS_KEY: pathField.optional(),
  LEGATO_SIP_TLS_CA: pathField.optional(),
  LEGATO_SIP_TLS_CLIENT_CERT: z.enum(['none', 'required'], 'expected none or required').default('none'),
  LEGATO_SIP_WS_PORT: portField.optional(),
  LEGATO_SIP_WSS_PORT: portField.optional(),
  LEGATO_SIP_WS_ORIGINS: originListField.optional(),
  LEGATO_SIP_TRACE: pathField.optional(),
  LEGATO_SIP_RATE: z
    .string()
    .regex(/^(1000000|\d{1,6})$/, RATE)
    .transform(Number)
    .default(100),
};

type Values = z.infer<z.ZodObject<typeof transportFields>>;

/** The transports, and how many requests a second one source may begin. */
export interface TransportsConfig extends SipTransports {
  readonly requestsPerSecond: number;
  readonly traceFile?: string;
}

interface Complaint {
  readonly variable: keyof typeof transportFields;
  readonly reason: string;
}

type FileVariable = 'LEGATO_SIP_TLS_CERT' | 'LEGATO_SIP_TLS_KEY' | 'LEGATO_SIP_TLS_CA';

function contents(values: Values, variable: FileVariable): Result<Buffer | undefined, Complaint> {
  const path = values[variable];
  if (path === undefined) return ok(undefined);
  try {
    return ok(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return err({ variable, reason: `expected a readable PEM file (${code ?? String(error)})` });
  }
}

/** Any authority of the system could sign a certificate for anybody. */
const NOBODY_SIGNS: Complaint = {
  variable: 'LEGATO_SIP_TLS_CLIENT_CERT',
  reason: 'expected LEGATO_SIP_TLS_CA to be set beside it',
};

/** undefined without certificate and key; both are there or none. */
function readTls(values: Values): Result<SipTransports['tls'], Complaint> {
  const certificate = contents(values, 'LEGATO_SIP_TLS_CERT');
  if (!certificate.ok) return certificate;
  const key = contents(values, 'LEGATO_SIP_TLS_KEY');
  if (!key.ok) return key;
  const authorities = contents(values, 'LEGATO_SIP_TLS_CA');
  if (!authorities.ok) return authorities;
  if (certificate.value && key.value) {
    return usable({
      port: values.LEGATO_SIP_TLS_PORT,
      certificate: certificate.value,
      key: key.value,
      ...(authorities.value && { authorities: authorities.value }),
      requireClientCertificate: values.LEGATO_SIP_TLS_CLIENT_CERT === 'required',
    });
  }
  if (!certificate.value && !key.value) return ok(undefined);
  const variable = certificate.value ? 'LEGATO_SIP_TLS_CERT' : 'LEGATO_SIP_TLS_KEY';
  return err({ variable, reason: 'expected LEGATO_SIP_TLS_CERT and LEGATO_SIP_TLS_KEY together' });
}

/** Certificate and key fit, and are no other files. */
function usable(tls: NonNullable<SipTransports['tls']>): Result<SipTransports['tls'], Complaint> {
  if (tls.requireClientCertificate && !tls.authorities) return err(NOBODY_SIGNS);
  try {
    createSecureContext({ cert: tls.certificate, key: tls.key, ca: tls.authorities });
    return ok(tls);
  } catch {
    return err({ variable: 'LEGATO_SIP_TLS_CERT', reason: 'expected a PEM certificate with its key' });
  }
}

/** Reads the certificate; the error names the variable to be changed. */
export function readTransports(values: Values): Result<TransportsConfig, Complaint> {
  const tls = readTls(values);
  if (!tls.ok) return tls;
  const { LEGATO_SIP_TCP_PORT: tcpPort, LEGATO_SIP_WS_PORT: wsPort, LEGATO_SIP_WSS_PORT: wssPort } = values;
  const { LEGATO_SIP_WS_ORIGINS: wsOrigins, LEGATO_SIP_TRACE: traceFile } = values;
  if (wssPort !== undefined && !tls.value)
    return err({
      variable: 'LEGATO_SIP_WSS_PORT',
      reason: 'expected LEGATO_SIP_TLS_CERT to be set beside it',
    });
  return ok({
    requestsPerSecond: values.LEGATO_SIP_RATE,
    ...(tcpPort !== undefined && { tcpPort }),
    ...(tls.value && { tls: tls.value }),
    ...(wsPort !== undefined && { wsPort }),
    ...(wssPort !== undefined && { wssPort }),
    ...(wsOrigins && { wsOrigins }),
    ...(traceFile !== undefined && { traceFile }),
  });
}
