import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachableStates, toMermaid } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import type { MsmlDialogResult, MsmlDialogResultsState } from './msml-dialog-results';
import { DEFAULT_GRACE_MS, MsmlDialogResults } from './msml-dialog-results';
import { msmlDialogMachine } from './msml-dialog.machine';
import { failed } from './msml-outcome';

const ID = 'conn:1/dialog:d';
const event = (name: string, ...values: string[]) => ({
  name,
  id: ID,
  values: values.map((item) => ({ name: item.split('=')[0] ?? '', value: item.split('=')[1] ?? '' })),
});
const ended = (response: string, ok = response === '200', sipStatus = 200) => ({
  ...failed('t', sipStatus, ''),
  ok,
  response,
});

function newResults(state?: MsmlDialogResultsState, clock = new FakeClock()) {
  const finished: MsmlDialogResult[] = [];
  const results = new MsmlDialogResults(clock, (result) => finished.push(result), DEFAULT_GRACE_MS, state);
  results.watch(ID);
  return { clock, finished, results };
}

describe('MsmlDialogResults', () => {
  it('merges a named send, moml.exit and msml.dialog.exit, and keeps names that come again (§7.4, §9.6)', () => {
    const { results, finished, clock } = newResults();
    results.receiveEvent(event('app.startingRecord'));
    results.receiveEvent(event('moml.exit', 'dtmf.digits=0012', 'dtmf.end=dtmf.match'));
    expect(finished).toEqual([]);
    results.receiveEvent(event('msml.dialog.exit', 'dtmf.end=dtmf.match'));
    expect(finished).toEqual([
      {
        id: ID,
        ok: true,
        values: [
          { name: 'dtmf.digits', value: '0012' },
          { name: 'dtmf.end', value: 'dtmf.match' },
          { name: 'dtmf.end', value: 'dtmf.match' },
        ],
        events: ['app.startingRecord', 'moml.exit', 'msml.dialog.exit'],
        exitMissing: false,
      },
    ]);
    expect(clock.armed).toBe(0);
    expect(results.state).toEqual({});
  });

  it('ends with msml.dialog.exit alone, as Convedia has it', () => {
    const { results, finished } = newResults();
    results.receiveEvent(event('msml.dialog.exit', 'record.len=10020'));
    expect(finished).toMatchObject([{ ok: true, values: [{ name: 'record.len', value: '10020' }] }]);
  });

  it.each(['moml.exit', 'moml.disconnect', 'moml.error'])(
    'gives %s a grace time for the exit that follows',
    (name) => {
      const { results, finished, clock } = newResults();
      results.receiveEvent(event(name, 'a=1'));
      clock.advance(DEFAULT_GRACE_MS - 1);
      expect(finished).toEqual([]);
      clock.advance(1);
      expect(finished).toMatchObject([
        { exitMissing: true, ok: name !== 'moml.error', values: [{ value: '1' }] },
      ]);
      expect(clock.armed).toBe(0);
    },
  );

  it('does not end with a named send: the dialog may go on', () => {
    const { results, finished, clock } = newResults();
    results.receiveEvent(event('done', 'play.end=play.complete'));
    clock.advance(60_000);
    expect(finished).toEqual([]);
    results.close();
  });

  it.each([
    ['dialog.exit.status=423', 'dialog.exit.description=External document fetch error', 'msml.dialog.exit'],
    ['moml.error.status=423', 'moml.error.description=External document fetch error', 'moml.error'],
  ])('reports a failure by %s (§9.6.1, §9.4)', (status, description, name) => {
    const { results, finished, clock } = newResults();
    results.receiveEvent(event(name, status, description));
    clock.advance(DEFAULT_GRACE_MS);
    expect(finished).toMatchObject([
      { ok: false, status: '423', description: 'External document fetch error' },
    ]);
  });

  it('waits for the results after a dialogend, which ends gracefully (§9.6.2)', () => {
    const { results, finished } = newResults();
    results.receiveEnd(ID, ended('200'));
    results.receiveEvent(event('moml.exit', 'record.end=terminate'));
    expect(finished).toEqual([]);
    results.receiveEvent(event('msml.dialog.exit'));
    expect(finished).toMatchObject([{ exitMissing: false, values: [{ value: 'terminate' }] }]);
  });

  it.each([
    ['430', 200],
    ['500', 200],
  ])('takes %s of a dialogend for done: the dialog ended by itself', (response, sipStatus) => {
    const { results, finished, clock } = newResults();
    results.receiveEnd(ID, ended(response, false, sipStatus));
    clock.advance(DEFAULT_GRACE_MS);
    expect(finished).toMatchObject([{ id: ID, exitMissing: true, ok: true }]);
  });

  it('takes a dialogend that failed otherwise for nothing', () => {
    const { results, finished, clock } = newResults();
    results.receiveEnd(ID, ended('503', false));
    clock.advance(60_000);
    expect(finished).toEqual([]);
    expect(results.state[ID]?.state).toBe('Running');
  });

  it('leaves events of other dialogs alone', () => {
    const { results, finished } = newResults();
    expect(results.receiveEvent({ ...event('msml.dialog.exit'), id: 'conn:1/dialog:other' })).toBe(false);
    expect(results.receiveEvent({ ...event('msml.dialog.exit'), id: 'constructor' })).toBe(false);
    results.receiveEnd('conn:1/dialog:other', ended('200'));
    expect(finished).toEqual([]);
  });

  it('goes on from a stored state, timer and all', () => {
    const first = newResults();
    first.results.receiveEvent(event('moml.exit', 'a=1'));
    first.results.close();
    expect(first.clock.armed).toBe(0);
    first.clock.advance(500);
    const stored = JSON.parse(JSON.stringify(first.results.state)) as MsmlDialogResultsState;
    const second = newResults(stored, first.clock);
    first.clock.advance(DEFAULT_GRACE_MS - 501);
    expect(second.finished).toEqual([]);
    first.clock.advance(1);
    expect(second.finished).toMatchObject([{ exitMissing: true, values: [{ name: 'a', value: '1' }] }]);
  });

  it.each(['conn:1', 'conn:1/dialog:*', '__proto__'])('watches no %s', (id) => {
    expect(() => newResults().results.watch(id)).toThrow(TypeError);
  });

  it('forgets a dialog, and its timer', () => {
    const { results, finished, clock } = newResults();
    results.receiveEvent(event('moml.exit'));
    results.forget(ID);
    expect(clock.armed).toBe(0);
    expect(finished).toEqual([]);
    expect(results.receiveEvent(event('msml.dialog.exit'))).toBe(false);
  });
});

describe('msmlDialogMachine', () => {
  it('reaches every state', () => {
    expect(reachableStates(msmlDialogMachine, 'Running')).toEqual(new Set(Object.keys(msmlDialogMachine)));
  });

  it.each([
    ['Running', 'named event', 'Running', ['keep values']],
    ['Running', 'announced end', 'Ending', ['keep values', 'start Timer grace']],
    ['Running', 'msml.dialog.exit', 'Ended', ['keep values', 'finish']],
    ['Running', 'ended by request', 'Ending', ['start Timer grace']],
    ['Running', 'object is gone', 'Ending', ['start Timer grace']],
    ['Ending', 'named event', 'Ending', ['keep values']],
    ['Ending', 'announced end', 'Ending', ['keep values']],
    ['Ending', 'msml.dialog.exit', 'Ended', ['keep values', 'stop Timer grace', 'finish']],
    ['Ending', 'Timer grace', 'Ended', ['finish']],
  ] as const)('goes from %s on %s to %s', (state, name, to, actions) => {
    expect(msmlDialogMachine[state][name]).toEqual({ to, do: actions });
  });

  it('is the figure in docs', () => {
    const figure = readFileSync(join(__dirname, '../../../../docs/figures/msml-dialog.mmd'), 'utf8');
    expect(toMermaid(msmlDialogMachine, 'Running')).toBe(figure);
  });
});
