import type { MsmlEvent } from '../core/event';
import { MsmlEventRouter } from './msml-event-router';

const eventOf = (id: string): MsmlEvent => ({ name: 'e', id, values: [] });

describe('MsmlEventRouter (§7.4)', () => {
  it('delivers to the listener of the dialog, or else of its conference or connection', () => {
    const router = new MsmlEventRouter();
    const heard: string[] = [];
    router.listen('conf:x', ({ id }) => heard.push(`conference ${id}`));
    router.listen('conf:x/dialog:y', ({ id }) => heard.push(`dialog ${id}`));
    router.listen('conn:c/dialog:d', ({ id }) => heard.push(`connection's ${id}`));
    for (const id of ['conf:x', 'conf:x/dialog:y', 'conf:x/dialog:z', 'conn:c/dialog:d']) {
      expect(router.route(eventOf(id))).toBe(true);
    }
    expect(heard).toEqual([
      'conference conf:x',
      'dialog conf:x/dialog:y',
      'conference conf:x/dialog:z',
      "connection's conn:c/dialog:d",
    ]);
    expect(router.unknown).toBe(0);
  });

  it('counts events that nobody waits for', () => {
    const router = new MsmlEventRouter();
    router.listen('conf:x', () => undefined);
    expect(router.route(eventOf('conf:X'))).toBe(false);
    expect(router.route(eventOf('nonsense'))).toBe(false);
    expect(router.unknown).toBe(2);
  });

  it('forgets a listener, but not the one that took its place', () => {
    const router = new MsmlEventRouter();
    const first = router.listen('conf:x', () => undefined);
    const second = router.listen('conf:x', () => undefined);
    first();
    expect(router.route(eventOf('conf:x'))).toBe(true);
    second();
    second();
    expect(router.route(eventOf('conf:x'))).toBe(false);
    expect(router.size).toBe(0);
  });

  it.each(['conf:*', 'conf:x/dialog:*', 'x', ''])('has no listener for %j', (id) => {
    expect(() => new MsmlEventRouter().listen(id, () => undefined)).toThrow(TypeError);
  });
});
