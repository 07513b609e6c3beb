import fc from 'fast-check';
import { MAX_MEDIA_SECTIONS, SessionDescription } from './session-description';
import { MAX_SDP_BYTES } from './sdp-lines';

const lines = (...each: string[]): Buffer => Buffer.from(`${each.join('\r\n')}\r\n`, 'utf8');

function parse(bytes: Uint8Array): SessionDescription {
  const read = SessionDescription.parse(bytes);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

const SESSION = [
  'v=0',
  'o=- 18446744073709551615 9007199254740993 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
];

describe('SessionDescription (RFC 4566)', () => {
  it('keeps every byte and the order of what it does not know', () => {
    const bytes = Buffer.concat([
      lines('v=0', 'o=alice  12 34 IN IP4 h.example ', 's=\u5f20', 'b=CT:1000', 't=0 0', 'a=x:\t1'),
      Buffer.from([0x69, 0x3d, 0xff, 0xfe, 0x0a]),
      lines(
        'm=audio 9/2 RTP/AVP 0',
        'a=ssrc:1 cname:(null)',
        'a=rtpmap:0 PCMU/8000',
        'a=ssrc:1 label:x',
        'y=unknown',
      ),
    ]);
    expect(parse(bytes).toBytes()).toEqual(bytes);
    expect(parse(bytes).media[0]).toMatchObject({ media: 'audio', port: 9, formats: ['0'] });
  });

  it('keeps 64-bit numbers of o= exact, and changes the version alone (RFC 3264 §8)', () => {
    const description = parse(lines(...SESSION));
    expect(description.origin).toEqual({
      username: '-',
      sessionId: '18446744073709551615',
      version: '9007199254740993',
      address: '192.0.2.1',
    });
    const changed = description.withOriginVersion('9007199254740994');
    expect(changed.toBytes().toString()).toBe(description.toBytes().toString().replace('993 IN', '994 IN'));
    expect([changed.origin.version, description.origin.version]).toEqual([
      '9007199254740994',
      '9007199254740993',
    ]);
    const odd = parse(lines('v=0', 'o=5  5   5 IN IP4 5', 's=-'));
    expect(odd.withOriginVersion('66').toBytes().toString()).toContain('o=5  5   66 IN IP4 5\r\n');
    for (const version of ['', '-1', '1.5', '1\r\na=x', '1 2']) {
      expect(() => description.withOriginVersion(version)).toThrow(TypeError);
    }
  });

  it('takes LF line ends and blank lines after the last', () => {
    expect(parse(Buffer.from('v=0\no=- 1 1 IN IP4 a\ns=-\nm=audio 9 RTP/AVP 8\n\r\n\n')).audio?.port).toBe(9);
    expect(parse(Buffer.from('v=0\r\no=- 1 1 IN IP4 a')).media).toEqual([]);
  });

  it('hands address and direction of the session down to the sections (§5.7, RFC 3264 §5.1)', () => {
    const { media } = parse(
      lines(
        ...SESSION,
        'a=recvonly',
        'm=audio 0 RTP/AVP 0',
        'm=audio 4000 RTP/AVP 0',
        'c=IN IP6 2001:db8::1',
        'a=sendonly',
        'm=video 5000 RTP/AVP 34',
        'c=IN IP4 224.2.1.1/127/3',
      ),
    );
    expect(media.map((section) => [section.connectionAddress, section.direction])).toEqual([
      ['192.0.2.1', 'recvonly'],
      ['2001:db8::1', 'sendonly'],
      ['224.2.1.1', 'recvonly'],
    ]);
  });

  it('finds the first audio section with a port', () => {
    const description = parse(
      lines(...SESSION, 'm=video 6 RTP/AVP 34', 'm=audio 0 RTP/AVP 0', 'm=audio 8 RTP/AVP 8'),
    );
    expect(description.audio?.formats).toEqual(['8']);
    expect(parse(lines(...SESSION, 'm=audio 0 RTP/AVP 0')).audio).toBeUndefined();
  });

  it.each([
    [['c=IN IP4 192.0.2.1'], 'sendrecv', false],
    [['c=IN IP4 192.0.2.1', 'a=sendonly'], 'sendonly', true],
    [['c=IN IP4 192.0.2.1', 'a=inactive'], 'inactive', true],
    [['c=IN IP4 192.0.2.1', 'a=recvonly'], 'recvonly', false],
    [['c=IN IP4 0.0.0.0'], 'sendrecv', true],
    [['c=IN IP6 ::'], 'sendrecv', true],
  ])('sees whether %j is hold (RFC 3264 §8.4)', (own, direction, isHold) => {
    expect(parse(lines(...SESSION, 'm=audio 4000 RTP/AVP 0', ...own)).audio).toMatchObject({
      direction,
      isHold,
    });
  });

  it('reads rtpmap, static types, fmtp and ptime (§6, RFC 3551 §6)', () => {
    const audio = parse(
      lines(
        ...SESSION,
        'm=audio 4000 RTP/AVP 0 8 101 96 97',
        'a=rtpmap:8 PCMA/8000/1',
        'a=rtpmap:101 telephone-event/8000',
        'a=rtpmap:96 opus/48000/2',
        'a=rtpmap:97 broken',
        'a=fmtp:101 0-15',
        'a=fmtp:96',
        'a=ptime:30',
      ),
    ).audio;
    expect(audio?.rtpmap('0')).toEqual({ encoding: 'PCMU', clockRate: 8000, channels: 1 });
    expect(audio?.rtpmap('8')).toEqual({ encoding: 'PCMA', clockRate: 8000, channels: 1 });
    expect(audio?.rtpmap('96')).toEqual({ encoding: 'opus', clockRate: 48000, channels: 2 });
    expect([audio?.rtpmap('97'), audio?.rtpmap('98')]).toEqual([undefined, undefined]);
    expect([audio?.fmtp('101'), audio?.fmtp('96'), audio?.fmtp('0'), audio?.ptime]).toEqual([
      '0-15',
      '',
      undefined,
      30,
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a version that is not 0', 'v=1\r\no=- 1 1 IN IP4 a\r\n'],
    ['no version', 'o=- 1 1 IN IP4 a\r\n'],
    ['no origin', 'v=0\r\ns=-\r\n'],
    ['a short origin', 'v=0\r\no=- 1 1 IN IP4\r\n'],
    ['an origin version that is no number', 'v=0\r\no=- 1 x IN IP4 a\r\n'],
    ['a line without equals sign', 'v=0\r\no=- 1 1 IN IP4 a\r\nfoo\r\n'],
    ['blanks around the equals sign', 'v = 0\r\no = - 1 1 IN IP4 a\r\n'],
    ['a blank line inside', 'v=0\r\n\r\no=- 1 1 IN IP4 a\r\n'],
    ['a bare CR', 'v=0\r\no=- 1 1 IN IP4 a\r\ns=a\rb\r\n'],
    ['a NUL', 'v=0\r\no=- 1 1 IN IP4 a\r\ns=\0\r\n'],
    ['a session address that is none', 'v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 a b\r\n'],
    ['another network', 'v=0\r\no=- 1 1 IN IP4 a\r\nc=ATM IP4 a\r\n'],
    ['a media address that is none', 'v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 9 RTP/AVP 0\r\nc=IN IP4 <x>\r\n'],
    ['a port beyond 65535', 'v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 65536 RTP/AVP 0\r\n'],
    ['a port that is no number', 'v=0\r\no=- 1 1 IN IP4 a\r\nm=audio x RTP/AVP 0\r\n'],
    ['a negative port', 'v=0\r\no=- 1 1 IN IP4 a\r\nm=audio -1 RTP/AVP 0\r\n'],
    ['no formats', 'v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 9 RTP/AVP\r\n'],
    ['too many formats', `v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 9 RTP/AVP${' 0'.repeat(257)}\r\n`],
    [
      'too many sections',
      `v=0\r\no=- 1 1 IN IP4 a\r\n${'m=audio 9 RTP/AVP 0\r\n'.repeat(MAX_MEDIA_SECTIONS + 1)}`,
    ],
    ['too many lines', `v=0\r\no=- 1 1 IN IP4 a\r\n${'a=x\r\n'.repeat(2001)}`],
    ['a line too long', `v=0\r\no=- 1 1 IN IP4 a\r\ns=${'x'.repeat(8192)}\r\n`],
    [
      'too many bytes',
      `v=0\r\no=- 1 1 IN IP4 a\r\n${'s=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n'.repeat(1700)}`,
    ],
  ])('refuses %s', (_what, text) => {
    const read = SessionDescription.parse(Buffer.from(text));
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.error).not.toBe('');
  });

  it('is not changed by what happens to the bytes it was read from', () => {
    const bytes = lines(...SESSION);
    const description = parse(bytes);
    bytes.fill(0);
    expect(description.toBytes().toString()).toContain('s=-');
  });

  it('never throws, and gives back what it took', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'm=audio 9 RTP/AVP 0 8',
        'c=IN IP4 0.0.0.0',
        'a=rtpmap:0 PCMU/8000',
        'a=sendonly',
        'a=ptime:x',
        'a=fmtp:0',
        't=1 2',
      ),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('\r\n', '\n'), (each, end) => {
        const bytes = Buffer.from([...SESSION, ...each].join(end));
        const read = SessionDescription.parse(bytes);
        if (!read.ok) return;
        expect(read.value.toBytes()).toEqual(bytes);
        for (const section of read.value.media) {
          void [
            section.ptime,
            section.isHold,
            ...section.formats.map((format) => [section.rtpmap(format), section.fmtp(format)]),
          ];
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void SessionDescription.parse(bytes)),
    );
  });

  it('costs little for 64 KiB of anything (reliability, class 11)', () => {
    for (const text of [
      'a=x\r\n',
      'm=audio 9 RTP/AVP 0\r\n',
      ' ',
      'a=rtpmap:0 x/1\r\n',
      `m=a 9 x${' 0'.repeat(250)}\r\n`,
    ]) {
      const bytes = Buffer.from(
        `v=0\r\no=- 1 1 IN IP4 a\r\n${text.repeat(MAX_SDP_BYTES / text.length)}`,
      ).subarray(0, MAX_SDP_BYTES);
      let best = Infinity;
      for (let run = 0; run < 100 && best >= 5; run++) {
        const start = performance.now();
        SessionDescription.parse(bytes);
        best = Math.min(best, performance.now() - start);
      }
      expect(best).toBeLessThan(5);
    }
  });
});
