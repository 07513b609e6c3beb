import { buildRequest, TwoUserAgents, OFFER, ANSWER } from '@legato/testing';
import { SipResponse } from '../message/sip-response';
import { liftDescription } from './description-part';

const SDP = 'v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\n';
const OPTIONAL = 'Content-Disposition: signal;handling=optional\r\n';

const part = (type: string, body: string, more = ''): string =>
  `--b1\r\nContent-Type: ${type}\r\n${more}\r\n${body}\r\n`;
const multipart = (...parts: string[]): string => `${parts.join('')}--b1--\r\n`;
const invite = (body: string, kind = 'mixed') =>
  buildRequest({ body, contentType: `multipart/${kind};boundary=b1` });

const lifted = (message: Parameters<typeof liftDescription>[0]) => {
  liftDescription(message);
  return [message.contentType, Buffer.from(message.body).toString()];
};

describe('a session description inside a multipart body', () => {
  it.each([
    ['alone', multipart(part('application/sdp', SDP)), 'mixed'],
    [
      'beside a part that may be ignored',
      multipart(part('application/isup', 'x', OPTIONAL), part('application/sdp', SDP)),
      'mixed',
    ],
    ['among alternatives', multipart(part('text/plain', 'x'), part('application/sdp', SDP)), 'alternative'],
    [
      'in a binary part',
      multipart(part('application/sdp', SDP, 'Content-Transfer-Encoding: binary\r\n')),
      'mixed',
    ],
  ])('is found %s (RFC 5621 §3.1, §8)', (_where, body, kind) => {
    expect(lifted(invite(body, kind))).toEqual(['application/sdp', SDP]);
  });

  it.each([
    [
      'a part that has to be understood',
      multipart(part('application/isup', 'x'), part('application/sdp', SDP)),
    ],
    ['no description', multipart(part('application/isup', 'x', OPTIONAL))],
    [
      'one that is encoded',
      multipart(part('application/sdp', 'dj0w', 'Content-Transfer-Encoding: base64\r\n')),
    ],
    ['no closing delimiter', part('application/sdp', SDP)],
  ])('is not made of a body with %s, which gets 415 (RFC 3261 §8.2.3)', (_what, body) => {
    expect(lifted(invite(body))).toEqual(['multipart/mixed', body]);
  });

  it('is found in a response, whatever stands beside it: nobody could be told', () => {
    const body = multipart(part('application/isup', 'x'), part('application/sdp', SDP));
    const response = SipResponse.to(buildRequest(), 200, {
      toTag: 't',
      body: Buffer.from(body),
      contentType: 'multipart/mixed;boundary=b1',
    });
    expect(lifted(response)).toEqual(['application/sdp', SDP]);
  });

  it('is the business of INVITE, ACK, PRACK and UPDATE: others are passed on whole', () => {
    const body = multipart(part('application/sdp', SDP));
    const info = buildRequest({ method: 'INFO', body, contentType: 'multipart/mixed;boundary=b1' });
    expect(lifted(info)).toEqual(['multipart/mixed', body]);
  });

  it('makes a call like any other, from both sides', async () => {
    const w = await TwoUserAgents.start();
    const wrap = ({ bytes }: { bytes: Uint8Array }) => ({
      contentType: 'multipart/mixed;boundary=b1',
      bytes: Buffer.from(multipart(part('application/sdp', Buffer.from(bytes).toString()))),
    });
    const a = w.alice.invite(w.bob.uri, wrap(OFFER));
    w.run();
    expect(w.bob.call.invite?.contentType).toBe('application/sdp');
    w.bob.call.usage.accept(wrap(ANSWER));
    w.run();
    expect(Buffer.from(a.last('accepted').response.body).toString()).toBe('v=0 answer');
    a.usage.acknowledge();
    w.run();
    expect(w.bob.call.told).toContain('acknowledged INVITE');
  });
});
