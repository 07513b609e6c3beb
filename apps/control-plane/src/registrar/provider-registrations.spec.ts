import { randomIds, silentLog } from '@legato/kernel';
import type { LogFields } from '@legato/kernel';
import type { ClientTransactionUser, SipRequest } from '@legato/sip';
import { accountFromPassword, DigestClient, SipResponse } from '@legato/sip';
import { FakeClock } from '@legato/testing';
import { parseTrunks } from '../trunks/trunks-file';
import type { ProviderRegistrationsOptions } from './provider-registrations';
import { ProviderRegistrations } from './provider-registrations';

const ACCOUNT = { name: 'carrier', realm: 'carrier.example', user: '4930123', password: 'secret' };

function trunks(...more: object[]): ProviderRegistrationsOptions['trunks'] {
  const { name, ...account } = ACCOUNT;
  const registers = { name, targets: ['sip:192.0.2.7:5060'], ...account, register: true };
  const parsed = parseTrunks(JSON.stringify([registers, ...more]));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.trunks;
}

describe('registrations with providers', () => {
  let clock: FakeClock;
  const sent: { readonly request: SipRequest; readonly user: ClientTransactionUser }[] = [];
  const lines: { message: string; fields: LogFields | undefined }[] = [];
  const note = (message: string, fields?: LogFields) => void lines.push({ message, fields });

  function providers(of: ProviderRegistrationsOptions['trunks']): ProviderRegistrations {
    const client = new DigestClient({ accounts: [accountFromPassword(ACCOUNT)], ids: randomIds });
    const layer = {
      sendRequest(request: SipRequest, user: ClientTransactionUser) {
        request.headers.prepend('Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-1');
        sent.push({ request, user });
        return { branch: '', request, cancel: () => undefined };
      },
    };
    return new ProviderRegistrations({
      clock,
      ids: randomIds,
      log: { ...silentLog, info: note, warn: note },
      trunks: of,
      authorize: (challenge, request) => client.authorize(challenge, request),
      sip: {
        layer: layer as unknown as ProviderRegistrationsOptions['sip']['layer'],
        address: { host: '192.0.2.1', port: 5060 },
        addressOf: (protocol) => (protocol === 'TCP' ? { host: '192.0.2.1', port: 5070 } : undefined),
      },
    });
  }

  function answer(status: number, headers: readonly (readonly [string, string])[] = []): void {
    const last = sent.at(-1);
    if (!last) throw new Error('nothing was sent');
    const transaction = { branch: '', request: last.request, cancel: () => undefined };
    last.user.receiveResponse(SipResponse.to(last.request, status, { toTag: 't', headers }), transaction);
  }

  beforeEach(() => {
    clock = new FakeClock();
    sent.length = 0;
    lines.length = 0;
  });

  it('are made under the account of the trunk, answer its challenge, and tell the log', () => {
    const registrations = providers(trunks({ name: 'other', targets: ['sip:192.0.2.8'] }));
    registrations.start();
    expect(sent).toHaveLength(1);
    expect(registrations.counts()).toEqual({ registered: 0, unregistered: 1 });
    expect(sent[0]?.request.requestUri).toBe('sip:192.0.2.7:5060');
    expect(sent[0]?.request.to.uri).toBe('sip:4930123@carrier.example');
    expect(sent[0]?.request.contact?.uri).toBe('sip:4930123@192.0.2.1:5060');
    answer(401, [
      ['WWW-Authenticate', 'Digest realm="carrier.example", nonce="n", algorithm=MD5, qop="auth"'],
    ]);
    expect(sent[1]?.request.headers.get('Authorization')).toContain('username="4930123"');
    answer(200, [['Contact', '<sip:4930123@192.0.2.1:5060>;expires=600']]);
    expect(registrations.counts()).toEqual({ registered: 1, unregistered: 0 });
    expect(lines.map(({ message }) => message)).toEqual(['trunk.registered']);
    expect(lines[0]?.fields).toMatchObject({ trunk: 'carrier', expiresS: 600 });
  });

  it('send no credentials to a realm that is not the trunk’s', () => {
    providers(trunks()).start();
    answer(401, [['WWW-Authenticate', 'Digest realm="evil.example", nonce="n", algorithm=MD5']]);
    expect(sent).toHaveLength(1);
    expect(lines.map(({ message }) => message)).toContain('trunk.failed');
  });

  it('name the transport that the provider is asked by, where it is served', () => {
    const { realm, user, password } = ACCOUNT;
    const tcp = { realm, user, password, register: true, targets: ['sip:192.0.2.7;transport=tcp'] };
    const tls = { ...tcp, targets: ['sips:192.0.2.7'] };
    providers(trunks({ ...tcp, name: 'tcp' }, { ...tls, name: 'tls' })).start();
    expect(sent.map(({ request }) => request.contact?.uri)).toEqual([
      'sip:4930123@192.0.2.1:5060',
      'sip:4930123@192.0.2.1:5070;transport=tcp',
      'sip:4930123@192.0.2.1:5060',
    ]);
  });

  it('are taken away at the end, without waiting for ever', async () => {
    const registrations = providers(trunks());
    registrations.start();
    answer(200, [['Contact', '<sip:4930123@192.0.2.1:5060>;expires=600']]);
    const stopped = registrations.stop();
    expect(sent.at(-1)?.request.headers.get('Expires')).toBe('0');
    answer(200);
    await stopped;
    const silent = providers(trunks());
    silent.start();
    const given = silent.stop();
    clock.advance(2_000);
    await given;
    await providers([]).stop();
    expect(clock.armed).toBe(0);
  });
});
