import { buildRequest } from '@legato/testing';
import fc from 'fast-check';
import { serialize } from '../message/serializer';
import { streamContentLength } from './content-length';
import { StreamFramer } from './stream-framer';

type Found = string;

function frame(chunks: readonly Buffer[]): Found[] {
  const found: Found[] = [];
  const framer = new StreamFramer({
    receiveFrame: (bytes) => found.push(`frame ${bytes.toString('latin1')}`),
    receivePing: () => found.push('ping'),
    receiveFault: (status, text, head) => found.push(`fault ${status} ${text} ${head.toString('latin1')}`),
  });
  for (const chunk of chunks) framer.push(chunk);
  return found;
}

function chop(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => Buffer.from(bytes.subarray(at[i], end)));
}

const oneByOne = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));
const message = (body: string): Buffer =>
  serialize(buildRequest({ method: 'INFO', branch: 'z9hG4bKf', callId: 'f', body }));

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 40 }).map((body) => message(body)) },
  { weight: 1, arbitrary: fc.constant(message('\r\n\r\nINVITE sip:hidden SIP/2.0\r\n\r\n')) },
  { weight: 2, arbitrary: fc.constantFrom('\r\n', '\r\n\r\n').map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('GET / HTTP/1.1\r\n\r\n', 'X\r\nl: 1\r\nl: 1\r\n\r\n', 'X\r\nl: 99999\r\n\r\n', '\rX')
      .map((text) => Buffer.from(text)),
  },
);

describe('stream framing (§18.3)', () => {
  it('finds the same however the stream is chopped', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (pieces, cuts) => {
          const bytes = Buffer.concat(pieces);
          const whole = frame([bytes]);
          expect(frame(chop(bytes, cuts))).toEqual(whole);
          expect(frame(oneByOne(bytes))).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes several messages out of one segment, bodies untouched', () => {
    const a = message('a\r\n\r\nb');
    const b = message('');
    expect(frame([Buffer.concat([a, b])])).toEqual([
      `frame ${a.toString('latin1')}`,
      `frame ${b.toString('latin1')}`,
    ]);
  });

  it('answers each CRLF CRLF between messages, and nothing else, with a pong (RFC 5626 §3.5.1)', () => {
    const a = message('x');
    const text = (bytes: Buffer): string => `frame ${bytes.toString('latin1')}`;
    expect(
      frame([Buffer.from('\r\n\r\n'), a, Buffer.from('\r\n'), a, Buffer.from('\r\n\r\n\r\n\r\n')]),
    ).toEqual(['ping', text(a), text(a), 'ping', 'ping']);
  });

  it.each([
    ['missing', 'Missing Content-Length', ''],
    ['empty', 'Malformed Content-Length', 'Content-Length:\r\n'],
    ['negative', 'Malformed Content-Length', 'Content-Length: -5\r\n'],
    ['signed', 'Malformed Content-Length', 'Content-Length: +5\r\n'],
    ['in another notation', 'Malformed Content-Length', 'Content-Length: 1e3\r\n'],
    ['beyond 32 bits', 'Malformed Content-Length', 'Content-Length: 4294967328\r\n'],
    ['there twice, even with one value', 'More than one Content-Length', 'Content-Length: 0\r\nl: 0\r\n'],
    ['a list', 'Malformed Content-Length', 'Content-Length: 0, 0\r\n'],
  ])('stops for good when Content-Length is %s (RFC 4475 §3.1.2.2, §3.3.9)', (_what, fault, field) => {
    const broken = Buffer.from(`INFO sip:a SIP/2.0\r\n${field}\r\n`);
    const found = frame([broken, message('after')]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`fault 400 ${fault} INFO sip:a`);
  });

  it.each([
    ['any case', 'cONTENT-lENGTH: 3'],
    ['the compact form', 'l:3'],
    ['blanks before the colon', 'Content-Length \t: 3  '],
    ['a folded value', 'Content-Length:\r\n \t3'],
    ['leading zeros', 'Content-Length: 0003'],
  ])('reads Content-Length in %s (§7.3.1)', (_what, field) => {
    expect(streamContentLength(`INFO sip:a SIP/2.0\r\nX: y\r\n${field}\r\nZ: z`)).toBe(3);
  });

  it('does not take Content-Length from inside another line', () => {
    expect(streamContentLength('INFO sip:a SIP/2.0\r\nX: y\nContent-Length: 3')).toBe(
      'Missing Content-Length',
    );
    expect(streamContentLength('INFO sip:a SIP/2.0\r\nX: y\r\n Content-Length: 3')).toBe(
      'Missing Content-Length',
    );
  });

  it('does not take Content-Length from the start line', () => {
    expect(streamContentLength('Content-Length: 3\r\nX: y')).toBe('Missing Content-Length');
  });

  it('refuses a head without an end and a message above 64 KiB with 413', () => {
    const endless = Array.from({ length: 70 }, () => Buffer.alloc(1024, 'a'));
    expect(frame(endless)[0]).toMatch(/^fault 413 Message too large aaa/);
    const long = Buffer.from(`INFO sip:a SIP/2.0\r\nContent-Length: 65530\r\n\r\n`);
    expect(frame([long])[0]).toMatch(/^fault 413 /);
  });

  it('costs time in proportion to the bytes, one byte at a time', () => {
    const time = (bytes: number): number => {
      const chunks = oneByOne(Buffer.from(`INFO sip:a SIP/2.0\r\nX: ${'a'.repeat(bytes)}\r\nl: 0\r\n\r\n`));
      const start = performance.now();
      expect(frame(chunks)).toHaveLength(1);
      return performance.now() - start;
    };
    time(8_000);
    const small = Math.min(time(8_000), time(8_000), time(8_000));
    const large = Math.min(time(32_000), time(32_000), time(32_000));
    expect(large / small).toBeLessThan(10);
  });
});
