import type { CallerAccount } from '@legato/b2bua';
import type { AuthenticatedUser, ServerTransaction } from '@legato/sip';
import { SipContext, SipException } from '@legato/sip-nest';
import { buildRequest } from '@legato/testing';
import { FakeCallControl } from '../../test/fake-call-control';
import { InboundCallController } from './inbound-call.controller';

/** The account with which a call got in, or the status that it got. */
function invite(requestUri: string, identity?: AuthenticatedUser): CallerAccount | number | undefined {
  const calls = new FakeCallControl();
  const taken: (CallerAccount | undefined)[] = [];
  calls.receiveInvite = (_transaction: ServerTransaction, account?: CallerAccount) =>
    void taken.push(account);
  const request = buildRequest({ requestUri });
  const transaction: ServerTransaction = { key: 'k', request, state: 'Trying', respond: () => true };
  const context = new SipContext([transaction]);
  if (identity) context.identity = identity;
  try {
    new InboundCallController(calls).invite(context);
  } catch (error) {
    if (!(error instanceof SipException)) throw error;
    expect(taken).toEqual([]);
    return error.status;
  }
  expect(taken).toHaveLength(1);
  return taken[0];
}

const bob = (limits?: AuthenticatedUser['limits']): AuthenticatedUser => ({
  user: '1001',
  realm: 'example.com',
  ...(limits && { limits }),
});

describe('an INVITE that passed the guards', () => {
  it('goes to the calls, with the account whose credentials it has', () => {
    expect(invite('sip:1000@legato', bob())).toEqual({ name: '1001@example.com' });
    expect(invite('sip:1000@legato')).toBeUndefined();
  });

  it('brings the limits of its account', () => {
    expect(invite('sip:1000@legato', bob({ calls: 2, durationS: 60 }))).toEqual({
      name: '1001@example.com',
      maxCalls: 2,
      maxDurationMs: 60_000,
    });
  });

  it.each([
    ['sip:0049301@legato', true],
    ['sip:1000@legato', true],
    ['tel:+49-30-1', true],
    ['sip:00882@legato', false],
    ['tel:+882-1', false],
    ['sip:legato', false],
  ])('to %s of an account that may dial some numbers only: %s (toll fraud)', (uri, allowed) => {
    const outcome = invite(uri, bob({ prefixes: ['0049', '+49', '1000'] }));
    expect(outcome).toEqual(allowed ? { name: '1001@example.com' } : 403);
  });
});
