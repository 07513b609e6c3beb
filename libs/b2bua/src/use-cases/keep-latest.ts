import type { Call } from '../call/call';

/** Finished work that a call remembers, per kind: a call may last for days. */
const MOST_KEPT = 50;

/** Forgets the oldest finished pieces of work, so that there is room for one more. */
export function keepLatest<Work>(works: Work[], isActive: (work: Work) => boolean): void {
  while (works.length >= MOST_KEPT) {
    const oldest = works.findIndex((work) => !isActive(work));
    if (oldest < 0) return;
    works.splice(oldest, 1);
  }
}

/** The place after everything that was asked for before. */
export function nextOrder({ snapshot }: Call): number {
  const orders = [...(snapshot.plays ?? []), ...(snapshot.collects ?? [])].map(({ order }) => order);
  return Math.max(0, ...orders) + 1;
}
