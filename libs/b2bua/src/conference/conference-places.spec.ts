import { FakeClock } from '@legato/testing';
import { WeightedPool } from '../ports/weighted-pool';
import { ConferencePlaces } from './conference-places';

const server = (uri: string) => ({ id: uri, uri, dialect: 'rfc' as const, weight: 1 });

describe('the place of a conference', () => {
  const [ONE, TWO] = ['sip:192.0.2.1:5080', 'sip:192.0.2.2:5080'];
  let clock: FakeClock;
  let known: Record<string, string>;
  let places: ConferencePlaces;

  beforeEach(() => {
    clock = new FakeClock();
    known = {};
    const pool = new WeightedPool([server(ONE), server(TWO)], clock);
    places = new ConferencePlaces(clock, pool, (name) => known[name]);
  });

  it('is one media server for all who come before it is anywhere', () => {
    const first = places.find('room');
    expect([ONE, TWO]).toContain(first);
    expect([places.find('room'), places.find('room')]).toEqual([first, first]);
    expect(places.find('other')).not.toBe(first);
  });

  it('is where the conference is', () => {
    const first = places.find('room');
    known = { room: first === ONE ? TWO : ONE };
    expect(places.find('room')).toBe(known['room']);
  });

  it('is chosen anew when nobody came', () => {
    const first = places.find('room');
    clock.advance(60_000);
    expect(places.find('room')).not.toBe(first);
  });
});
