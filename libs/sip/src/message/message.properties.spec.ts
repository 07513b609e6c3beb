import fc from 'fast-check';
import { Headers } from './headers';
import { parseDatagram } from './message.parser';
import { bodyParts } from './multipart';
import { NameAddr } from './name-addr';
import { salvageResponse } from './salvage';
import { serialize } from './serializer';
import type { SipMessage } from './sip-message';
import { SipRequest } from './sip-request';
import { SipResponse } from './sip-response';
import { SipUri } from './sip-uri';
import { Via } from './via';

const chars = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const token = chars("abcXYZ019-.!%*_+`'~", 1, 12);
const host = fc.oneof(
  chars('abcdef019-.', 1, 20).filter((text) => /^[a-f0-9]/.test(text)),
  fc.ipV4(),
  fc.constantFrom('[2001:db8::1]', '[::ffff:192.0.2.1]'),
);
/** Anything that may stand in a value: no control characters, no blanks at its ends. */
const value = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map((text) => [...text].filter((each) => each >= ' ' && !/[\ud800-\udfff]/.test(each)).join(''))
  .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''));
const extension = fc.tuple(
  token.filter((name) => name.length > 3).map((name) => `X-${name}`),
  value,
);

const head = fc
  .record({
    host,
    branch: token,
    user: token,
    tag: token,
    toTag: fc.option(token),
    callId: token,
    number: fc.nat(),
    method: token,
  })
  .map((parts) => ({
    method: parts.method,
    entries: [
      ['Via', `SIP/2.0/UDP ${parts.host};branch=z9hG4bK${parts.branch}`],
      ['From', `"${parts.user}" <sip:${parts.tag.replaceAll('%', '')}@${parts.host}>;tag=${parts.tag}`],
      ['To', parts.toTag === null ? `<sip:${parts.host}>` : `<sip:${parts.host}>;tag=${parts.toTag}`],
      ['Call-ID', parts.callId],
      ['CSeq', `${parts.number} ${parts.method}`],
      ['Max-Forwards', '70'],
    ] as [string, string][],
  }));
const message = fc
  .tuple(
    head,
    fc.array(extension, { maxLength: 8 }),
    fc.uint8Array({ maxLength: 200 }),
    host,
    fc.option(fc.integer({ min: 100, max: 699 })),
    value,
  )
  .map(([core, extensions, body, target, status, reason]): SipMessage => {
    const headers = new Headers([...core.entries, ...extensions]);
    return status === null
      ? new SipRequest(core.method, `sip:${target}`, headers, body)
      : new SipResponse(status, reason, headers, body);
  });

const fieldsOf = (each: SipMessage) =>
  [...each.headers.entries()].filter(([name]) => name !== 'Content-Length');
const startOf = (each: SipMessage) =>
  each.kind === 'request' ? [each.method, each.requestUri] : [each.status, each.reason];

/** Every reading there is: none may throw, whatever the parser let through. */
function readAll(each: SipMessage): void {
  const uri = each.kind === 'request' ? each.uri : undefined;
  void [
    each.via,
    each.from,
    each.to,
    each.cseq,
    each.callId,
    each.contact,
    each.maxForwards,
    each.contentType,
    uri?.userText,
  ];
  for (const [name] of each.headers.entries()) each.headers.getAll(name);
  bodyParts(each.headers.get('Content-Type'), each.body);
}

function survives(bytes: Buffer): void {
  const outcome = parseDatagram(bytes);
  if (outcome.ok) {
    readAll(outcome.message);
    const written = parseDatagram(serialize(outcome.message));
    if (!written.ok) throw new Error(`not read again: ${written.error.text}`);
    if (outcome.message.kind === 'request') serialize(SipResponse.to(outcome.message, 500, { toTag: 'x' }));
    readAll(outcome.message.clone());
  } else {
    const response = salvageResponse(outcome.error.salvage, outcome.error.status, outcome.error.text);
    if (response) serialize(response);
  }
}

describe('properties of the message layer', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(message, (original) => {
        const outcome = parseDatagram(serialize(original));
        if (!outcome.ok) throw new Error(outcome.error.text);
        expect(startOf(outcome.message)).toEqual(startOf(original));
        expect(fieldsOf(outcome.message)).toEqual(fieldsOf(original));
        expect([...outcome.message.body]).toEqual([...original.body]);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => survives(Buffer.from(bytes))),
      { numRuns: 500 },
    );
  });

  it('never throws for a message with bytes changed, put in or taken out', () => {
    const edit = fc.record({ at: fc.nat(), remove: fc.nat(4), insert: fc.uint8Array({ maxLength: 4 }) });
    fc.assert(
      fc.property(message, fc.array(edit, { minLength: 1, maxLength: 4 }), (original, edits) => {
        let bytes = serialize(original);
        for (const { at, remove, insert } of edits) {
          const start = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
        }
        survives(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws for lines put together from what parsers stumble over', () => {
    const piece = fc.constantFrom(
      ...[
        'Via',
        'To',
        'm',
        ':',
        ' ',
        '\t',
        '\r\n',
        '\r\n ',
        '\n',
        '"',
        '\\',
        '<',
        '>',
        ';',
        ',',
        '=',
        '@',
        '%',
        '%00',
        '[',
        ']',
        '::',
      ],
      ...[
        'SIP/2.0',
        '/UDP',
        'sip:',
        'tel:+1',
        'tag',
        'branch=z9hG4bK',
        '1 INVITE',
        'multipart/mixed;boundary=b',
        '--b',
        '\0',
        'é',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        survives(Buffer.from(`INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n${pieces.join('')}\r\n\r\n`));
        const text = pieces.join('');
        void [
          SipUri.parse(text)?.equals(SipUri.parse(text) as SipUri),
          String(NameAddr.parse(text)),
          String(Via.parse(text)),
        ];
      }),
      { numRuns: 2000 },
    );
  });

  it('has one reading for a URI, an address and a Via that it has written', () => {
    fc.assert(
      fc.property(host, token, value, (where, word, display) => {
        const uri = SipUri.of({ user: display || 'x', host: where.replace(/[[\]]/g, ''), port: 5060 });
        expect(SipUri.parse(String(uri))?.userText).toBe(display || 'x');
        const address = NameAddr.of({ uri: String(uri), displayName: display, tag: word });
        const again = NameAddr.parse(String(address));
        expect([again?.displayName ?? '', again?.tag, again?.uri]).toEqual([display, word, String(uri)]);
        const via = Via.of({ protocol: 'UDP', host: where.replace(/[[\]]/g, ''), port: 1, branch: word });
        expect(String(Via.parse(String(via)))).toBe(String(via));
      }),
    );
  });
});
