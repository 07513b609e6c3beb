import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeDigestCredentials } from '../message/header/credentials';
import { parseDatagram } from '../message/message.parser';
import { allHa1, digestResponse, ha1Of } from './digest';
import type { DigestAlgorithm } from './digest-algorithm';
import { readAlgorithm } from './digest-algorithm';

const FIXTURES = join(__dirname, '../../../../test/fixtures/seeds');
const NO_BODY = Buffer.alloc(0);

const rfc7616 = {
  method: 'GET',
  uri: '/dir/index.html',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  nc: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  qop: 'auth',
  body: NO_BODY,
} as const;

describe('a digest (RFC 7616 §3.4.1)', () => {
  it.each<[DigestAlgorithm, string]>([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('by %s is that of the RFC (§3.9.1)', (algorithm, response) => {
    const ha1 = ha1Of(algorithm, 'Mufasa', 'http-auth@example.org', 'Circle of Life');
    expect(digestResponse(ha1, { ...rfc7616, algorithm })).toBe(response);
  });

  it('by SHA-512-256 with UTF-8 is that of the RFC as corrected by its erratum 4897 (§3.9.2)', () => {
    const ha1 = ha1Of('SHA-512-256', 'Jäsøn Doe', 'api@example.org', 'Secret, or not?');
    const response = digestResponse(ha1, {
      algorithm: 'SHA-512-256',
      method: 'GET',
      uri: '/doe.json',
      nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      nc: '00000001',
      cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
      qop: 'auth',
      body: NO_BODY,
    });
    expect(response).toBe('3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5');
  });

  it('without qop leaves out nc and cnonce (RFC 2069, RFC 3261 §22.4 item 8)', () => {
    const ha1 = ha1Of('MD5', 'Mufasa', 'testrealm@host.com', 'Circle Of Life');
    const input = {
      algorithm: 'MD5',
      method: 'GET',
      uri: '/dir/index.html',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      body: Buffer.from('ignored'),
    } as const;
    expect(digestResponse(ha1, input)).toBe('670fd8c2df070c60b045671b8b24ff02');
    expect(digestResponse(ha1, { ...input, nc: '00000001', cnonce: 'x' })).toBe(
      '670fd8c2df070c60b045671b8b24ff02',
    );
  });

  it('with qop auth-int covers the body (RFC 7616 §3.4.3)', () => {
    const digest = (qop: 'auth' | 'auth-int', body: string) =>
      digestResponse('a'.repeat(32), { ...rfc7616, algorithm: 'MD5', qop, body: Buffer.from(body) });
    expect(digest('auth-int', 'v=0')).not.toBe(digest('auth-int', 'v=1'));
    expect(digest('auth', 'v=0')).toBe(digest('auth', 'v=1'));
    // H(A2) with H of an empty body: RFC 3261 §22.4 item 2.
    expect(digest('auth-int', '')).not.toBe(digest('auth', ''));
  });

  it('of a session algorithm hashes nonce and cnonce into A1 (RFC 7616 §3.4.2)', () => {
    const digest = (isSession: boolean) =>
      digestResponse('a'.repeat(32), { ...rfc7616, algorithm: 'MD5', isSession });
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const { nonce, nc, cnonce, method, uri } = rfc7616;
    const session = md5(`${'a'.repeat(32)}:${nonce}:${cnonce}`);
    expect(digest(true)).toBe(md5(`${session}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`));
    expect(digest(true)).not.toBe(digest(false));
  });

  it.each([
    ['002-03-register.sip', '1011'],
    ['000-07-register.sip', '111111'],
  ])('is that of the client in the seeds: %s', (file, password) => {
    const read = parseDatagram(readFileSync(join(FIXTURES, file)));
    if (!read.ok || read.message.kind !== 'request') throw new Error('fixture');
    const credentials = decodeDigestCredentials(read.message.headers.get('Authorization') ?? '');
    if (!credentials) throw new Error('fixture');
    const { username, realm, response, ...rest } = credentials;
    const input = { ...rest, algorithm: 'MD5', qop: 'auth', method: 'REGISTER', body: NO_BODY } as const;
    expect(digestResponse(ha1Of('MD5', username, realm, password), input)).toBe(response);
  });
});

describe('HA1', () => {
  it('is made for every algorithm at once, so that the password can be forgotten', () => {
    expect(allHa1('bob', 'biloxi.com', 'zanzibar')).toEqual({
      MD5: ha1Of('MD5', 'bob', 'biloxi.com', 'zanzibar'),
      'SHA-256': ha1Of('SHA-256', 'bob', 'biloxi.com', 'zanzibar'),
      'SHA-512-256': ha1Of('SHA-512-256', 'bob', 'biloxi.com', 'zanzibar'),
    });
  });
});

describe('an algorithm parameter (RFC 8760 §2.1)', () => {
  it.each([
    ['md5', 'MD5', false],
    ['SHA-256-sess', 'SHA-256', true],
    ['sha-512-256', 'SHA-512-256', false],
    ['MD5-SESS', 'MD5', true],
  ])('%s is known', (token, algorithm, isSession) => {
    expect(readAlgorithm(token)).toEqual({ algorithm, isSession });
  });

  it.each(['', 'SHA-1', 'AKAv1-MD5', 'constructor', '-sess'])('%j is not', (token) => {
    expect(readAlgorithm(token)).toBeUndefined();
  });
});
