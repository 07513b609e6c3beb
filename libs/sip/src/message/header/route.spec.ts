import { Headers } from '../headers';
import { decodeRoutes, encodeRoutes, isLooseRoute } from './route';

describe('Route and Record-Route (§20.30, §20.34)', () => {
  const headers = new Headers([
    ['Record-Route', '<sip:p1;lr>, <sip:p2>'],
    ['Record-Route', '<sip:p3;LR=on>;x=y'],
    ['Route', 'broken'],
  ]);

  it('keep their order over fields and lists, and know loose routers (§16.12)', () => {
    const routes = decodeRoutes(headers, 'Record-Route');
    expect(routes?.map((route) => [route.uri, isLooseRoute(route)])).toEqual([
      ['sip:p1;lr', true],
      ['sip:p2', false],
      ['sip:p3;LR=on', true],
    ]);
    expect(encodeRoutes(routes ?? [])).toBe('<sip:p1;lr>, <sip:p2>, <sip:p3;LR=on>;x=y');
  });

  it('are refused as a whole when one is malformed', () => {
    expect(decodeRoutes(headers, 'Route')).toBeUndefined();
    expect(decodeRoutes(headers, 'Path')).toEqual([]);
  });
});
