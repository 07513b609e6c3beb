import { reachableStates, toMermaid } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientAuthorizer } from '../auth/client-authorizer';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import type { ClientTransactionUser } from '../transaction/transaction-user';
import type { RegistrationClientOptions, RegistrationNews } from './registration-client';
import { RegistrationClient } from './registration-client';
import { registrationClientMachine } from './registration-client.machine';

const CONTACT = 'sip:4930123@192.0.2.1:5060';

/** A registrar and a transaction layer in one: what was sent, and the means to answer it. */
class Provider {
  readonly sent: { readonly request: SipRequest; readonly user: ClientTransactionUser }[] = [];

  readonly layer = {
    sendRequest: (request: SipRequest, user: ClientTransactionUser) => {
      request.headers.prepend('Via', `SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-${this.sent.length}`);
      this.sent.push({ request, user });
      return { branch: '', request, cancel: () => undefined };
    },
  };

  get last(): { readonly request: SipRequest; readonly user: ClientTransactionUser } {
    const last = this.sent.at(-1);
    if (!last) throw new Error('nothing was sent');
    return last;
  }

  answer(status: number, headers: readonly (readonly [string, string])[] = []): void {
    const { request, user } = this.last;
    user.receiveResponse(SipResponse.to(request, status, { toTag: 't', headers }), {
      branch: '',
      request,
      cancel: () => undefined,
    });
  }

  ok(expires = 100): void {
    this.answer(200, [['Contact', `<${CONTACT}>;expires=${expires}`]]);
  }
}

/** The middle of everything that is left to chance. */
const ids = { token: (bytes: number) => '80'.repeat(bytes), uuidv7: () => '' };

describe('a registration of ours', () => {
  let clock: FakeClock;
  let provider: Provider;
  let news: RegistrationNews[];

  function client(options: Partial<RegistrationClientOptions> = {}): RegistrationClient {
    return new RegistrationClient({
      clock,
      ids,
      layer: provider.layer,
      registrars: ['sip:provider.example'],
      aor: 'sip:4930123@provider.example',
      contact: CONTACT,
      onNews: (each) => news.push(each),
      ...options,
    });
  }

  beforeEach(() => {
    clock = new FakeClock();
    provider = new Provider();
    news = [];
  });

  const told = () => news.map(({ kind }) => kind);
  const cseqs = () => provider.sent.map(({ request }) => request.cseq.number);

  it('says who we are and where (RFC 3261 §10.2)', () => {
    client().start();
    const { request } = provider.last;
    expect(request.requestUri).toBe('sip:provider.example');
    expect(request.to.uri).toBe('sip:4930123@provider.example');
    expect(request.from.uri).toBe(request.to.uri);
    expect(request.from.tag).toBeDefined();
    expect(request.headers.get('Contact')).toBe(`<${CONTACT}>;expires=3600`);
    expect(request.headers.get('Expires')).toBe('3600');
  });

  it('is refreshed before it expires, with the same Call-ID and the next CSeq (§10.2.4)', () => {
    const registration = client();
    registration.start();
    provider.ok(100);
    expect(registration).toMatchObject({ state: 'Registered', isBound: true });
    clock.advance(79_000);
    expect(provider.sent).toHaveLength(1);
    clock.advance(2_000);
    provider.ok(100);
    expect(cseqs()).toEqual([1, 2]);
    expect(new Set(provider.sent.map(({ request }) => request.callId)).size).toBe(1);
    clock.advance(100_000 * 0.81);
    expect(registration.isBound).toBe(true);
    expect(told()).toEqual(['registered', 'registered']);
  });

  it('goes by the time that was granted: of our Contact among others, or the Expires header (§10.2.4)', () => {
    client().start();
    provider.answer(200, [
      ['Contact', '<sip:other@192.0.2.77>;expires=9'],
      ['Contact', '<sip:4930123@192.0.2.1:5060>;expires=600'],
    ]);
    expect(news).toEqual([{ kind: 'registered', expiresS: 600 }]);
    client().start();
    provider.answer(200, [
      ['Contact', `<${CONTACT}>`],
      ['Expires', '300'],
    ]);
    expect(news.at(-1)).toEqual({ kind: 'registered', expiresS: 300 });
  });

  it('has failed when the 200 does not list us', () => {
    client().start();
    provider.answer(200, [['Contact', '<sip:other@192.0.2.77>;expires=900']]);
    expect(told()).toEqual(['failed']);
  });

  it('asks for as long as a 423 wants, once for each longer time (§10.2.8)', () => {
    client({ expiresS: 60 }).start();
    provider.answer(423, [['Min-Expires', '1800']]);
    expect(provider.last.request.headers.get('Expires')).toBe('1800');
    provider.answer(423, [['Min-Expires', '1800']]);
    expect(told()).toEqual(['failed']);
  });

  it('does not follow a 423 for ever', () => {
    client({ expiresS: 60 }).start();
    for (let i = 1; i < 20 && news.length === 0; i++) provider.answer(423, [['Min-Expires', String(60 + i)]]);
    expect(provider.sent.length).toBeLessThan(10);
    expect(told()).toEqual(['failed']);
  });

  describe('that is challenged', () => {
    const asked: string[] = [];
    const authorizer = (answers: number): ClientAuthorizer => ({
      authorize: (challenge, { account, method }) => {
        asked.push(`${challenge.status} ${account} ${method}`);
        return answers-- > 0 ? [['Authorization', `Digest nonce="${answers}"`]] : undefined;
      },
    });
    beforeEach(() => (asked.length = 0));

    it('is sent again with credentials and the next CSeq (§22.2)', () => {
      client({ authorizer: authorizer(1), account: 'trunk' }).start();
      provider.answer(401);
      expect(asked).toEqual(['401 trunk REGISTER']);
      expect(provider.last.request.headers.get('Authorization')).toBe('Digest nonce="0"');
      provider.ok();
      expect(cseqs()).toEqual([1, 2]);
      expect(told()).toEqual(['registered']);
    });

    it('has failed when there is no answer, or never an end', () => {
      client({ authorizer: authorizer(0) }).start();
      provider.answer(407);
      client().start();
      provider.answer(401);
      expect(told()).toEqual(['failed', 'failed']);
      client({ authorizer: authorizer(1000) }).start();
      for (let i = 0; i < 20 && news.length < 3; i++) provider.answer(401);
      expect(news).toHaveLength(3);
    });

    it('is removed with credentials too', () => {
      const registration = client({ authorizer: authorizer(9) });
      registration.start();
      provider.ok();
      registration.stop();
      provider.answer(401);
      expect(provider.last.request.headers.get('Expires')).toBe('0');
      expect(provider.last.request.headers.has('Authorization')).toBe(true);
      provider.answer(200);
      expect(registration.state).toBe('Stopped');
    });
  });

  it('is tried again after a time that doubles up to half an hour (RFC 5626 §4.5)', () => {
    client().start();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      provider.answer(500);
      const last = news.at(-1);
      if (last?.kind !== 'failed') throw new Error('no failure was told');
      waits.push(Math.round(last.retryInMs / 100) / 10);
      clock.advance(last.retryInMs);
    }
    const middles = waits.map((wait, i) => wait / Math.min(1800, 30 * 2 ** i));
    for (const middle of middles) expect(middle).toBeCloseTo(0.75, 2);
    expect(provider.sent).toHaveLength(9);
    provider.ok();
    clock.advance(81_000);
    provider.answer(500);
    expect(news.at(-1)).toMatchObject({ kind: 'failed', status: 500 });
    expect(news.at(-1)).toHaveProperty('retryInMs', expect.closeTo(22_588, -3));
  });

  it('asks the next registrar soon when one fails, and stays with the one that works (RFC 3263 §4.3)', () => {
    client({ registrars: ['sip:a.example', 'sip:b.example'] }).start();
    provider.answer(503, [['Retry-After', '300']]);
    clock.advance(1000);
    expect(provider.last.request.requestUri).toBe('sip:b.example');
    provider.answer(500);
    clock.advance(1000);
    expect(provider.sent).toHaveLength(2);
    clock.advance(29_000);
    expect(provider.last.request.requestUri).toBe('sip:a.example');
    provider.answer(500);
    clock.advance(1000);
    provider.ok(100);
    clock.advance(85_000);
    expect(provider.last.request.requestUri).toBe('sip:b.example');
    expect(told()).toEqual(['failed', 'failed', 'failed', 'registered']);
  });

  it('waits as long as Retry-After asks (RFC 3261 §20.33)', () => {
    client().start();
    provider.answer(503, [['Retry-After', '120 (maintenance)']]);
    clock.advance(119_999);
    expect(provider.sent).toHaveLength(1);
    clock.advance(1);
    expect(provider.sent).toHaveLength(2);
  });

  it('fails when nobody answers or nothing can be sent (§10.2.7)', () => {
    client().start();
    const { user, request } = provider.last;
    const transaction = { branch: '', request, cancel: () => undefined };
    user.receiveTimeout(transaction);
    clock.advance(30_000);
    provider.last.user.receiveTransportError(new Error('no route'), transaction);
    expect(news.map((each) => (each.kind === 'failed' ? each.status : each.kind))).toEqual([408, 503]);
  });

  it('keeps what it has while a refresh fails, and is lost when that expires', () => {
    const registration = client();
    registration.start();
    provider.ok(100);
    clock.advance(80_500);
    provider.answer(500);
    expect(registration).toMatchObject({ state: 'Retrying', isBound: true });
    clock.advance(19_500);
    expect(registration).toMatchObject({ state: 'Waiting', isBound: false });
    expect(told()).toEqual(['registered', 'failed', 'lost']);
    clock.advance(10_000);
    provider.ok(100);
    expect(told().at(-1)).toBe('registered');
  });

  it('is lost when its refresh has no answer in time', () => {
    const registration = client();
    registration.start();
    provider.ok(100);
    clock.advance(100_000);
    expect(registration.state).toBe('Registering');
    provider.ok(100);
    expect(told()).toEqual(['registered', 'lost', 'registered']);
  });

  describe('that is stopped', () => {
    it('is removed (§10.2.2), and leaves no timer', () => {
      const registration = client();
      registration.start();
      provider.ok();
      registration.stop();
      expect(provider.last.request.headers.get('Contact')).toBe(`<${CONTACT}>;expires=0`);
      provider.answer(200);
      expect(told()).toEqual(['registered', 'stopped']);
      expect(clock.armed).toBe(0);
    });

    it('sends nothing before the REGISTER under way has its answer (§10.2)', () => {
      const registration = client();
      registration.start();
      registration.stop();
      expect(provider.sent).toHaveLength(1);
      provider.ok();
      expect(provider.last.request.headers.get('Expires')).toBe('0');
      provider.answer(481);
      expect(registration.state).toBe('Stopped');
      expect(clock.armed).toBe(0);
    });

    it('has nothing to remove when it was never made', () => {
      const idle = client();
      idle.stop();
      const waiting = client();
      waiting.start();
      provider.answer(500);
      waiting.stop();
      expect([idle.state, waiting.state]).toEqual(['Stopped', 'Stopped']);
      expect(provider.sent).toHaveLength(1);
      expect(clock.armed).toBe(0);
      idle.start();
      expect(provider.sent).toHaveLength(1);
    });
  });

  it('takes no provisional response for an answer', () => {
    client().start();
    provider.answer(100);
    expect(news).toEqual([]);
  });
});

describe('the machine of a registration of ours', () => {
  it('reaches each of its states', () => {
    const reached = reachableStates(registrationClientMachine, 'Idle');
    expect([...reached].sort()).toEqual(Object.keys(registrationClientMachine).sort());
  });

  it('is drawn in docs/figures', () => {
    const figure = toMermaid(registrationClientMachine, 'Idle');
    const file = join(__dirname, '../../../../docs/figures/registration-client.mmd');
    if (process.env.LEGATO_WRITE_FIGURES) writeFileSync(file, figure);
    expect(readFileSync(file, 'utf8')).toBe(figure);
  });
});
