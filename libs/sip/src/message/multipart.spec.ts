import { Headers } from './headers';
import type { BodyPart } from './multipart';
import { bodyParts, decodeMultipart, encodeMultipart, isOptionalPart, MAX_BODY_PARTS } from './multipart';

const TYPE = 'multipart/mixed;boundary="unique-boundary-1"';
const part = (type: string, body: Buffer | string, disposition?: string): BodyPart => ({
  headers: new Headers([
    ['Content-Type', type],
    ...(disposition ? [['Content-Disposition', disposition] as const] : []),
  ]),
  body: Buffer.from(body),
});
const summary = (parts: BodyPart[] | undefined) =>
  parts?.map((each) => [each.headers.get('Content-Type'), each.body.toString('latin1')]);

describe('multipart bodies (RFC 5621, RFC 2046 §5.1)', () => {
  const binary = Buffer.from([0, 0xff, 0x0d, 0x0a, 0x2d, 0x2d, 0]);

  it('come apart as they were put together, byte for byte', () => {
    const parts = [
      part('application/sdp', 'v=0\r\n'),
      part('application/msml+xml', '<msml/>'),
      part('application/x', binary),
    ];
    const bytes = encodeMultipart(parts, 'unique-boundary-1');
    const read = decodeMultipart(bytes, TYPE);
    expect(summary(read)).toEqual(summary(parts));
    expect(read?.[2]?.body).toEqual(binary);
  });

  it('have preamble and epilogue, blanks after a boundary, and parts without headers', () => {
    const text =
      'preamble\r\n--unique-boundary-1 \t\r\n\r\nplain\r\n--unique-boundary-1\r\nC: text/x\r\n\r\n\r\n--unique-boundary-1--\r\nepilogue';
    expect(summary(decodeMultipart(Buffer.from(text), TYPE))).toEqual([
      [undefined, 'plain'],
      ['text/x', ''],
    ]);
  });

  it('do not end at text that only looks like a boundary', () => {
    const text =
      '--unique-boundary-1\r\n\r\na --unique-boundary-1\r\n--unique-boundary-12\r\n\r\n--unique-boundary-1--';
    expect(summary(decodeMultipart(Buffer.from(text), TYPE))).toEqual([
      [undefined, 'a --unique-boundary-1\r\n--unique-boundary-12\r\n'],
    ]);
  });

  it.each([
    ['no boundary in the type', 'multipart/mixed', '--x--'],
    ['a boundary that is too long', `multipart/mixed;boundary=${'b'.repeat(71)}`, ''],
    ['no boundary in the body', TYPE, 'text'],
    ['no last boundary', TYPE, '--unique-boundary-1\r\n\r\na'],
    ['a part without the blank line', TYPE, '--unique-boundary-1\r\nC: a/b\r\n--unique-boundary-1--'],
    ['a malformed type', 'multipart', ''],
  ])('are refused for %s', (_what, type, body) => {
    expect(decodeMultipart(Buffer.from(body), type)).toBeUndefined();
  });

  it('have a bounded number of parts', () => {
    const of = (count: number) =>
      encodeMultipart(new Array<BodyPart>(count).fill(part('a/b', 'x')), 'unique-boundary-1');
    expect(decodeMultipart(of(MAX_BODY_PARTS), TYPE)).toHaveLength(MAX_BODY_PARTS);
    expect(decodeMultipart(of(MAX_BODY_PARTS + 1), TYPE)).toBeUndefined();
  });

  it('are not written when a part holds the boundary', () => {
    expect(() => encodeMultipart([part('a/b', 'x --bb y')], 'bb')).toThrow(TypeError);
  });

  it('are flattened with those inside them', () => {
    const inner = encodeMultipart([part('application/sdp', 'v=0'), part('text/plain', 'hi')], 'in');
    const outer = encodeMultipart(
      [part('multipart/alternative;boundary=in', inner), part('a/b', 'x')],
      'unique-boundary-1',
    );
    expect(summary(bodyParts(TYPE, outer))).toEqual([
      ['application/sdp', 'v=0'],
      ['text/plain', 'hi'],
      ['a/b', 'x'],
    ]);
    expect(summary(bodyParts('application/sdp', Buffer.from('v=0')))).toEqual([['application/sdp', 'v=0']]);
    expect(bodyParts(undefined, Buffer.alloc(0))).toEqual([]);
    expect(bodyParts('multipart/mixed;boundary=x', Buffer.from('broken'))).toBeUndefined();
  });

  it('may be nested three deep', () => {
    const nest = (depth: number): Buffer =>
      depth === 0
        ? Buffer.from('x')
        : encodeMultipart(
            [part(depth === 1 ? 'a/b' : `multipart/mixed;boundary=n${depth - 1}`, nest(depth - 1))],
            `n${depth}`,
          );
    expect(bodyParts('multipart/mixed;boundary=n3', nest(3))).toHaveLength(1);
    expect(bodyParts('multipart/mixed;boundary=n4', nest(4))).toBeUndefined();
  });

  it('tell which part may be ignored (RFC 5621 §8)', () => {
    expect(isOptionalPart(part('a/b', '', 'render;handling=optional'))).toBe(true);
    expect(isOptionalPart(part('a/b', '', 'session'))).toBe(false);
    expect(isOptionalPart(part('a/b', ''))).toBe(false);
  });
});
