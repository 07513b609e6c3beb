import { fieldErrors } from '../errors/field-errors';
import { createCallSchema, listCallsSchema } from './call';

const valid = {
  from: 'sip:alice@example.com',
  to: ['sip:1000@127.0.0.1:6000', 'sip:bob@[::1]:5070;transport=udp'],
};

function refusalOf(body: unknown) {
  const outcome = createCallSchema.safeParse(body);
  return outcome.success ? [] : fieldErrors(outcome.error, 'body').map(({ pointer }) => pointer);
}

describe('the body of POST /v1/calls', () => {
  it('takes two parties and is anchored unless it says otherwise', () => {
    expect(createCallSchema.parse(valid)).toEqual({ ...valid, mode: 'anchored' });
  });

  it('takes metadata in any language', () => {
    const metadata = { 'ticket.id': '4711', note: 'Dvořák 上海 čĉ 🎻' };
    expect(createCallSchema.parse({ ...valid, metadata }).metadata).toEqual(metadata);
  });

  it.each([
    ['CR LF', 'sip:a@b\r\nRoute: <sip:evil;lr>'],
    ['LF alone', 'sip:a\n@b'],
    ['NUL', 'sip:a\u0000@b'],
    ['U+0085', 'sip:a\u0085@b'],
    ['U+2028', 'sip:a\u2028@b'],
    ['what narrows to CR LF', 'sip:a\u010d\u010aX-Evil: 1@b'],
    ['letters beyond ASCII', 'sip:é@b'],
    ['quotes', 'sip:"a"@b'],
    ['angle brackets', 'sip:a@b>;evil=<'],
    ['a blank', 'sip:a b@c'],
    ['an escaped CR LF', 'sip:a%0d%0aX@b'],
    ['an escaped DEL', 'sip:a%7F@b'],
    ['a lone percent sign', 'sip:100%@b'],
    ['a header part', 'sip:a@b?Replaces=x'],
    ['another scheme', 'http://a@b'],
    ['a scheme and nothing else', 'sip:'],
    ['an empty text', ''],
    ['257 characters', `sip:${'a'.repeat(251)}@b`],
    ['a number', 1000],
    ['null', null],
  ])('refuses a URI with %s', (_what, uri) => {
    expect(refusalOf({ ...valid, from: uri })).toEqual(['/from']);
    expect(refusalOf({ ...valid, to: [valid.to[0], uri] })).toEqual(['/to/1']);
  });

  it.each([
    ['CR LF', 'a\r\nb'],
    ['U+0085', 'a\u0085b'],
    ['U+2029', 'a\u2029b'],
    ['half a surrogate pair', 'a\ud800b'],
    ['what narrows to CR LF', 'a\u010d\u010ab'],
    ['513 characters', 'a'.repeat(513)],
  ])('refuses metadata with %s', (_what, text) => {
    expect(refusalOf({ ...valid, metadata: { note: text } })).toContain('/metadata/note');
  });

  it.each([
    ['an unknown field', { ...valid, mood: 'good' }, ['/mood']],
    ['an unknown field within', { ...valid, record: { channels: 'mono', 'a/b~c': 1 } }, ['/record/a~1b~0c']],
    ['no destination', { ...valid, to: [] }, ['/to']],
    ['three destinations', { ...valid, to: [...valid.to, 'sip:c@d'] }, ['/to']],
    ['a direct call with one party', { ...valid, to: ['sip:a@b'], mode: 'direct' }, ['/to']],
    ['a flow for two parties', { ...valid, flow: 'menu' }, ['/to']],
    ['a flow and a conference', { ...valid, to: ['sip:a@b'], flow: 'x', conference: 'y' }, ['/conference']],
    [
      'a webhook beside a flow',
      { ...valid, to: ['sip:a@b'], flow: 'x', webhook: 'https://app.example/' },
      ['/webhook'],
    ],
    ['a webhook for two parties', { ...valid, webhook: 'https://app.example/' }, ['/to']],
    ['a webhook that is no URL', { ...valid, to: ['sip:a@b'], webhook: 'crm' }, ['/webhook']],
    ['a name with a slash', { ...valid, to: ['sip:a@b'], conference: 'a/b' }, ['/conference']],
    ['another mode', { ...valid, mode: 'loose' }, ['/mode']],
    ['a name of metadata with a line break', { ...valid, metadata: { 'a\r\n': 'b' } }, ['/metadata/a\r\n']],
    ['a fraction of a second', { ...valid, timeout_s: 1.5 }, ['/timeout_s']],
    ['no object', [], ['']],
    [
      'an own __proto__',
      JSON.parse(`{"from":"sip:a@b","to":["sip:c@d"],"__proto__":{"mode":"direct"}}`),
      ['/__proto__'],
    ],
  ])('refuses %s', (_what, body, pointers) => {
    expect(refusalOf(body)).toEqual(pointers);
  });

  it('names 20 errors at most', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`field${i}`, i]));
    expect(refusalOf({ ...valid, ...many })).toHaveLength(20);
  });
});

describe('the query of GET /v1/calls', () => {
  it('reads numbers from text', () => {
    expect(listCallsSchema.parse({ limit: '7', state: 'held' })).toEqual({ limit: 7, state: 'held' });
    expect(listCallsSchema.parse({})).toEqual({ limit: 20 });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: 'x' },
    { limit: ['1', '2'] },
    { state: 'x' },
    { cursor: 'a b' },
    { page: '2' },
  ])('refuses %j', (query) => {
    const outcome = listCallsSchema.safeParse(query);
    expect(outcome.success).toBe(false);
    if (!outcome.success)
      expect(fieldErrors(outcome.error, 'query')[0]?.parameter).toBe(Object.keys(query)[0]);
  });
});
