import { gaugeIn } from '@legato/observability';
import type { Registry } from '@legato/observability';
import type { ProviderRegistrations } from './provider-registrations';
import type { RegistrationSweeper } from './registration-sweeper';

/** Adds the numbers of the registrar to those of /metrics. */
export function registrarMetrics(
  registry: Registry,
  sweeper: Pick<RegistrationSweeper, 'registered'>,
  providers: Pick<ProviderRegistrations, 'counts'>,
): void {
  const users = { name: 'legato_registrations', help: 'Users with bindings, over all nodes of a store.' };
  gaugeIn(registry, users, 'state', () => ({ registered: sweeper.registered }));
  const trunks = { name: 'legato_trunk_registrations', help: 'Our registrations with providers by state.' };
  gaugeIn(registry, trunks, 'state', () => providers.counts());
}
