import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachableStates, toMermaid } from '@legato/kernel';
import { decodeMsml, encodeMsml } from '../core/msml';
import type { MsmlOperation } from '../core/operations';
import type { MsmlExchangeState } from './msml-exchange';
import { MsmlExchange } from './msml-exchange';
import { msmlExchangeMachine } from './msml-exchange.machine';

const end = (name: string): MsmlOperation[] => [{ element: 'dialogend', id: `conn:1/dialog:${name}` }];
const resultBody = (content: string): Buffer => Buffer.from(`<msml version="1.1">${content}</msml>`);
const success = resultBody('<result response="200"/>');

function newExchange(state?: MsmlExchangeState) {
  const sent: { token: string; contentType: string; bytes: Uint8Array }[] = [];
  const exchange = new MsmlExchange({ sendInfo: (token, body) => sent.push({ token, ...body }) }, state);
  return { exchange, sent, tokens: () => sent.map(({ token }) => token) };
}

describe('MsmlExchange', () => {
  it('sends a request in an INFO body of MSML (§5)', () => {
    const { exchange, sent } = newExchange();
    exchange.submit('t1', end('a'));
    expect(sent).toHaveLength(1);
    expect(sent[0]?.contentType).toBe('application/msml+xml');
    expect(decodeMsml(sent[0]?.bytes ?? Buffer.alloc(0))).toEqual({
      ok: true,
      value: { kind: 'request', operations: end('a') },
    });
  });

  it('has one INFO outstanding, and sends the others in order when it is answered', () => {
    const { exchange, tokens } = newExchange();
    for (const token of ['t1', 't2', 't3']) exchange.submit(token, end(token));
    expect(tokens()).toEqual(['t1']);
    expect(exchange.receiveAnswer('t1', 200, success)).toMatchObject({
      token: 't1',
      ok: true,
      response: '200',
    });
    expect(tokens()).toEqual(['t1', 't2']);
    exchange.receiveAnswer('t2', 200, success);
    exchange.receiveAnswer('t3', 200, success);
    expect(tokens()).toEqual(['t1', 't2', 't3']);
    expect(exchange.state).toEqual({ outstanding: null, waiting: [] });
  });

  it('ignores an answer that nobody waits for', () => {
    const { exchange } = newExchange();
    expect(exchange.receiveAnswer('t1', 200, success)).toBeUndefined();
    exchange.submit('t1', end('a'));
    expect(exchange.receiveAnswer('t0', 200, success)).toBeUndefined();
    expect(exchange.state.outstanding).toBe('t1');
  });

  it('treats 200 OK with an MSML failure as a failure (§11)', () => {
    const { exchange } = newExchange();
    exchange.submit('t1', end('a'));
    const body = resultBody('<result response="430" mark="m7"><description>gone</description></result>');
    expect(exchange.receiveAnswer('t1', 200, body)).toEqual({
      token: 't1',
      ok: false,
      sipStatus: 200,
      response: '430',
      description: 'gone',
      lastMark: 'm7',
      confIds: [],
      dialogIds: [],
    });
  });

  it('explains a failure that comes without a description', () => {
    const { exchange } = newExchange();
    exchange.submit('t1', end('a'));
    expect(exchange.receiveAnswer('t1', 200, resultBody('<result response="520"/>'))).toMatchObject({
      ok: false,
      description: 'No resource to fulfil the request',
    });
  });

  it.each([
    ['no body', undefined, 'the answer has no MSML result'],
    ['an empty body', Buffer.alloc(0), 'the answer has no MSML result'],
    ['a body that is no XML', Buffer.from('<msml'), 'Bad request'],
    ['an event', resultBody('<event name="e" id="conf:1"/>'), 'no MSML result, but: event'],
    ['a request', resultBody(''), 'no MSML result, but: request'],
  ])('treats 200 OK with %s as a failure', (_what, body, description) => {
    const { exchange } = newExchange();
    exchange.submit('t1', end('a'));
    const outcome = exchange.receiveAnswer('t1', 200, body);
    expect(outcome).toMatchObject({ ok: false, sipStatus: 200 });
    expect(outcome?.description).toContain(description);
  });

  it('reads the result in a refusal too, and never takes it for success', () => {
    const { exchange } = newExchange();
    exchange.submit('t1', end('a'));
    exchange.submit('t2', end('b'));
    expect(exchange.receiveAnswer('t1', 503)).toMatchObject({
      ok: false,
      sipStatus: 503,
      description: 'SIP 503',
    });
    expect(exchange.receiveAnswer('t2', 400, success)).toMatchObject({
      ok: false,
      sipStatus: 400,
      response: '200',
    });
  });

  it('reports the identifiers that the server gave', () => {
    const { exchange } = newExchange();
    exchange.submit('t1', end('a'));
    const body = resultBody(
      '<result response="200"/><confid>conf:x</confid><dialogid>conf:x/dialog:y</dialogid>',
    );
    expect(exchange.receiveAnswer('t1', 200, body)).toMatchObject({
      ok: true,
      confIds: ['conf:x'],
      dialogIds: ['conf:x/dialog:y'],
    });
  });

  it('fails all that waits when the SIP dialog is gone', () => {
    const { exchange, tokens } = newExchange();
    expect(exchange.abort()).toEqual([]);
    for (const token of ['t1', 't2', 't3']) exchange.submit(token, end(token));
    expect(exchange.abort().map(({ token, ok, sipStatus }) => [token, ok, sipStatus])).toEqual([
      ['t1', false, 481],
      ['t2', false, 481],
      ['t3', false, 481],
    ]);
    expect(exchange.receiveAnswer('t1', 200, success)).toBeUndefined();
    expect(tokens()).toEqual(['t1']);
  });

  it('goes on from a stored state', () => {
    const first = newExchange();
    first.exchange.submit('t1', end('a'));
    first.exchange.submit('t2', end('b'));
    const stored = JSON.parse(JSON.stringify(first.exchange.state)) as MsmlExchangeState;
    const second = newExchange(stored);
    expect(second.exchange.receiveAnswer('t1', 200, success)?.ok).toBe(true);
    expect(second.tokens()).toEqual(['t2']);
    expect(second.sent[0]?.bytes).toEqual(encodeMsml({ kind: 'request', operations: end('b') }));
  });

  it('queues nothing that can not be written', () => {
    const { exchange } = newExchange();
    expect(() => exchange.submit('t1', end('\u0000'))).toThrow(TypeError);
    expect(exchange.state).toEqual({ outstanding: null, waiting: [] });
  });
});

describe('msmlExchangeMachine', () => {
  it('reaches every state', () => {
    expect(reachableStates(msmlExchangeMachine, 'Idle')).toEqual(new Set(Object.keys(msmlExchangeMachine)));
  });

  it.each([
    ['Idle', 'request', 'Awaiting result', ['send INFO']],
    ['Awaiting result', 'request', 'Awaiting result', ['queue request']],
    ['Awaiting result', 'final response, none waiting', 'Idle', ['result to TU']],
    [
      'Awaiting result',
      'final response, requests waiting',
      'Awaiting result',
      ['result to TU', 'send next INFO'],
    ],
    ['Awaiting result', 'dialog gone', 'Idle', ['fail all']],
  ] as const)('goes from %s on %s to %s', (state, event, to, actions) => {
    expect(msmlExchangeMachine[state][event]).toEqual({ to, do: actions });
  });

  it('is the figure in docs', () => {
    const figure = readFileSync(join(__dirname, '../../../../docs/figures/msml-exchange.mmd'), 'utf8');
    expect(toMermaid(msmlExchangeMachine, 'Idle')).toBe(figure);
  });
});
