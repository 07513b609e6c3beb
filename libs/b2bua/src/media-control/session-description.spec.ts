import { inactiveAnswer, isHold, keepDescription, sdpBody } from './session-description';

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
