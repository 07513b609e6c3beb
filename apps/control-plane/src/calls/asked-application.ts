import type { ApplicationRoute } from '@legato/b2bua';
import type { AskedApplication } from '@legato/flows';
import { applicationFlow } from '@legato/flows';

/** Calls in the hands of an application that is asked what comes next. The query of its URL is for it alone. */
export function askedApplication(
  application: AskedApplication,
): Required<Pick<ApplicationRoute, 'target' | 'document'>> {
  const { origin, pathname } = new URL(application.url);
  const target = { kind: 'application', name: `${origin}${pathname}` } as const;
  return { target, document: applicationFlow(application) };
}
