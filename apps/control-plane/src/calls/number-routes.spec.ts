import { NumberRoutes } from './number-routes';

describe('routes by number', () => {
  const to = (name: string) => `sip:${name}@127.0.0.1`;
  const routes = new NumberRoutes([
    { number: '10*', to: to('ten'), mode: 'direct' },
    { number: '1000', to: to('exact'), mode: 'anchored', record: 'mono' },
    { number: '100*', to: to('hundred'), mode: 'direct' },
  ]);

  it.each([
    ['1000', 'exact'],
    ['1001', 'hundred'],
    ['100', 'hundred'],
    ['10', 'ten'],
    ['1055', 'ten'],
  ])('lead %s to the closest: %s', (number, name) => {
    expect(routes.find(number)).toMatchObject({ to: to(name) });
  });

  it.each(['', '1', '2000', '+1000'])('lead "%s" nowhere', (number) => {
    expect(routes.find(number)).toBeUndefined();
  });

  it('lead every other number to the prefix *', () => {
    const rest = new NumberRoutes([{ number: '*', to: to('rest'), mode: 'direct' }]);
    expect(rest.find('')).toMatchObject({ to: to('rest') });
  });
});
