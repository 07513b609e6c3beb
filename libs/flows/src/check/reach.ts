/** Everything that can be reached from `from`, which is part of it. */
export function closure(from: readonly string[], after: (name: string) => readonly string[]): Set<string> {
  const reached = new Set(from);
  const queue = [...from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const to of after(name)) {
      if (reached.has(to)) continue;
      reached.add(to);
      queue.push(to);
    }
  }
  return reached;
}

/** Those of `names` from which a way leads back to themselves. */
export const onCycles = (names: readonly string[], after: (name: string) => readonly string[]): Set<string> =>
  new Set(names.filter((name) => closure(after(name), after).has(name)));
