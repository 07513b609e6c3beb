import fc from 'fast-check';
import { parseObjectId, rootOfObjectId } from './object-id';

describe('parseObjectId', () => {
  it.each([
    ['conn:74jgd63956ts', { connection: '74jgd63956ts' }],
    ['conf:abc', { conference: 'abc' }],
    ['conf:abc/dialog:recorder', { conference: 'abc', dialog: 'recorder' }],
    ['conf:002221c6082350d233/dialog:PRLeg708', { conference: '002221c6082350d233', dialog: 'PRLeg708' }],
    ['conn:f0bcb528-8d409892-13c4-50022', { connection: 'f0bcb528-8d409892-13c4-50022' }],
    ['conn:a:b/dialog:c:d', { connection: 'a:b', dialog: 'c:d' }],
    ['conn:TaG.~%!', { connection: 'TaG.~%!' }],
    ['conn:*', { connection: '*' }],
    ['conf:abc/dialog:*', { conference: 'abc', dialog: '*' }],
  ])('reads %s (§6.2)', (id, parts) => {
    expect(parseObjectId(id)).toEqual(parts);
  });

  it.each([
    '',
    'abc',
    'conn:',
    'conf:/dialog:x',
    'conf:a/dialog:',
    'dialog:x',
    'conf:*/dialog:73849',
    'conf:a*',
    'conf:a/dialog:b*',
    'conf:a/dialog:b/play',
    'conf:a/oper:b',
    'conf:a b',
    'Conf:a',
    'conn:a\n',
    `conn:${'x'.repeat(2000)}`,
  ])('refuses %j (§6.2)', (id) => {
    expect(parseObjectId(id)).toBeUndefined();
  });

  it('names the root of a dialog', () => {
    expect(rootOfObjectId('conf:x/dialog:y')).toBe('conf:x');
    expect(rootOfObjectId('conn:x')).toBe('conn:x');
    expect(rootOfObjectId('x')).toBeUndefined();
  });

  it('is put together again from its parts', () => {
    const name = fc.stringMatching(/^[^/\s*]{1,30}$/);
    fc.assert(
      fc.property(name, name, (conference, dialog) => {
        expect(parseObjectId(`conf:${conference}/dialog:${dialog}`)).toEqual({ conference, dialog });
      }),
    );
  });
});
