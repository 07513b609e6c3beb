import {
  ANSWER,
  buildRequest,
  NOTHING_HELD,
  OFFER,
  ScriptedUserAgent,
  sdp,
  TwoUserAgents,
} from '@legato/testing';
import type { ScriptedCall } from '@legato/testing';
import type { InviteUsageState } from './usage-state';

const stored = (call: ScriptedCall): InviteUsageState =>
  JSON.parse(JSON.stringify(call.usage.state)) as InviteUsageState;

/** Stops Bob as if by kill -9 and starts him again on the same address from what he stored. */
async function restartBob(
  w: TwoUserAgents,
  state: InviteUsageState,
): Promise<{ bob: ScriptedUserAgent; b: ScriptedCall }> {
  await w.bob.stop();
  for (const call of w.bob.calls) w.bob.runner.forget([call.usage.state.id]);
  const bob = new ScriptedUserAgent({ clock: w.clock, transport: w.bobsTransport, user: 'bob' });
  await bob.start();
  return { bob, b: bob.restore(state) };
}

describe('a usage that is restored from its state', () => {
  it('goes on sending its 2xx until the ACK comes (§13.3.1.4)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    const { bob, b } = await restartBob(w, stored(w.bob.call));
    w.ladder();
    w.run(1_600);
    expect(w.ladder()).toEqual(['B 200 OK', 'B 200 OK']);
    a.usage.acknowledge();
    w.run();
    expect(b.told).toEqual(['acknowledged INVITE']);
    a.usage.bye();
    w.run();
    expect(b.told.slice(1)).toEqual(['bye', 'ended bye received']);
    w.run(70_000);
    expect(bob.held()).toMatchObject({ usages: 0, dialogs: 0 });
  });

  it('sends its ACK again for a 2xx that its transaction does not know any more (§13.2.2.4, RFC 6026 §7.2)', async () => {
    const w = await TwoUserAgents.start({ alice: { user: 'alice' } });
    const b = w.bob.invite(w.alice.uri, OFFER);
    w.run();
    w.alice.call.usage.accept(ANSWER);
    w.run();
    w.lose = (text) => text.startsWith('ACK');
    b.usage.acknowledge(sdp('late answer'));
    w.run();
    await restartBob(w, stored(b));
    w.lose = () => false;
    w.ladder();
    w.run(600);
    expect(w.ladder()).toEqual(['A 200 OK', 'B ACK']);
    expect(Buffer.from(w.alice.call.last('acknowledged').body?.bytes ?? []).toString()).toBe('late answer');
  });

  it('goes on with its INVITE: the same copy again, and one phone that rings once (§17.2.3)', async () => {
    const w = await TwoUserAgents.start();
    const b = w.bob.invite(w.alice.uri, OFFER);
    w.run();
    w.alice.call.usage.provisional(180);
    w.run();
    const { b: restored } = await restartBob(w, stored(b));
    w.run();
    expect(w.alice.calls).toHaveLength(1);
    w.alice.call.usage.accept(ANSWER);
    w.run();
    expect(restored.told).toEqual(['provisional 180', 'accepted INVITE']);
    restored.usage.acknowledge();
    w.run();
    expect(w.alice.call.told).toEqual(['acknowledged INVITE']);
  });

  it('hears of a 2xx to its INVITE that came while it was away', async () => {
    const w = await TwoUserAgents.start();
    const b = w.bob.invite(w.alice.uri, OFFER);
    w.run();
    w.lose = (text) => text.startsWith('SIP/2.0 200');
    w.alice.call.usage.accept(ANSWER);
    w.run();
    const { b: restored } = await restartBob(w, stored(b));
    w.lose = () => false;
    w.run(600);
    expect(restored.told).toEqual(['accepted INVITE']);
  });

  it('sends its CANCEL again, and ends with the 487 (§9.1)', async () => {
    const w = await TwoUserAgents.start();
    const b = w.bob.invite(w.alice.uri, OFFER);
    w.run();
    w.alice.call.usage.provisional(180);
    w.run();
    w.lose = (text) => text.startsWith('CANCEL');
    b.usage.cancel();
    w.run();
    w.lose = () => false;
    const { bob, b: restored } = await restartBob(w, stored(b));
    w.run(100);
    expect(w.alice.call.told).toEqual(['cancelled', 'ended cancelled']);
    expect(restored.told).toEqual(['refused INVITE 487', 'ended cancelled']);
    w.run(70_000);
    expect(bob.held()).toMatchObject({ usages: 0, inviteClient: 0, nonInviteClient: 0 });
  });

  it('takes the CANCEL of an INVITE that came before, and a copy of it for no other call (§9.2, §17.2.3)', async () => {
    const w = await TwoUserAgents.start();
    w.lose = (text) => text.startsWith('SIP/2.0 1');
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    const { bob, b } = await restartBob(w, stored(w.bob.call));
    w.lose = () => false;
    w.run(600);
    expect(bob.calls).toEqual([b]);
    a.usage.cancel();
    w.run();
    expect(b.told).toEqual(['cancelled', 'ended cancelled']);
    expect(a.told).toEqual(['refused INVITE 487', 'ended cancelled']);
    w.run(70_000);
    expect(bob.held()).toMatchObject({ usages: 0, inviteServer: 0 });
  });

  it('sends a refusal again that may not have left, until its ACK comes (§17.2.1)', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    w.lose = (text) => text.startsWith('SIP/2.0 486');
    w.bob.call.usage.refuse(486, 'Not now');
    const state = stored(w.bob.call);
    const { b } = await restartBob(w, state);
    w.run();
    w.lose = () => false;
    w.run(600);
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 486', 'ended refused']);
    expect(b.told).toEqual(['ended refused']);
    expect(a.last('refused').response?.reason).toBe('Not now');
  });

  it('sends the 487 of a CANCEL again that may not have left', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.lose = (text) => text.startsWith('SIP/2.0 487');
    const told = w.bob.call.usage.receiveCancel();
    expect(told.map(({ type }) => type)).toEqual(['cancelled']);
    const { b } = await restartBob(w, stored(w.bob.call));
    w.lose = () => false;
    w.run(600);
    expect(a.told).toEqual(['refused INVITE 487', 'ended refused']);
    expect(b.told).toEqual(['ended cancelled']);
  });

  it('refuses a caller that waits for its answer, along the way the INVITE came', async () => {
    const w = await TwoUserAgents.start();
    const a = w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.provisional(180);
    w.run();
    const { b } = await restartBob(w, stored(w.bob.call));
    b.usage.refuse(503, 'Service restarted');
    w.run();
    expect(a.told).toEqual(['provisional 180', 'refused INVITE 503', 'ended refused']);
    expect(b.told).toEqual(['ended refused']);
  });

  it('answers a request that waited for its answer, along the way it came', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.request('INFO', '1');
    w.run();
    const { transactionKey } = b.last('request');
    const restarted = await restartBob(w, stored(b));
    restarted.b.usage.respond(transactionKey, 200, sdp('result'));
    w.run();
    expect(a.told).toEqual(['answered INFO 200']);
  });

  it('gives the same answer to a request that is sent again to the new process', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    w.lose = (text) => text.startsWith('SIP/2.0 202');
    a.usage.request('INFO', '1');
    w.run();
    b.usage.respond(b.last('request').transactionKey, 202);
    w.run();
    const restarted = await restartBob(w, stored(b));
    w.lose = () => false;
    w.run(600);
    expect(a.told).toEqual(['answered INFO 202']);
    expect(restarted.b.told).toEqual([]);
  });

  it('does not tell twice of a request that is sent again before its answer', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    a.usage.request('INFO', '1');
    w.run();
    const restarted = await restartBob(w, stored(b));
    w.ladder();
    w.run(1_600);
    expect(w.ladder()).toEqual(['A INFO', 'A INFO']);
    expect(restarted.b.told).toEqual([]);
    restarted.b.usage.respond(b.last('request').transactionKey, 200);
    w.run();
    expect(a.told).toEqual(['answered INFO 200']);
  });

  it('sends a BYE again with the next CSeq', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    w.lose = (text) => text.startsWith('BYE');
    b.usage.bye();
    w.run();
    w.lose = () => false;
    const restarted = await restartBob(w, stored(b));
    w.run();
    expect(a.told).toEqual(['bye', 'ended bye received']);
    expect(a.last('bye').request.cseq.number).toBe(2);
    expect(restarted.b.told).toEqual(['ended bye sent']);
  });

  it('is told that its re-INVITE failed, and acknowledges its 2xx all the same', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    b.usage.reinvite(OFFER);
    w.run();
    const { b: restored } = await restartBob(w, stored(b));
    expect(restored.told).toEqual(['refused re-INVITE 503']);
    a.usage.answerReinvite(a.last('re-INVITE').transactionKey, 200, ANSWER);
    w.ladder();
    w.run();
    expect(w.ladder()).toEqual(['B ACK']);
  });

  it('forgets the request that was under way and sends those behind it', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    w.lose = () => true;
    b.usage.request('INFO', '1', sdp('one'));
    b.usage.request('INFO', '2', sdp('two'));
    w.run();
    const { b: restored } = await restartBob(w, stored(b));
    w.lose = () => false;
    w.run();
    w.run(600);
    expect(Buffer.from(a.last('request').request.body).toString()).toBe('two');
    a.usage.respond(a.last('request').transactionKey, 200);
    w.run();
    expect(restored.events.map((event) => event.type === 'answered' && event.token)).toEqual(['2']);
  });

  it('takes its timers up by their wall-clock deadlines, and ends when it was over', async () => {
    const w = await TwoUserAgents.start();
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.refuse(486);
    const { b, bob } = await restartBob(w, stored(w.bob.call));
    w.run();
    expect(b.told).toEqual(['ended refused']);
    expect(bob.runner.size).toBe(0);
  });

  it('is about 1 kB when its dialog is confirmed and its ACK is old', async () => {
    const w = await TwoUserAgents.start();
    const { a, b } = w.connect();
    w.run(33_000);
    expect(JSON.stringify(a.usage.state).length).toBeLessThan(1_000);
    expect(JSON.stringify(b.usage.state).length).toBeLessThan(1_000);
    expect(a.usage.state.timers).toEqual({});
    expect(w.settle()).toMatchObject({ ...NOTHING_HELD, usages: 2, dialogs: 2 });
  });

  it('absorbs the INVITE that a caller sends again to the new process: the 2xx is on its way (§13.3.1.4)', async () => {
    const w = await TwoUserAgents.start();
    const { b } = w.connect();
    const { dialog } = b.usage.state;
    const again = buildRequest({
      callId: dialog?.sipCallId ?? '',
      fromTag: dialog?.remoteTag ?? '',
      toTag: dialog?.localTag ?? '',
      cseq: 2,
      branch: 'z9hG4bKreinvite',
    });
    w.bobsTransport.inject(again, { host: '192.0.2.1', port: 5060 });
    b.usage.answerReinvite(b.last('re-INVITE').transactionKey, 200, ANSWER);
    await restartBob(w, stored(b));
    w.ladder();
    w.bobsTransport.inject(again, { host: '192.0.2.1', port: 5060 });
    expect(w.ladder()).toEqual(['B 200 OK']);
  });

  it.each([
    ['by UPDATE', ['INVITE', 'ACK', 'BYE', 'UPDATE'], 'UPDATE'],
    ['by re-INVITE where the peer takes no UPDATE', ['INVITE', 'ACK', 'BYE'], 'INVITE'],
  ])('tells its peer where it is now, %s (§12.2)', async (_how, allow, method) => {
    const runner = { supported: [], sessionTimer: { intervalS: 1800, minSeS: 90 } };
    const w = await TwoUserAgents.start({ alice: { allow, runner }, bob: { runner } });
    w.alice.invite(w.bob.uri, OFFER);
    w.run();
    w.bob.call.usage.accept(ANSWER);
    w.run();
    w.alice.call.usage.acknowledge();
    w.run();
    const here = w.alice.call.usage.state.dialog?.remoteTarget;
    // Another node had it.
    const state = { ...stored(w.bob.call), contact: '<sip:bob@192.0.2.99:5060>' };
    Object.assign(w.alice.call.usage.state.dialog ?? {}, { remoteTarget: 'sip:bob@192.0.2.99:5060' });
    await w.bob.stop();
    for (const call of w.bob.calls) w.bob.runner.forget([call.usage.state.id]);
    const bob = new ScriptedUserAgent({ clock: w.clock, transport: w.bobsTransport, user: 'bob', runner });
    await bob.start();
    const b = bob.restore(state);
    w.ladder();
    b.usage.announce();
    w.run();
    expect(w.ladder()[0]).toContain(method);
    if (method === 'INVITE')
      w.alice.call.usage.answerReinvite(w.alice.call.last('re-INVITE').transactionKey, 200, ANSWER);
    w.run();
    expect(w.alice.call.usage.state.dialog?.remoteTarget).toBe(here);
    b.usage.bye();
    w.run();
    b.usage.announce();
    expect(w.ladder().filter((line) => line.includes('BYE'))).toHaveLength(1);
  });

  describe('that had a request under way', () => {
    const body = { contentType: 'text/plain', bytes: Buffer.from('once') };

    /** Bob's request reached Alice, and its answer nobody. */
    async function unanswered(isRepeated?: true) {
      const w = await TwoUserAgents.start();
      w.alice.invite(w.bob.uri, OFFER);
      w.run();
      w.bob.call.usage.accept(ANSWER);
      w.run();
      w.alice.call.usage.acknowledge();
      w.run();
      w.lose = (text) => text.startsWith('SIP/2.0');
      w.bob.call.usage.requestWith('INFO', 'asked', { body, ...(isRepeated && { isRepeated }) });
      w.run();
      expect(w.bob.call.usage.repeats('asked')).toBe(isRepeated ?? false);
      const heard = () => w.alice.call.told.filter((each) => each.startsWith('request INFO'));
      w.alice.call.usage.respond(w.alice.call.last('request').transactionKey, 200);
      w.run();
      expect(heard()).toHaveLength(1);
      const { b } = await restartBob(w, stored(w.bob.call));
      w.lose = () => false;
      w.run(1_000);
      return { heard: heard(), told: b.told };
    }

    it('sends it as it was: the peer does it once, and answers as before (§17.2.2)', async () => {
      expect(await unanswered(true)).toMatchObject({
        heard: [expect.anything()],
        told: ['answered INFO 200'],
      });
    });

    it('forgets any other: whether it is still wanted the transaction user knows', async () => {
      expect(await unanswered()).toMatchObject({ heard: [expect.anything()], told: [] });
    });
  });
});
