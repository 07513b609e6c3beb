import {
  inactiveAnswer,
  isHold,
  keepDescription,
  sdpBody,
  inactiveOffer,
  silenced,
} from './session-description';

const sdp = (...lines: string[]) =>
  `${['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 't=0 0', ...lines].join('\r\n')}\r\n`;

describe('session descriptions of a call', () => {
  it('come out byte for byte, whatever the bytes are', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(Buffer.from(sdpBody(keepDescription(bytes)).bytes)).toEqual(bytes);
  });

  it.each([
    ['sendonly', ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'a=sendonly'], true],
    ['inactive', ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'a=inactive'], true],
    ['the old address of 0.0.0.0', ['c=IN IP4 0.0.0.0', 'm=audio 4000 RTP/AVP 8'], true],
    ['nothing of the kind', ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8'], false],
    ['recvonly', ['c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', 'a=recvonly'], false],
  ])('asks for hold with %s (RFC 3264 §8.4)', (_what, lines, held) => {
    expect(isHold(sdp(...lines))).toBe(held);
  });

  it('answers inactive with the media lines of the offer in their order (RFC 3264 §6)', () => {
    const offer = sdp('c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8 101', 'm=video 4002 RTP/AVP 34');
    const lines = inactiveAnswer(offer, '192.0.2.9').split('\r\n');
    expect(lines.slice(5)).toEqual(['m=audio 9 RTP/AVP 8 101', 'a=inactive', 'm=video 0 RTP/AVP 34', '']);
  });
});

describe('a session in which nothing flows', () => {
  const lines = (...all: string[]) => `${all.join('\r\n')}\r\n`;
  const head = ['v=0', 'o=alice 7 3 IN IP4 192.0.2.2', 's=-', 'c=IN IP4 192.0.2.2', 't=0 0'];

  it('has every stream inactive, whatever direction it had, and nothing else changed', () => {
    const kept = lines(
      ...head,
      'a=sendonly',
      'm=audio 4000 RTP/AVP 8',
      'a=sendrecv',
      'a=rtpmap:8 PCMA/8000',
      'm=video 0 RTP/AVP 96',
    );
    expect(silenced(kept)).toBe(
      lines(
        ...head,
        'm=audio 4000 RTP/AVP 8',
        'a=rtpmap:8 PCMA/8000',
        'a=inactive',
        'm=video 0 RTP/AVP 96',
        'a=inactive',
      ),
    );
  });

  it('is offered under a session id of its own', () => {
    const offer = inactiveOffer(lines(...head, 'm=audio 4000 RTP/AVP 8'), 42);
    expect(offer).toContain('o=alice 42 1 IN IP4 192.0.2.2\r\n');
    expect(offer.endsWith('a=inactive\r\n')).toBe(true);
  });

  it('is what it is without streams, and never throws', () => {
    expect(silenced(lines(...head))).toBe(lines(...head));
    for (const text of ['', '\n\n', 'm=', 'o=', 'o=x', '\u0000\u00ff']) {
      expect(() => inactiveOffer(text, 1)).not.toThrow();
    }
  });
});
