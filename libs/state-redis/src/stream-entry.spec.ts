import { callEvent } from '@legato/testing';
import { toEvent } from './stream-entry';

describe('an entry of the event stream', () => {
  it('is an event with its id as the cursor', () => {
    const event = callEvent('call_1', 1);
    expect(toEvent(['5-0', ['e', JSON.stringify(event)]])).toEqual({ ...event, cursor: '5-0' });
  });

  it.each([[['x', '{}']], [[]], [['e', 'not JSON']], [['e']]])('that others wrote (%j) is none', (fields) => {
    expect(toEvent(['5-0', fields])).toBeUndefined();
  });
});
