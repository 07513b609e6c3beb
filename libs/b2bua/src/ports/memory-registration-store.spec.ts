import {
  CONTRACT_MAX_REGISTRATIONS,
  describeRegistrationStore,
  FakeClock,
  registeredBinding,
} from '@legato/testing';
import { MemoryEventLog } from './memory-event-log';
import { MemoryRegistrationStore } from './memory-registration-store';
import { REGISTRATION_GRACE_MS } from './registration-store';

describeRegistrationStore('memory', () => {
  const clock = new FakeClock();
  const events = new MemoryEventLog({ clock });
  const store = new MemoryRegistrationStore({ clock, events, maxRegistrations: CONTRACT_MAX_REGISTRATIONS });
  return Promise.resolve({
    store,
    other: store,
    events,
    now: () => clock.wallTime(),
    close: () => Promise.resolve(),
  });
});

describe('a registration store in memory', () => {
  it('forgets those without bindings after a while, whoever asks', async () => {
    const clock = new FakeClock();
    const store = new MemoryRegistrationStore({ clock, events: new MemoryEventLog({ clock }) });
    const now = clock.wallTime();
    const write = { sequence: 1, events: [], now };
    await store.write({
      ...write,
      aor: 'sip:a@x',
      expectedVersion: 0,
      opId: '1',
      bindings: [registeredBinding('sip:a@192.0.2.2', now)],
    });
    await store.write({ ...write, aor: 'sip:a@x', expectedVersion: 1, opId: '2', bindings: [] });
    clock.advance(REGISTRATION_GRACE_MS - 1);
    expect(await store.load('sip:a@x')).toMatchObject({ version: 2 });
    clock.advance(1);
    expect(await store.load('sip:a@x')).toBeUndefined();
  });
});
