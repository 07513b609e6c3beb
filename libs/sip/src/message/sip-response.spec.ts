import { Headers } from './headers';
import { NameAddr } from './name-addr';
import { reasonPhrase } from './reason-phrases';
import { SipRequest } from './sip-request';
import { SipResponse } from './sip-response';

const request = (to = '<sip:c@d>'): SipRequest =>
  new SipRequest(
    'INVITE',
    'sip:c@d',
    new Headers([
      ['Via', 'SIP/2.0/UDP one;branch=z9hG4bK1'],
      ['Via', 'SIP/2.0/UDP two, SIP/2.0/UDP three'],
      ['From', 'A <sip:a@b>;tag=f'],
      ['To', to],
      ['Call-ID', 'x'],
      ['CSeq', '7 INVITE'],
      ['Timestamp', '54'],
      ['Record-Route', '<sip:p;lr>'],
    ]),
  );

describe('SipResponse.to (§8.2.6.2)', () => {
  it('copies every Via, From, To, Call-ID and CSeq, and nothing else', () => {
    const response = SipResponse.to(request(), 486);
    expect([...response.headers.entries()]).toEqual([...request().headers.entries()].slice(0, 6));
    expect([response.status, response.reason]).toEqual([486, 'Busy Here']);
  });

  it('adds the tag to a To without one, and only there', () => {
    expect(SipResponse.to(request(), 180, { toTag: 't' }).headers.get('To')).toBe('<sip:c@d>;tag=t');
    expect(SipResponse.to(request('sip:c@d'), 180, { toTag: 't' }).to).toMatchObject({
      uri: 'sip:c@d',
      tag: 't',
    });
    expect(SipResponse.to(request('<sip:c@d>;tag=old'), 180, { toTag: 't' }).to.tag).toBe('old');
  });

  it('gives a 100 no tag, and the Timestamp (§8.2.6.1)', () => {
    const trying = SipResponse.to(request(), 100, { toTag: 't' });
    expect([trying.to.tag, trying.headers.get('Timestamp')]).toEqual([undefined, '54']);
  });

  it('takes body, type, reason and further headers', () => {
    const response = SipResponse.to(request(), 200, {
      reason: 'Fine',
      headers: [['Contact', '<sip:c@e>']],
      body: Buffer.from('v=0'),
      contentType: 'application/sdp',
    });
    expect([response.reason, response.contact?.uri, response.contentType, response.body.length]).toEqual([
      'Fine',
      'sip:c@e',
      'application/sdp',
      3,
    ]);
  });

  it('goes back the way the request came', () => {
    const invite = request();
    const address = { host: '192.0.2.1', port: 5060 };
    invite.flow = { protocol: 'UDP', local: address, remote: address };
    expect(SipResponse.to(invite, 200).flow).toBe(invite.flow);
  });

  it('refuses a tag or header that would not survive the wire', () => {
    expect(() => SipResponse.to(request(), 200, { toTag: 'a\r\nX: y' })).toThrow(TypeError);
    expect(() => SipResponse.to(request(), 200, { headers: [['X', 'a\nb']] })).toThrow(TypeError);
  });
});

describe('typed access to a message', () => {
  it('follows changed headers', () => {
    const invite = request();
    expect([invite.via.host, invite.cseq.number, invite.from.tag, invite.to.tag]).toEqual([
      'one',
      7,
      'f',
      undefined,
    ]);
    expect(invite.via).toBe(invite.via);
    invite.headers
      .replaceFirst('Via', 'SIP/2.0/TCP new')
      .set('CSeq', '8 INVITE')
      .set('From', '<sip:x@y>;tag=g');
    invite.headers
      .set('To', NameAddr.of({ uri: 'sip:c@d', tag: 't' }).toString())
      .set('Contact', '<sip:1>, <sip:2>');
    invite.requestUri = 'sip:new@host';
    expect([invite.via.protocol, invite.cseq.number, invite.from.tag, invite.to.tag]).toEqual([
      'TCP',
      8,
      'g',
      't',
    ]);
    expect([invite.contact?.uri, invite.uri?.host]).toEqual(['sip:1', 'host']);
  });

  it('answers undefined for what a message built by hand does not have', () => {
    const empty = new SipRequest('INFO', 'sip:a@b', new Headers());
    expect([empty.via, empty.from, empty.cseq, empty.contact, empty.maxForwards, empty.contentType]).toEqual(
      new Array<undefined>(6).fill(undefined),
    );
  });

  it('reads the media type without parameters in lower case', () => {
    const info = new SipRequest(
      'INFO',
      'sip:a@b',
      new Headers([['c', 'Application/MSML+xml ; charset="utf-8"']]),
    );
    expect(info.contentType).toBe('application/msml+xml');
  });

  it('is copied without sharing headers', () => {
    const copy = request().clone();
    copy.headers.set('CSeq', '9 ACK');
    expect([copy.cseq.method, request().cseq.method]).toEqual(['ACK', 'INVITE']);
    const response = SipResponse.to(request(), 200);
    response.clone().headers.remove('To');
    expect(response.headers.has('To')).toBe(true);
  });
});

describe('reasonPhrase', () => {
  it.each([
    [100, 'Trying'],
    [481, 'Call/Transaction Does Not Exist'],
    [199, 'Early Dialog Terminated'],
    [299, 'OK'],
    [599, 'Server Internal Error'],
    [999, 'Unknown'],
  ])('%d %s', (status, phrase) => {
    expect(reasonPhrase(status)).toBe(phrase);
  });
});
