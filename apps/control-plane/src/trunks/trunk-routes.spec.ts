import type { PartyRoute, Route, RouteTable } from '@legato/b2bua';
import { silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { TrunkRoutes, TrunkUnavailable } from './trunk-routes';
import { TrunkTable } from './trunk-table';
import { parseTrunks } from './trunks-file';

const REGISTERED: PartyRoute = {
  to: 'sip:bob@example.com',
  mode: 'direct',
  targets: [{ uri: 'sip:bob@192.0.2.7' }],
};

function setUp(find: RouteTable['find'] = () => undefined) {
  const parsed = parseTrunks(
    JSON.stringify([
      { name: 'cheap', targets: ['sip:192.0.2.1'], prefixes: ['00'], mode: 'anchored' },
      {
        name: 'good',
        targets: ['sip:192.0.2.2:5070', 'sips:gw.example;transport=tcp'],
        prefixes: ['0049', '+'],
      },
    ]),
  );
  if (!parsed.ok) throw new Error(parsed.error);
  const clock = new FakeClock();
  const table = new TrunkTable({ trunks: parsed.value.trunks, clock, log: silentLog });
  const locate = (uri: string) =>
    Promise.resolve(uri === 'sip:bob@example.com' ? REGISTERED.targets : undefined);
  return { clock, table, routes: new TrunkRoutes({ find, locate }, table) };
}

describe('routes over trunks', () => {
  it.each([
    ['0041', 'sip:0041@192.0.2.1', 'cheap', 'anchored'],
    ['004930', 'sip:004930@192.0.2.2:5070', 'good', 'direct'],
    ['+49', 'sip:+49@192.0.2.2:5070', 'good', 'direct'],
  ])('%s leaves by the trunk with the longest prefix', (number, uri, account, mode) => {
    const route = setUp().routes.find(number, `sip:${number}@legato`) as PartyRoute;
    expect([route.targets?.[0], route.mode]).toEqual([{ uri, account, to: route.to }, mode]);
  });

  it('let other targets of the trunk be tried only when the one before fails', () => {
    const route = setUp().routes.find('+49', 'sip:+49@legato') as PartyRoute;
    expect(route.targets?.[1]).toEqual({
      uri: 'sips:+49@gw.example;transport=tcp',
      to: 'sip:+49@192.0.2.2',
      account: 'good',
      isBackup: true,
    });
  });

  it('know nothing of other numbers, and leave other routes alone', async () => {
    expect(setUp().routes.find('1000', 'sip:1000@legato')).toBeUndefined();
    expect(setUp(() => REGISTERED).routes.find('00', 'sip:00@legato')).toBe(REGISTERED);
    const later = setUp(() => Promise.resolve(REGISTERED)).routes.find('00', 'sip:00@legato');
    expect(await later).toBe(REGISTERED);
    const plain: Route = { to: 'sip:x@192.0.2.99', mode: 'direct' };
    expect(setUp(() => plain).routes.find('00', 'sip:00@legato')).toBe(plain);
    const menu: Route = { target: { kind: 'flow', name: 'menu' } };
    expect(setUp(() => menu).routes.find('00', 'sip:00@legato')).toBe(menu);
  });

  it.each(['sip:+1@good', 'sip:+1@GOOD', 'sip:+1@192.0.2.2:5070'])(
    'go over the trunk that %s names',
    async (to) => {
      const record = { mode: 'anchored', record: 'dual' } as const;
      const route = await setUp(() => Promise.resolve({ to, ...record })).routes.find('7', 'sip:7@legato');
      expect(route).toMatchObject({ ...record, to: 'sip:+1@192.0.2.2', targets: [{ account: 'good' }, {}] });
    },
  );

  it.each(['sip:+1@good:5060', 'sip:+1@192.0.2.2', 'sip:+1@good.example', 'tel:7;phone-context=x'])(
    'do not take %s for a trunk',
    async (to) => {
      expect(await setUp().routes.locate(to)).toBeUndefined();
    },
  );

  it('find the targets for calls over REST, and registered users as before', async () => {
    expect(await setUp().routes.locate('sip:+1@good')).toHaveLength(2);
    expect(await setUp().routes.locate('sip:bob@example.com')).toBe(REGISTERED.targets);
  });

  it('take a telephone number by its prefix, without separators (RFC 3966 §5.1.1)', async () => {
    expect(await setUp().routes.locate('tel:+1-(201)')).toMatchObject([
      { uri: 'sip:+1201@192.0.2.2:5070', to: 'sip:+1201@192.0.2.2', account: 'good' },
      {},
    ]);
  });

  it('have no target while all want to be left alone (RFC 3261 §21.5.4)', async () => {
    const { routes, table, clock } = setUp();
    table.reportFailure('sip:0041@192.0.2.1', 503, 10_000);
    await expect(routes.find('0041', 'sip:0041@legato')).rejects.toThrow(TrunkUnavailable);
    await expect(routes.locate('sip:1@cheap')).rejects.toThrow(TrunkUnavailable);
    clock.advance(10_000);
    expect(routes.find('0041', 'sip:0041@legato')).toBeDefined();
  });
});

describe('the targets of a trunk', () => {
  const first = (table: TrunkTable) => table.targetsFor(table.forNumber('+') as never, '+')[0]?.uri;

  it.each([408, 503])('come last after %d, until OPTIONS finds them up', (status) => {
    const { table } = setUp();
    table.reportFailure('sip:+@192.0.2.2:5070', status);
    expect(first(table)).toBe('sips:+@gw.example;transport=tcp');
    table.reportHealth('sip:192.0.2.2:5070', true);
    expect(first(table)).toBe('sip:+@192.0.2.2:5070');
  });

  it('keep their order after 500, which may be of one call', () => {
    const { table } = setUp();
    table.reportFailure('sip:+@192.0.2.2:5070', 500);
    expect(first(table)).toBe('sip:+@192.0.2.2:5070');
  });

  it('are left alone for an hour at most', () => {
    const { table, clock } = setUp();
    table.reportFailure('sip:+@192.0.2.2:5070', 503, 10 ** 12);
    clock.advance(3_599_999);
    expect(first(table)).toBe('sips:+@gw.example;transport=tcp');
    clock.advance(1);
    expect(first(table)).toBe('sip:+@192.0.2.2:5070');
  });

  it('of an unknown address are nobody’s', () => {
    const { table } = setUp();
    table.reportFailure('sip:x@198.51.100.1', 503, 1000);
    table.reportHealth('not a uri', false);
    expect(table.targets).toEqual(['sip:192.0.2.1', 'sip:192.0.2.2:5070', 'sips:gw.example;transport=tcp']);
  });
});
