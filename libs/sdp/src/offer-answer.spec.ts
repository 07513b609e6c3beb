import type { AudioEnd } from './offer-answer';
import { acceptAnswer, answerAudio, offerAudio } from './offer-answer';
import { SessionDescription } from './session-description';

const OURS: AudioEnd = {
  host: '192.0.2.50',
  port: 20000,
  sessionId: '77',
  version: 3,
  codecs: ['PCMA', 'PCMU'],
};

function parse(...lines: string[]): SessionDescription {
  const session = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=3034423619 0'];
  return read(Buffer.from([...session, ...lines, ''].join('\r\n')));
}
function read(bytes: Uint8Array): SessionDescription {
  const parsed = SessionDescription.parse(bytes);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
const TELEPHONE_EVENT = ['a=rtpmap:96 telephone-event/8000', 'a=fmtp:96 0-16'];

describe('answerAudio (RFC 3264 §6)', () => {
  it('takes our first codec that is offered, with the numbers of the offer', () => {
    const offer = parse(
      'm=audio 4000 RTP/AVP 0 111 8 96',
      'a=rtpmap:111 opus/48000/2',
      ...TELEPHONE_EVENT,
      'a=ptime:30',
      'a=rtcp-mux',
    );
    const answered = answerAudio(offer, OURS);
    expect(answered?.chosen).toEqual({
      codec: 'PCMA',
      payloadType: 8,
      telephoneEventPayloadType: 96,
      direction: 'sendrecv',
      remoteHost: '192.0.2.1',
      remotePort: 4000,
      ptimeMs: 30,
    });
    expect(answered?.answer.toString().split('\r\n')).toEqual([
      'v=0',
      'o=- 77 3 IN IP4 192.0.2.50',
      's=-',
      'c=IN IP4 192.0.2.50',
      't=3034423619 0',
      'm=audio 20000 RTP/AVP 8 96',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:96 telephone-event/8000',
      'a=fmtp:96 0-15',
      'a=ptime:30',
      'a=sendrecv',
      '',
    ]);
  });

  it('finds a codec under a dynamic number and in any case', () => {
    const offer = parse('m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 pcmu/8000');
    expect(answerAudio(offer, OURS)?.chosen).toMatchObject({
      codec: 'PCMU',
      payloadType: 97,
    });
  });

  it('does not take a codec at another rate, in stereo, or under a number that is none', () => {
    expect(answerAudio(parse('m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMU/16000'), OURS)).toBeUndefined();
    expect(answerAudio(parse('m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMU/8000/2'), OURS)).toBeUndefined();
    expect(
      answerAudio(
        parse('m=audio 4000 RTP/AVP 200 x', 'a=rtpmap:200 PCMU/8000', 'a=rtpmap:x PCMU/8000'),
        OURS,
      ),
    ).toBeUndefined();
  });

  it('refuses every other section with port 0, in its place (§6)', () => {
    const offer = parse(
      'm=video 5000 RTP/AVP 34 31',
      'm=audio 0 RTP/AVP 0',
      'm=audio 4000 RTP/AVP 8',
      'm=application 9 UDP/BFCP *',
      'm=audio 4002 RTP/AVP 0',
    );
    const answer = read(answerAudio(offer, OURS)?.answer ?? Buffer.alloc(0));
    expect(
      answer.media.map((section) => [
        section.media,
        section.port,
        section.protocol,
        section.formats.join(' '),
      ]),
    ).toEqual([
      ['video', 0, 'RTP/AVP', '34 31'],
      ['audio', 0, 'RTP/AVP', '0'],
      ['audio', 20000, 'RTP/AVP', '8'],
      ['application', 0, 'UDP/BFCP', '*'],
      ['audio', 0, 'RTP/AVP', '0'],
    ]);
  });

  it.each([
    ['sendrecv', 'sendrecv'],
    ['sendonly', 'recvonly'],
    ['recvonly', 'sendonly'],
    ['inactive', 'inactive'],
  ])('mirrors %s as %s (§6.1)', (theirs, ours) => {
    const answered = answerAudio(parse('m=audio 4000 RTP/AVP 8', `a=${theirs}`), OURS);
    expect(answered?.chosen.direction).toBe(ours);
    expect(answered?.answer.toString()).toContain(`a=${ours}\r\n`);
  });

  it.each([
    ['sendrecv', 'recvonly'],
    ['sendonly', 'recvonly'],
    ['recvonly', 'inactive'],
    ['inactive', 'inactive'],
  ])('sends nothing to an address of zeros: %s becomes %s (§8.4)', (theirs, ours) => {
    const offer = parse('m=audio 4000 RTP/AVP 8', 'c=IN IP4 0.0.0.0', `a=${theirs}`);
    expect(answerAudio(offer, OURS)?.chosen.direction).toBe(ours);
  });

  it('answers the profile with feedback under its name, and no encrypted one', () => {
    expect(answerAudio(parse('m=audio 4000 RTP/AVPF 8'), OURS)?.answer.toString()).toContain(
      'm=audio 20000 RTP/AVPF 8\r\n',
    );
    expect(answerAudio(parse('m=audio 4000 RTP/SAVP 8'), OURS)).toBeUndefined();
    expect(
      answerAudio(parse('m=audio 4000 RTP/SAVP 8', 'm=audio 4002 RTP/AVP 8'), OURS)?.chosen.remotePort,
    ).toBe(4002);
  });

  it('has nothing to say to an offer without audio, without our codecs, or without an address (488)', () => {
    expect(answerAudio(parse('m=video 5000 RTP/AVP 34'), OURS)).toBeUndefined();
    expect(answerAudio(parse('m=audio 4000 RTP/AVP 18'), OURS)).toBeUndefined();
    expect(answerAudio(parse(), OURS)).toBeUndefined();
    expect(
      answerAudio(read(Buffer.from('v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 4000 RTP/AVP 8\r\n')), OURS),
    ).toBeUndefined();
  });

  it('speaks IPv6', () => {
    const offer = parse('m=audio 4000 RTP/AVP 8', 'c=IN IP6 2001:db8::9');
    const answered = answerAudio(offer, { ...OURS, host: '2001:db8::1' });
    expect(answered?.chosen.remoteHost).toBe('2001:db8::9');
    expect(answered?.answer.toString()).toContain('c=IN IP6 2001:db8::1\r\n');
  });

  it.each([
    { host: 'a\r\na=x' },
    { host: '' },
    { sessionId: '1 2' },
    { sessionId: '1\r\n' },
    { version: -1 },
    { version: 0.5 },
    { port: 65_536 },
    { port: Number.NaN },
  ])('does not write %j', (wrong) => {
    expect(() => answerAudio(parse('m=audio 4000 RTP/AVP 8'), { ...OURS, ...wrong })).toThrow(TypeError);
    expect(() => offerAudio({ ...OURS, ...wrong })).toThrow(TypeError);
  });
});

describe('offerAudio and acceptAnswer (RFC 3264 §5, §7)', () => {
  it('offers our codecs in our order, and telephone-event', () => {
    expect(
      offerAudio({ ...OURS, codecs: ['PCMA', 'PCMU', 'speex'], direction: 'sendonly' })
        .toString()
        .split('\r\n')
        .slice(5),
    ).toEqual([
      'm=audio 20000 RTP/AVP 8 0 96 101',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:96 speex/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      'a=sendonly',
      '',
    ]);
    expect(offerAudio({ ...OURS, direction: 'sideways' }).toString()).toContain('a=sendrecv');
    expect(() => offerAudio({ ...OURS, codecs: ['a\r\nb'] })).toThrow(TypeError);
  });

  it('offers codecs of other rates with their rate, and telephone-event at each rate (RFC 4733 §2.1)', () => {
    const offer = offerAudio({ ...OURS, codecs: ['G722', 'L16/16000'] });
    expect(offer.toString().split('\r\n').slice(5, 12)).toEqual([
      'm=audio 20000 RTP/AVP 9 96 101 102',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:96 L16/16000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=rtpmap:102 telephone-event/16000',
      'a=fmtp:102 0-15',
    ]);
    const answered = answerAudio(read(offer), { ...OURS, codecs: ['L16/16000'] });
    expect(answered?.chosen).toMatchObject({
      codec: 'L16/16000',
      payloadType: 96,
      telephoneEventPayloadType: 102,
    });
    expect(answered?.answer.toString()).toContain('a=rtpmap:102 telephone-event/16000');
    expect(acceptAnswer(offer, read(answered?.answer ?? Buffer.alloc(0)))?.chosen).toMatchObject({
      codec: 'L16/16000',
      telephoneEventPayloadType: 102,
    });
  });

  it('does not take events that count another clock than the audio', () => {
    const offer = parse(
      'm=audio 4000 RTP/AVP 97 101',
      'a=rtpmap:97 L16/48000',
      'a=rtpmap:101 telephone-event/8000',
    );
    const answered = answerAudio(offer, { ...OURS, codecs: ['L16/48000'] });
    expect(answered?.chosen.codec).toBe('L16/48000');
    expect(answered?.chosen.telephoneEventPayloadType).toBeUndefined();
  });

  it('agrees with its own answer', () => {
    const offer = offerAudio({ ...OURS, codecs: ['PCMU', 'PCMA'] });
    const answered = answerAudio(read(offer), { ...OURS, host: '192.0.2.99', port: 30000, codecs: ['PCMA'] });
    const accepted = acceptAnswer(offer, read(answered?.answer ?? Buffer.alloc(0)));
    expect(accepted?.chosen).toEqual({
      codec: 'PCMA',
      payloadType: 8,
      telephoneEventPayloadType: 101,
      direction: 'sendrecv',
      remoteHost: '192.0.2.99',
      remotePort: 30000,
      ptimeMs: 20,
    });
    expect(answered?.chosen.remoteHost).toBe('192.0.2.50');
  });

  it('takes the first of several codecs, even behind telephone-event and without rtpmap', () => {
    const answer = parse('m=audio 4000 RTP/AVP 101 0 8', 'a=rtpmap:101 telephone-event/8000');
    expect(acceptAnswer(offerAudio(OURS), answer)?.chosen).toMatchObject({
      codec: 'PCMU',
      payloadType: 0,
      telephoneEventPayloadType: 101,
    });
  });

  it.each([
    ['sendrecv', 'recvonly', 'sendonly'],
    ['sendrecv', 'sendonly', 'recvonly'],
    ['sendonly', 'recvonly', 'sendonly'],
    ['sendonly', 'sendrecv', 'sendonly'],
    ['recvonly', 'recvonly', 'inactive'],
    ['inactive', 'sendrecv', 'inactive'],
  ])('offered %s, answered %s: we are %s (§6.1)', (offered, answered, ours) => {
    const offer = offerAudio({ ...OURS, direction: offered });
    expect(acceptAnswer(offer, parse('m=audio 4000 RTP/AVP 8', `a=${answered}`))?.chosen.direction).toBe(
      ours,
    );
  });

  it.each([
    ['a refused section', ['m=audio 0 RTP/AVP 8']],
    ['more sections than offered', ['m=audio 4000 RTP/AVP 8', 'm=video 0 RTP/AVP 34']],
    ['none', []],
    ['another medium', ['m=video 4000 RTP/AVP 8']],
    ['a codec that was not offered', ['m=audio 4000 RTP/AVP 18']],
    ['telephone-event alone', ['m=audio 4000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000']],
  ])('refuses an answer with %s', (_what, lines) => {
    expect(acceptAnswer(offerAudio(OURS), parse(...lines))).toBeUndefined();
  });

  it('refuses an offer that is none', () => {
    expect(acceptAnswer(Buffer.from('x'), parse('m=audio 4000 RTP/AVP 8'))).toBeUndefined();
  });
});
