import { MAX_HEADER_FIELDS, MAX_LINE_BYTES, MAX_MESSAGE_BYTES, MAX_VIAS } from './limits';
import { parseDatagram } from './message.parser';
import { serialize } from './serializer';
import type { SipMessage, SipParseError } from './sip-message';
import type { SipRequest } from './sip-request';

const CORE = {
  via: 'Via: SIP/2.0/UDP a.example;branch=z9hG4bK1',
  from: 'From: <sip:a@b>;tag=f',
  to: 'To: <sip:c@d>',
  callId: 'Call-ID: x@y',
  cseq: 'CSeq: 1 INFO',
  maxForwards: 'Max-Forwards: 70',
};
type Core = Partial<Record<keyof typeof CORE, string>>;

/** An INFO request with lines replaced, left out (by '') or added. */
function text(
  changes: Core = {},
  extra: readonly string[] = [],
  body = '',
  start = 'INFO sip:c@d SIP/2.0',
): string {
  const lines = Object.values({ ...CORE, ...changes }).filter((line) => line !== '');
  return [start, ...lines, ...extra, '', body].join('\r\n');
}
const parse = (wire: string, encoding: BufferEncoding = 'utf8') => parseDatagram(Buffer.from(wire, encoding));

function accepted(wire: string): SipMessage {
  const outcome = parse(wire);
  if (!outcome.ok) throw new Error(outcome.error.text);
  return outcome.message;
}
function request(wire: string): SipRequest {
  const message = accepted(wire);
  if (message.kind !== 'request') throw new Error('a response');
  return message;
}
function refused(wire: string): SipParseError {
  const outcome = parse(wire);
  if (outcome.ok) throw new Error('accepted');
  return outcome.error;
}

describe('framing of a datagram (§18.3)', () => {
  it('ignores bytes beyond Content-Length', () => {
    expect(Buffer.from(accepted(text({}, ['Content-Length: 2'], 'abcd')).body).toString()).toBe('ab');
  });

  it.each(['3', '-1', '+2', '1e1', '0x2', ' ', '2 2', '4294967298', '4294967328', '99999999999999999999'])(
    'refuses Content-Length %j for two bytes',
    (length) => {
      expect(refused(text({}, [`Content-Length: ${length}`], 'ab')).status).toBe(400);
    },
  );

  it('takes the rest of the datagram without Content-Length', () => {
    expect(Buffer.from(accepted(text({}, [], 'abc')).body).toString()).toBe('abc');
  });

  it('refuses a second Content-Length, equal or in compact form (RFC 4475 §3.3.9)', () => {
    expect(refused(text({}, ['Content-Length: 0', 'l: 0'])).text).toBe('More than one Content-Length');
  });

  it('keeps the body as bytes of the datagram', () => {
    const head = Buffer.from(text({}, ['Content-Length: 4']));
    const datagram = Buffer.concat([head, Buffer.from([0, 0xff, 0x0d, 0x80])]);
    const outcome = parseDatagram(datagram);
    const body = outcome.ok ? outcome.message.body : Buffer.alloc(0);
    expect([...body]).toEqual([0, 0xff, 0x0d, 0x80]);
    expect(body.buffer).toBe(datagram.buffer);
  });

  it('ignores line ends before the start line (§7.5)', () => {
    expect(request(`\r\n\r\n\r\n${text()}`).method).toBe('INFO');
  });

  it.each(['', '\r\n', '\r\n\r\n', '\0\0\0\0', 'INFO sip:c@d SIP/2.0', 'INFO sip:c@d SIP/2.0\r\n'])(
    'refuses %j',
    (wire) => {
      expect(refused(wire)).toMatchObject({ status: 400, isResponse: false });
    },
  );
});

describe('header fields (§7.3)', () => {
  it('unfolds continuation lines (§7.3.1)', () => {
    const info = request(text({}, ['Subject: I know   ', '  you are there,', '\t pick up']));
    expect(info.headers.get('Subject')).toBe('I know you are there, pick up');
    expect(request(text({ cseq: 'CSeq:\r\n 1\r\n INFO' })).cseq).toEqual({ number: 1, method: 'INFO' });
  });

  it('takes names in any case, in compact form, and blanks around the colon (§7.3.1, §7.3.3)', () => {
    const info = request(
      text(
        {
          via: 'v:SIP/2.0/UDP a;branch=z9hG4bK1',
          from: 'F \t: <sip:a@b>;tag=f',
          to: 'tO:<sip:c@d>',
          callId: 'i:  x',
        },
        ['k: timer', 's :'],
      ),
    );
    expect([...info.headers.entries()].map(([name]) => name)).toEqual([
      'Via',
      'From',
      'To',
      'Call-ID',
      'CSeq',
      'Max-Forwards',
      'Supported',
      'Subject',
    ]);
    expect([info.callId, info.headers.get('Subject')]).toEqual(['x', '']);
  });

  it('takes nothing but SP and HTAB before the colon', () => {
    for (const name of ['To\x01', 'To\0', 'To\x0b', 'To\xa0', 'To\x7f', 'T o']) {
      expect(refused(text({}, [`${name}: <sip:victim@d>`])).status).toBe(400);
    }
  });

  it('writes what it read so that it reads the same (RFC 4475 §3.1.1.1)', () => {
    const info = request(text({}, ['Subject: a\r\n b', 'm: <sip:a@b>  ', 'X-Own:\t1']));
    const again = request(serialize(info).toString());
    const fields = [...info.headers.entries()];
    expect([...again.headers.entries()]).toEqual([...fields, ['Content-Length', '0']]);
  });

  it.each([
    ['a field without a name', ': x'],
    ['a line without a colon', 'Subject'],
    ['a bare LF', 'Subject: a\nTo: b'],
    ['a bare CR', 'Subject: a\rb'],
    ['a NUL', 'Subject: a\0b'],
    ['another control character', 'Subject: a\x1bb'],
    ['a quoted LF', 'Subject: "a\\\nTo: b"'],
  ])('refuses %s', (_what, line) => {
    expect(refused(text({}, [line])).status).toBe(400);
  });

  it('refuses a continuation before the first field', () => {
    expect(refused(`INFO sip:c@d SIP/2.0\r\n ${text().slice(22)}`).status).toBe(400);
  });

  it('reads a quoted control character as a question mark (§25.1 quoted-pair)', () => {
    expect(request(text({ to: 'To: "a\\\x07b\\\0" <sip:c@d>' })).headers.get('To')).toBe(
      '"a\\?b\\?" <sip:c@d>',
    );
  });

  it('compares methods and tokens in their case, parameter names in any (§7.1, §7.3.1)', () => {
    const lower = request(
      text({ cseq: 'CSeq: 1 info', from: 'From: <sip:a@b>;Tag=f' }, [], '', 'info sip:c@d SIP/2.0'),
    );
    expect([lower.method, lower.from.tag]).toEqual(['info', 'f']);
    expect(refused(text({ cseq: 'CSeq: 1 info' })).text).toBe('CSeq method mismatch');
  });

  it('reads a head in UTF-8, and as Latin-1 where it is not (§7.3.1)', () => {
    expect(request(text({ from: 'From: "\u5f20\u4e09" <sip:a@b>;tag=f' })).from.displayName).toBe(
      '\u5f20\u4e09',
    );
    const latin1 = parse(
      text({ from: 'From: "M\xfcller" <sip:a@b>;tag=f', to: 'To: "x" <sip:c@d>' }),
      'latin1',
    );
    expect(latin1.ok && latin1.message.from.displayName).toBe('M\xfcller');
    expect(request(text({}, [], '', 'INFO sip:\u5f20@d SIP/2.0')).requestUri).toBe('sip:\u5f20@d');
  });

  it('keeps the offset of the body behind a head that is not ASCII', () => {
    expect(
      Buffer.from(
        accepted(text({ from: 'From: "\u5f20" <sip:a@b>;tag=f' }, ['Content-Length: 3'], 'abc')).body,
      ).toString(),
    ).toBe('abc');
  });
});

describe('mandatory fields (§8.1.1)', () => {
  it.each(['via', 'from', 'to', 'callId', 'cseq'] as const)('refuses a request without %s', (field) => {
    expect(refused(text({ [field]: '' }))).toMatchObject({ status: 400 });
  });

  it('does without Max-Forwards, From tag, branch and Content-Length of RFC 2543 peers', () => {
    const old = request(text({ maxForwards: '', from: 'From: <sip:a@b>', via: 'Via: SIP/2.0/UDP a' }));
    expect([old.maxForwards, old.from.tag, old.via.branch]).toEqual([undefined, undefined, undefined]);
  });

  it.each(['from', 'to', 'callId', 'cseq', 'maxForwards'] as const)(
    'refuses a second %s (RFC 4475 §3.3.8)',
    (field) => {
      expect(refused(text({}, [CORE[field]])).text).toMatch(/^More than one/);
    },
  );

  it.each([
    'Event: a',
    'Refer-To: <sip:a@b>',
    'Replaces: a;to-tag=b;from-tag=c',
    'RAck: 1 1 INVITE',
    'Content-Type: a/b',
  ])('refuses a second %j, where one value is all there may be', (line) => {
    expect(refused(text({}, [line, line])).status).toBe(400);
  });

  it.each([
    ['CSeq: 4294967296 INFO', 'Malformed CSeq'],
    ['CSeq: -1 INFO', 'Malformed CSeq'],
    ['CSeq: INFO', 'Malformed CSeq'],
    ['CSeq: 1', 'Malformed CSeq'],
    ['CSeq: 1 INFO x', 'Malformed CSeq'],
    ['CSeq: 1 INVITE', 'CSeq method mismatch'],
  ])('refuses %j (§20.16)', (cseq, fault) => {
    expect(refused(text({ cseq }))).toMatchObject({ status: 400, text: fault });
  });

  it('takes a CSeq of 2^32 - 1 and leading zeros', () => {
    expect(request(text({ cseq: 'CSeq: 4294967295 INFO' })).cseq.number).toBe(4294967295);
    expect(request(text({ cseq: 'CSeq: 0009  INFO' })).cseq.number).toBe(9);
  });

  it('answers 501 when an unknown method differs from CSeq, because that says more (RFC 4475 §3.1.2.18)', () => {
    expect(refused(text({}, [], '', 'NEW sip:c@d SIP/2.0')).status).toBe(501);
    expect(request(text({ cseq: 'CSeq: 1 NEW' }, [], '', 'NEW sip:c@d SIP/2.0')).method).toBe('NEW');
  });

  it.each(['Max-Forwards: 256', 'Max-Forwards: -1', 'Max-Forwards: x', 'Max-Forwards:'])(
    'refuses %j (§20.22)',
    (maxForwards) => {
      expect(refused(text({ maxForwards })).text).toBe('Malformed Max-Forwards');
    },
  );

  it.each([
    { from: 'From: "" <>' },
    { from: 'From: ' },
    { from: 'From: "" <sip:a@b>;tag=' },
    { to: 'To: "x <sip:a@b>' },
    { callId: 'Call-ID:' },
    { callId: 'Call-ID: a b' },
    { via: 'Via: SIP/2.0/UDP' },
    { via: 'Via: SIP/2.0/UDP a;branch=z9hG4bK' },
  ])('refuses %j', (changes) => {
    expect(refused(text(changes)).status).toBe(400);
  });

  it('leaves a malformed Contact to whoever needs it (reliability, class 1)', () => {
    for (const contact of ['Contact: %', 'Contact:', 'Contact: *', 'Contact: "x']) {
      expect(request(text({}, [contact])).contact).toBeUndefined();
    }
  });
});

describe('start line (§7.1, §7.2)', () => {
  it.each(['SIP/3.0', 'SIP/7.0', 'SIP/1.0', 'SIP/22.15'])('answers 505 to %s', (version) => {
    expect(refused(text({}, [], '', `INFO sip:c@d ${version}`))).toMatchObject({
      status: 505,
      isResponse: false,
    });
  });

  it.each([
    'INFO sip:c@d',
    'INFO sip:c@d SIP/2',
    'INFO sip:c@d SIP/2.0.0',
    'INFO sip:c@d SIP/2.0 ',
    'INFO sip:c@d SIP/2.0"',
    'INFO  sip:c@d SIP/2.0',
    'INFO sip:c@d  SIP/2.0',
    'INFO\tsip:c@d SIP/2.0',
    'INFO <sip:c@d> SIP/2.0',
    'INFO sip:c@d?a=b SIP/2.0',
    'INFO c@d SIP/2.0',
    'INFO sip:c@@d SIP/2.0',
    'INFO sip:2001:db8::10 SIP/2.0',
    'INFO * SIP/2.0',
    'INFO sip:c@d HTTP/1.1',
    'IN<FO sip:c@d SIP/2.0',
    ' INFO sip:c@d SIP/2.0',
    'INFO',
    'GET / HTTP/1.1',
  ])('refuses %j', (start) => {
    expect(refused(text({}, [], '', start)).status).toBe(400);
  });

  it('takes the version in any case (§7.1)', () => {
    expect(request(text({}, [], '', 'INFO sip:c@d sip/2.0')).requestUri).toBe('sip:c@d');
  });

  it.each(['tel:+12015550123', 'urn:service:sos', 'http://a/b'])(
    'takes %s and leaves its scheme to the user agent (416)',
    (uri) => {
      expect(request(text({}, [], '', `INFO ${uri} SIP/2.0`)).uri?.toString()).toBe(uri);
    },
  );

  it.each([
    ['SIP/2.0 200 OK', 200, 'OK'],
    ['SIP/2.0 180 ', 180, ''],
    ['SIP/2.0 486', 486, ''],
    ['SIP/2.0 699 a  b', 699, 'a  b'],
    ['sip/2.0 200 \u597d', 200, '\u597d'],
  ])('reads %j', (start, status, reason) => {
    expect(accepted(text({}, [], '', start))).toMatchObject({ kind: 'response', status, reason });
  });

  it.each([
    'SIP/2.0 099 x',
    'SIP/2.0 700 x',
    'SIP/2.0 20 x',
    'SIP/2.0 2000 x',
    'SIP/2.0 4294967301 x',
    'SIP/2.0  200',
    'SIP/7.0 200 x',
  ])('marks %j as a response to be dropped', (start) => {
    const error = refused(text({}, [], '', start));
    expect([error.isResponse, error.salvage]).toEqual([true, undefined]);
  });
});

describe('limits', () => {
  it('answers 413 to more than a datagram holds', () => {
    const wire = text({}, [], 'x'.repeat(MAX_MESSAGE_BYTES));
    expect(refused(wire)).toMatchObject({
      status: 413,
      salvage: { vias: ['SIP/2.0/UDP a.example;branch=z9hG4bK1'] },
    });
  });

  it('counts fields, Vias and bytes of a line', () => {
    const fields = (count: number) => text({}, new Array<string>(count - 6).fill('X-A: y'));
    expect(parse(fields(MAX_HEADER_FIELDS)).ok).toBe(true);
    expect(refused(fields(MAX_HEADER_FIELDS + 1)).text).toBe('Too many header fields');
    const vias = (count: number) => text({}, new Array<string>(count - 1).fill(CORE.via));
    expect(parse(vias(MAX_VIAS)).ok).toBe(true);
    expect(refused(vias(MAX_VIAS + 1)).status).toBe(400);
    const value = (bytes: number) => text({}, [`X-A: ${'y'.repeat(bytes - 5)}`]);
    expect(parse(value(MAX_LINE_BYTES)).ok).toBe(true);
    expect(refused(value(MAX_LINE_BYTES + 1)).text).toBe('Header field too long');
    expect(refused(text({}, [], '', `INFO sip:${'a'.repeat(MAX_LINE_BYTES)}@b SIP/2.0`)).text).toBe(
      'Start line too long',
    );
  });

  it('counts Vias of a comma list too', () => {
    const list = new Array<string>(MAX_VIAS + 1).fill('SIP/2.0/UDP a').join(',');
    expect(refused(text({ via: `Via: ${list}` })).status).toBe(400);
  });
});
