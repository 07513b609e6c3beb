import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SessionDescription } from '@legato/sdp';
import type { SipMessage, SipRequest } from '@legato/sip';
import {
  contactExpires,
  decodeAuthParams,
  decodeChallenge,
  decodeContacts,
  decodeContentDisposition,
  decodeDigestChallenge,
  decodeDigestCredentials,
  decodeEvent,
  decodeOptionTags,
  decodePrivacy,
  decodeRAck,
  decodeSessionExpires,
  parseDatagram,
  reasonOf,
  salvageResponse,
  serialize,
} from '@legato/sip';

const FOLDER = join(__dirname, '../../fixtures/seeds');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sip'));
const BROKEN = [
  '000-22-notify',
  '000-23-refer',
  '003-01-notify',
  '003-02-notify',
  '003-03-message',
  '003-04-message',
];
const broken = files.filter((file) => BROKEN.includes(file.replace('.sip', '')));
const valid = files.filter((file) => !broken.includes(file));

const load = (file: string): Buffer =>
  readFileSync(join(FOLDER, file.endsWith('.sip') ? file : `${file}.sip`));

function message(file: string): SipMessage {
  const outcome = parseDatagram(load(file));
  if (!outcome.ok) throw new Error(`${file}: ${outcome.error.text}`);
  return outcome.message;
}

function request(file: string): SipRequest {
  const read = message(file);
  if (read.kind !== 'request') throw new Error(`${file} is a response`);
  return read;
}

/** Start line and fields as they stand in a file. */
function headLines(bytes: Buffer): string[] {
  return bytes
    .subarray(0, bytes.indexOf('\r\n\r\n'))
    .toString('utf8')
    .split('\r\n')
    .map((line) => line.trimEnd());
}

describe('messages of the seed documents', () => {
  it('are all here', () => {
    expect([valid.length, broken.length]).toEqual([37, 6]);
  });

  it.each(valid)('%s is read with its whole body', (file) => {
    const bytes = load(file);
    const read = message(file);
    expect(read.body.length).toBe(bytes.length - bytes.indexOf('\r\n\r\n') - 4);
    expect(read.callId).not.toBe('');
  });

  it.each(valid)('%s is written again field by field', (file) => {
    const without = (lines: string[]) => lines.filter((line) => !line.startsWith('Content-Length'));
    const written = serialize(message(file));
    expect(without(headLines(written))).toEqual(without(headLines(load(file))));
    expect(parseDatagram(written).ok).toBe(true);
  });

  it.each(broken)('%s is answered with 400', (file) => {
    const outcome = parseDatagram(load(file));
    expect(outcome).toMatchObject({ ok: false, error: { status: 400, isResponse: false } });
    // Its Via has no colon: there is no way back to its sender, and nothing to be sent to it.
    if (!outcome.ok) expect(salvageResponse(outcome.error.salvage, 400)).toBeUndefined();
  });

  const withSdp = valid.filter(
    (file) => message(file).contentType === 'application/sdp' && file !== '001-01-invite.sip',
  );

  it.each(withSdp)('%s has a session description that comes out byte for byte', (file) => {
    const { body } = message(file);
    const description = SessionDescription.parse(body);
    if (!description.ok) throw new Error(description.error);
    expect(description.value.audio?.formats).toContain('8');
    expect(description.value.toBytes()).toEqual(Buffer.from(body));
  });

  it('001-01-invite has a body that is no session description', () => {
    expect(SessionDescription.parse(message('001-01-invite').body)).toMatchObject({ ok: false });
  });
});

describe('header fields that the seed documents show', () => {
  it('REGISTER with capabilities in its Contact', () => {
    const [contact] = decodeContacts(request('002-01-register').headers)?.contacts ?? [];
    expect(contact?.sipUri?.params.get('transport')).toBe('udp');
    expect(contact && contactExpires(contact)).toBe(30);
    expect(contact?.params.get('language')).toBe('en,fr');
    expect(contact?.params.has('+g.3gpp.smsip')).toBe(true);
    const [bol] = decodeContacts(request('000-03-register').headers)?.contacts ?? [];
    expect(bol?.params.get('methods')).toContain('INVITE, MESSAGE');
  });

  it('REGISTER without branch, by an RFC 2543 peer', () => {
    expect(request('000-03-register').via).toMatchObject({
      host: '192.168.2.161',
      port: 10586,
      branch: undefined,
    });
    expect(request('000-03-register').from.params.get('epid')).toBe('4f2e395931');
  });

  it('challenge and credentials', () => {
    const challenge = decodeDigestChallenge(message('000-06-401').headers.get('WWW-Authenticate') ?? '');
    expect(challenge).toMatchObject({
      realm: '192.168.2.89',
      qop: ['auth'],
      opaque: '',
      stale: false,
      algorithm: 'MD5',
    });
    const credentials = decodeDigestCredentials(
      message('000-07-register').headers.get('Authorization') ?? '',
    );
    expect(credentials).toMatchObject({
      username: '01062237493',
      qop: 'auth',
      nc: '00000001',
      nonce: challenge?.nonce,
    });
    const empty = decodeAuthParams(request('002-01-register').headers.get('Authorization') ?? '');
    expect(empty?.params.get('nonce')).toBe('');
    const proxy = decodeChallenge(message('004-02-407').headers.get('Proxy-Authenticate') ?? '');
    expect(proxy?.params.get('realm')).toBe('DOMAIN');
  });

  it('rport and received of a response', () => {
    const { via } = message('002-02-401');
    expect([via.params.get('rport'), via.params.get('received')]).toEqual(['28555', '112.25.222.170']);
  });

  it('the rest: RAck, Session-Expires, Content-Disposition, Privacy, Reason, Event, Supported, Allow', () => {
    expect(decodeRAck(request('000-18-prack').headers.get('RAck') ?? '')).toEqual({
      responseNumber: 1,
      cseq: { number: 1, method: 'INVITE' },
    });
    const ok = message('002-07-200').headers;
    expect(decodeSessionExpires(ok.get('Session-Expires') ?? '')).toEqual({ seconds: 120, refresher: 'uas' });
    expect(decodeContentDisposition(ok.get('Content-Disposition') ?? '')?.type).toBe('session');
    expect(message('002-07-200').headers.get('P-Asserted-Identity')).toBe('"1014" <sip:1014@47.98.109.96>');
    expect(decodePrivacy(request('002-05-invite').headers)).toEqual(['none']);
    expect(reasonOf(message('004-03-403').headers, 'q.850')).toEqual({
      protocol: 'Q.850',
      cause: 55,
      text: 'Call Terminated',
    });
    expect(decodeEvent(request('000-09-subscribe').headers.get('Event') ?? '')?.package).toBe(
      'message-summary',
    );
    expect(decodeOptionTags(ok, 'Supported')).toEqual(['timer', 'path', 'replaces']);
    expect(request('000-01-message').headers.getAll('Allow')).toHaveLength(13);
    expect(ok.getAll('Allow-Events')).toContain('presence.winfo');
  });

  it('blanks around the equals sign and before a parameter', () => {
    expect(request('001-01-invite').via.branch).toBe('z9hG4bK74bf9');
    expect(request('001-01-invite').from).toMatchObject({ displayName: 'Alice', tag: '1234567' });
    expect(request('000-21-options').via.branch).toBe('z0hG4bK1834');
    expect(request('000-21-options').from).toMatchObject({ displayName: 'J.C. Maxwell', tag: '34' });
  });
});
