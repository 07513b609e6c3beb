import { Headers } from './headers';
import { serialize } from './serializer';
import { SipRequest } from './sip-request';
import { SipResponse } from './sip-response';

describe('serialize', () => {
  it('writes start line, fields in order, Content-Length of the body, body', () => {
    const request = new SipRequest(
      'INFO',
      'sip:a@b',
      new Headers([
        ['v', 'SIP/2.0/UDP a'],
        ['Subject', 'x'],
      ]),
      Buffer.from('abc'),
    );
    expect(serialize(request).toString()).toBe(
      'INFO sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nSubject: x\r\nContent-Length: 3\r\n\r\nabc',
    );
  });

  it('never believes a Content-Length that it is given (§20.14)', () => {
    const response = new SipResponse(
      200,
      'OK',
      new Headers([
        ['Content-Length', '99'],
        ['l', '7'],
      ]),
    );
    expect(serialize(response).toString()).toBe('SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n');
  });

  it('counts bytes, not characters, and writes UTF-8 (§7.3.1)', () => {
    const body = Buffer.from('\u5f20');
    const wire = serialize(new SipResponse(200, '\u597d', new Headers([['Subject', '\u5f20']]), body));
    expect(
      wire.includes(Buffer.from('SIP/2.0 200 \u597d\r\nSubject: \u5f20\r\nContent-Length: 3\r\n\r\n\u5f20')),
    ).toBe(true);
  });

  it('does not make line ends of U+010D and U+010A', () => {
    const headers = new Headers([['Subject', '\u010d\u010aX-Evil: 1']]);
    const wire = serialize(new SipRequest('INFO', 'sip:a@b', headers));
    expect(wire.toString('utf8').split('\r\n')).toHaveLength(5);
    expect(wire.includes('\r\nX-Evil')).toBe(false);
  });

  it.each(['\r\n', '\n', '\r', '\0', '\x01', '\x1f'])(
    'refuses %j in method, Request-URI and reason',
    (control) => {
      expect(() => serialize(new SipRequest(`INFO${control}`, 'sip:a@b', new Headers()))).toThrow(TypeError);
      expect(() => serialize(new SipRequest('INFO', `sip:a@b${control}X: y`, new Headers()))).toThrow(
        TypeError,
      );
      expect(() => serialize(new SipResponse(200, `OK${control}X: y`, new Headers()))).toThrow(TypeError);
    },
  );

  it.each([
    ['', 'sip:a@b'],
    ['IN FO', 'sip:a@b'],
    ['INFO', ''],
    ['INFO', 'sip:a b'],
  ])('refuses method %j with Request-URI %j', (method, uri) => {
    expect(() => serialize(new SipRequest(method, uri, new Headers()))).toThrow(TypeError);
  });

  it.each([99, 700, 200.5, Number.NaN])('refuses the status %d', (status) => {
    expect(() => serialize(new SipResponse(status, 'x', new Headers()))).toThrow(TypeError);
  });

  it('lets HTAB stand in a reason', () => {
    expect(serialize(new SipResponse(200, 'a\tb', new Headers())).toString()).toContain('200 a\tb\r\n');
  });
});
