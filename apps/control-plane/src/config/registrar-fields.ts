import { DEFAULT_MAX_REGISTRATIONS } from '@legato/b2bua';
import { DEFAULT_REGISTRAR_RULES } from '@legato/sip';
import type { RegistrarRules } from '@legato/sip';
import { z } from 'zod';

/** Whom the registrar serves, and what it grants. */
export interface RegistrarConfig {
  /** In lower case; empty: any domain. */
  readonly domains: readonly string[];
  readonly rules: RegistrarRules;
  /** Users with bindings at most. */
  readonly maxRegistrations: number;
}

const MAX_SECONDS = 7 * 24 * 3600;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])$/;

const wholeNumber = (from: number, to: number) => {
  const expected = `expected a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= from && value <= to, expected);
};

const domainListField = z.string().transform((text, context) => {
  const domains = text
    .split(',')
    .map((domain) => domain.trim().toLowerCase())
    .filter((domain) => domain !== '');
  if (domains.length === 0 || domains.some((domain) => domain.length > 253 || !DOMAIN.test(domain)))
    context.addIssue('expected a comma list of domains such as example.com');
  return domains;
});

const { minExpiresS, maxExpiresS, maxBindings, defaultExpiresS } = DEFAULT_REGISTRAR_RULES;

/** Variables of the registrar, see docs/configuration.md. */
export const registrarFields = {
  LEGATO_SIP_DOMAINS: domainListField.default([]),
  LEGATO_REGISTRATION_MIN_S: wholeNumber(1, 3600).default(minExpiresS),
  LEGATO_REGISTRATION_MAX_S: wholeNumber(60, MAX_SECONDS).default(maxExpiresS),
  LEGATO_MAX_BINDINGS: wholeNumber(1, 100).default(maxBindings),
  LEGATO_MAX_REGISTRATIONS: wholeNumber(1, 10_000_000).default(DEFAULT_MAX_REGISTRATIONS),
};

type RegistrarValues = z.infer<z.ZodObject<typeof registrarFields>>;

export function registrarConfig(values: RegistrarValues): RegistrarConfig {
  const max = values.LEGATO_REGISTRATION_MAX_S;
  return {
    domains: values.LEGATO_SIP_DOMAINS,
    rules: {
      minExpiresS: Math.min(values.LEGATO_REGISTRATION_MIN_S, max),
      maxExpiresS: max,
      defaultExpiresS: Math.min(defaultExpiresS, max),
      maxBindings: values.LEGATO_MAX_BINDINGS,
    },
    maxRegistrations: values.LEGATO_MAX_REGISTRATIONS,
  };
}
