/** One arrow of a state machine's figure: the next state and what is done on the way. */
export interface Arrow<State extends string, Action extends string> {
  readonly to: State;
  readonly do: readonly Action[];
}

/**
 * A state machine as a constant table. A missing row is an arrow the figure does not have:
 * the event is ignored, and the runner counts it.
 */
export type MachineTable<State extends string, Event extends string, Action extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, Arrow<State, Action>>>>>
>;

/** The arrow that `event` takes from `state`, or undefined where the figure has none. */
export function arrowFor<S extends string, E extends string, A extends string>(
  table: MachineTable<S, E, A>,
  state: S,
  event: E,
): Arrow<S, A> | undefined {
  return table[state][event];
}

/** The states that can be reached from `start`: a spec compares them with all states of the table. */
export function reachableStates<S extends string, E extends string, A extends string>(
  table: MachineTable<S, E, A>,
  start: S,
): Set<S> {
  const reached = new Set<S>([start]);
  const queue: S[] = [start];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    for (const arrow of Object.values<Arrow<S, A> | undefined>(table[state])) {
      if (!arrow || reached.has(arrow.to)) continue;
      reached.add(arrow.to);
      queue.push(arrow.to);
    }
  }
  return reached;
}

/** The table as a Mermaid state diagram, for docs/figures. */
export function toMermaid<S extends string, E extends string, A extends string>(
  table: MachineTable<S, E, A>,
  start: S,
): string {
  const name = (state: string) => state.replace(/[^A-Za-z0-9]/g, '_');
  const lines = ['stateDiagram-v2', `  [*] --> ${name(start)}`];
  for (const state of Object.keys(table) as S[]) {
    const rows = Object.entries(table[state]) as [E, Arrow<S, A>][];
    for (const [event, arrow] of rows) {
      const actions = arrow.do.length > 0 ? ` / ${arrow.do.join(', ')}` : '';
      lines.push(`  ${name(state)} --> ${name(arrow.to)}: ${event}${actions}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
