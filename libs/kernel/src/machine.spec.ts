import type { MachineTable } from './machine';
import { arrowFor, reachableStates, toMermaid } from './machine';

type State = 'Idle' | 'Trying' | 'Terminated' | 'Orphan';
type Event = 'request' | 'timer F';
type Action = 'send' | 'inform TU';

const table: MachineTable<State, Event, Action> = {
  Idle: { request: { to: 'Trying', do: ['send'] } },
  Trying: {
    request: { to: 'Trying', do: [] },
    'timer F': { to: 'Terminated', do: ['send', 'inform TU'] },
  },
  Terminated: {},
  Orphan: { request: { to: 'Idle', do: [] } },
};

describe('a machine table', () => {
  it('gives the arrow of an event', () => {
    expect(arrowFor(table, 'Trying', 'timer F')).toEqual({ to: 'Terminated', do: ['send', 'inform TU'] });
  });

  it('has no arrow where the figure has none', () => {
    expect(arrowFor(table, 'Terminated', 'request')).toBeUndefined();
    expect(arrowFor(table, 'Idle', 'timer F')).toBeUndefined();
  });

  it('shows which states can be reached', () => {
    expect(reachableStates(table, 'Idle')).toEqual(new Set(['Idle', 'Trying', 'Terminated']));
    expect(reachableStates(table, 'Orphan')).toEqual(new Set(Object.keys(table)));
    expect(reachableStates(table, 'Terminated')).toEqual(new Set(['Terminated']));
  });

  it('draws itself as a figure, a line per arrow', () => {
    expect(toMermaid(table, 'Idle')).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> Idle',
        '  Idle --> Trying: request / send',
        '  Trying --> Trying: request',
        '  Trying --> Terminated: timer F / send, inform TU',
        '  Orphan --> Idle: request',
        '',
      ].join('\n'),
    );
  });

  it('draws names that a figure can not bear with underscores', () => {
    const odd: MachineTable<'on hold' | 'a-b', 'go', never> = {
      'on hold': { go: { to: 'a-b', do: [] } },
      'a-b': {},
    };
    expect(toMermaid(odd, 'on hold')).toContain('on_hold --> a_b: go');
  });
});
