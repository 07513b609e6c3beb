import { randomIds } from '@legato/kernel';
import { ANSWER, NOTHING_HELD, OFFER, TwoUserAgents } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import { SipResponse } from '../message/sip-response';
import type { ServerTransaction } from '../transaction/transaction-user';
import type { OutgoingInvite } from '../user-agent/usage-state';
import { accountFromPassword } from './client-account';
import { DigestClient } from './digest-client';
import { DigestServer } from './digest-server';
import { MemoryNonceLedger } from './nonce-ledger';

const REALM = 'carrier.example';
const account = accountFromPassword({ name: 'carrier', realm: REALM, user: 'alice', password: 'canary' });

/** Bob challenges whatever opens a dialog and, when `everything` is set, what comes within it; Alice has an account with him. */
async function start(options: { clientPassword?: string; everything?: boolean } = {}) {
  const mine = accountFromPassword({ ...account, password: options.clientPassword ?? 'canary' });
  const client = new DigestClient({ accounts: [mine], ids: randomIds });
  const w = await TwoUserAgents.start({
    alice: { runner: { authorize: (challenge, request) => client.authorize(challenge, request) } },
  });
  const server = new DigestServer({
    realms: [{ realm: REALM, algorithms: ['SHA-256', 'MD5'], qop: ['auth-int'] }],
    credentials: { find: () => ({ ...account, identities: ['*'] }) },
    ledger: new MemoryNonceLedger(w.clock),
    clock: w.clock,
    ids: randomIds,
    secret: 'secret',
  });
  const verdicts: string[] = [];
  const guard = (transaction: ServerTransaction, pass: () => void): void => {
    const { request } = transaction;
    void server.verify(request).then((verdict) => {
      verdicts.push(`${request.method} ${verdict.kind}`);
      const headers = server.challenges(request, false).map((each) => ['Proxy-Authenticate', each] as const);
      if (verdict.kind === 'authenticated') pass();
      else transaction.respond(SipResponse.to(request, 407, { headers, toTag: 'x' }));
    });
  };
  const { core } = w.bob;
  const receive = core.onRequest;
  core.onRequest = (transaction) => guard(transaction, () => receive(transaction));
  const find = core.dialogs.find.bind(core.dialogs);
  if (options.everything) {
    core.dialogs.find = (request) => {
      const owner = find(request);
      return (
        owner && {
          receiveInDialog: (received, transaction) =>
            transaction
              ? guard(transaction, () => owner.receiveInDialog(received, transaction))
              : owner.receiveInDialog(received, transaction),
        }
      );
    };
  }
  /** Lets messages travel and verdicts fall. */
  const run = async () => {
    for (let i = 0; i < 6; i++) {
      w.run();
      await new Promise(setImmediate);
    }
  };
  const sent = (method: string): SipRequest[] =>
    w.alicesTransport.sent
      .map(({ message }) => message)
      .filter((message): message is SipRequest => message.kind === 'request' && message.method === method);
  const call = (invite: Partial<OutgoingInvite> = { account: 'carrier' }) =>
    w.alice.invite(w.bob.uri, OFFER, invite);
  return { w, run, sent, call, verdicts };
}

describe('a dialog with a peer that challenges (RFC 3261 §22.2, §22.3)', () => {
  it('comes about, and every request of it gets through, each under its own nonce count', async () => {
    const { w, run, sent, call, verdicts } = await start({ everything: true });
    const a = call();
    await run();
    w.bob.call.usage.accept(ANSWER);
    await run();
    a.usage.acknowledge();
    await run();
    a.usage.request('INFO', '1', OFFER);
    await run();
    const info = w.bob.call.last('request');
    w.bob.call.usage.respond(info.transactionKey, 200);
    await run();
    a.usage.bye();
    await run();
    const methods = ['INVITE', 'INFO', 'BYE'];
    expect(verdicts).toEqual(methods.flatMap((each) => [`${each} challenge`, `${each} authenticated`]));
    const [, second] = sent('INVITE');
    expect(second?.headers.get('Proxy-Authorization')).toContain('qop=auth-int');
    expect(sent('ACK').at(-1)?.headers.get('Proxy-Authorization')).toBe(
      second?.headers.get('Proxy-Authorization'),
    );
    expect(JSON.stringify(a.usage.state)).not.toContain('canary');
    expect(w.settle()).toEqual(NOTHING_HELD);
  });

  it('is refused when the password is wrong: the second challenge is the last', async () => {
    const { run, call, verdicts } = await start({ clientPassword: 'wrong' });
    const a = call();
    await run();
    expect(verdicts).toEqual(['INVITE challenge', 'INVITE rejected']);
    expect(a.told).toEqual(['refused INVITE 407', 'ended refused']);
  });

  it.each([{}, { account: 'other' }])(
    'gets no credentials of an account that is not named for it: %j',
    async (invite) => {
      const { run, call, sent } = await start();
      const a = call(invite);
      await run();
      expect(sent('INVITE')).toHaveLength(1);
      expect(a.told).toEqual(['refused INVITE 407', 'ended refused']);
    },
  );
});
