import type { SipRequest, SipResponse } from '@legato/sip';
import type { FlowPeer, PeerDialog } from './support/flow-peer';
import { FlowWorld, LEGATO, audio } from './support/flow-world';

const URI = `sip:1000@${LEGATO.host}:${LEGATO.port}`;
const OFFER = audio('192.0.2.2', 4000);
const ANSWER = audio('192.0.2.3', 5000, 'sendrecv', '8');

describe('extensions of a session, across the two dialogs of a direct call', () => {
  let world: FlowWorld;
  let caller: FlowPeer;
  let callee: FlowPeer;

  beforeEach(async () => {
    world = await FlowWorld.start({ routes: { '1000': { to: 'sip:bob@192.0.2.3:5060', mode: 'direct' } } });
    caller = world.peer('alice', '192.0.2.2', 5060);
    callee = world.peer('bob', '192.0.2.3', 5060);
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  function establish(headers: readonly (readonly [string, string])[] = []) {
    const dialog = caller.invite(URI, { text: OFFER }, headers);
    const invite = callee.request('INVITE');
    callee.respond(invite, 200, { text: ANSWER });
    callee.request('ACK');
    const ok = caller.response(200);
    caller.follow(dialog, ok);
    caller.within(dialog, 'ACK');
    return { dialog, ok, remote: callee.accepted(invite) };
  }

  it('rings reliably for a caller that requires it, and takes its PRACK (RFC 3262 §3)', () => {
    const dialog = caller.invite(URI, { text: OFFER }, [['Require', '100rel']]);
    const invite = callee.request('INVITE');
    callee.respond(invite, 180);
    const ringing = caller.response(180);
    const rseq = ringing.headers.get('RSeq');
    expect(ringing.headers.get('Require')).toContain('100rel');
    caller.follow(dialog, ringing);
    world.clock.advance(600);
    expect(caller.response(180).headers.get('RSeq')).toBe(rseq);
    caller.within(dialog, 'PRACK', undefined, [['RAck', `${rseq} 1 INVITE`]]);
    expect(caller.response(200).cseq.method).toBe('PRACK');
    callee.respond(invite, 200, { text: ANSWER });
    expect(caller.response(200).cseq.method).toBe('INVITE');
  });

  describe('offers and answers before the answer (RFC 6337 §2.2)', () => {
    const RELIABLE = [['Supported', '100rel']] as const;
    const NEW_OFFER = audio('192.0.2.2', 4002);
    const NEW_ANSWER = audio('192.0.2.3', 5002, 'sendrecv', '8');

    function reliably(invite: SipRequest, description?: string): void {
      const body = description === undefined ? undefined : { text: description };
      callee.respond(invite, 183, body, 'bob-tag', [
        ['Require', '100rel'],
        ['RSeq', '7'],
      ]);
    }

    function prack(dialog: PeerDialog, text?: string): void {
      const progress = caller.response(183);
      caller.follow(dialog, progress);
      const rack = `${progress.headers.get('RSeq')} 1 INVITE`;
      caller.within(dialog, 'PRACK', text === undefined ? undefined : { text }, [['RAck', rack]]);
    }

    function talk(dialog: PeerDialog): SipResponse {
      const ok = caller.response(200);
      expect(ok.cseq.method).toBe('INVITE');
      dialog.cseq = 1;
      caller.within(dialog, 'ACK');
      expect(world.call.state).toBe('in_progress');
      return ok;
    }

    it('pattern 4: the offer of the callee in a reliable 1xx, the answer of the caller in its PRACK', () => {
      const dialog = caller.invite(URI, undefined, RELIABLE);
      const invite = callee.request('INVITE');
      expect(invite.body).toHaveLength(0);
      expect(invite.headers.get('Supported')).toContain('100rel');
      reliably(invite, OFFER);
      expect(callee.summary()).toBe('[]');
      prack(dialog, ANSWER);
      const answering = callee.request('PRACK');
      expect([answering.headers.get('RAck'), answering.body.toString()]).toEqual(['7 1 INVITE', ANSWER]);
      callee.respond(answering, 200);
      expect(caller.response(200).cseq.method).toBe('PRACK');
      callee.respond(invite, 200);
      expect(callee.request('ACK').body).toHaveLength(0);
      expect(talk(dialog).body).toHaveLength(0);
      expect(world.call.descriptions).toMatchObject({ caller: ANSWER, callee: OFFER });
    });

    it('pattern 4 is not asked for when the caller could not answer: it takes no reliable responses', () => {
      caller.invite(URI);
      expect(callee.request('INVITE').headers.get('Supported')).not.toContain('100rel');
    });

    it('pattern 5: a further offer of the caller in its PRACK, the answer of the callee in the 200', () => {
      const dialog = caller.invite(URI, { text: OFFER }, RELIABLE);
      const invite = callee.request('INVITE');
      reliably(invite, ANSWER);
      callee.respond(callee.request('PRACK'), 200);
      prack(dialog, NEW_OFFER);
      const update = callee.request('UPDATE');
      expect(update.body.toString()).toBe(NEW_OFFER);
      expect(caller.summary()).toBe('[]');
      callee.respond(update, 200, { text: NEW_ANSWER });
      const ok = caller.response(200);
      expect([ok.cseq.method, ok.body.toString()]).toEqual(['PRACK', NEW_ANSWER]);
      callee.respond(invite, 200);
      callee.request('ACK');
      talk(dialog);
      expect(world.call.descriptions).toMatchObject({ caller: NEW_OFFER, callee: NEW_ANSWER });
    });

    it('pattern 5 is refused with 488 when the callee does not take it, and the session stays as it was', () => {
      const dialog = caller.invite(URI, { text: OFFER }, RELIABLE);
      const invite = callee.request('INVITE');
      reliably(invite, ANSWER);
      callee.respond(callee.request('PRACK'), 200);
      prack(dialog, NEW_OFFER);
      callee.respond(callee.request('UPDATE'), 405);
      expect(caller.response(488).cseq.method).toBe('PRACK');
      callee.respond(invite, 200, { text: ANSWER });
      expect(talk(dialog).body.toString()).toBe(ANSWER);
      expect(world.call.descriptions).toMatchObject({ caller: OFFER, callee: ANSWER });
    });
  });

  it('keeps a session of 120 seconds alive that leaves the refreshing to us, as the seeds ask (RFC 4028 §9)', () => {
    const { ok, dialog } = establish([
      ['Supported', 'timer'],
      ['Session-Expires', '120;refresher=uas'],
    ]);
    expect(ok.headers.get('Session-Expires')).toMatch(/^120\s*;\s*refresher=uas$/);
    for (let refresh = 0; refresh < 3; refresh += 1) {
      world.clock.advance(60_000);
      const request = caller.inbox.find(
        (m) => m.kind === 'request' && ['UPDATE', 'INVITE'].includes(m.method),
      );
      expect(request?.headers.get('Session-Expires')).toContain('120');
      if (request?.kind !== 'request') throw new Error('no refresh');
      caller.inbox.length = 0;
      const reply = request.method === 'INVITE' ? { text: OFFER } : undefined;
      caller.respond(request, 200, reply, dialog.localTag, [['Session-Expires', '120;refresher=uac']]);
    }
    expect(world.call.state).toBe('in_progress');
  });

  it('ends a call whose other side stopped refreshing (RFC 4028 §10)', async () => {
    establish([
      ['Supported', 'timer'],
      ['Session-Expires', '120;refresher=uac'],
    ]);
    world.clock.advance(120_000);
    expect(caller.request('BYE')).toBeDefined();
    expect(callee.request('BYE')).toBeDefined();
    expect(await world.eventTypes()).toContain('call.answered');
  });

  it('refuses an interval that is too small, and says what would do (RFC 4028 §6)', () => {
    caller.invite(URI, { text: OFFER }, [
      ['Supported', 'timer'],
      ['Session-Expires', '30'],
    ]);
    expect(caller.response(422).headers.get('Min-SE')).toBe('90');
    expect(callee.inbox).toEqual([]);
  });

  it('passes an UPDATE with an offer to the other side, and its answer back (RFC 3311 §5)', () => {
    const { dialog } = establish();
    const hold = audio('192.0.2.2', 4000, 'sendonly');
    caller.within(dialog, 'UPDATE', { text: hold });
    const update = callee.request('UPDATE');
    expect(update.body.toString()).toBe(hold);
    callee.respond(update, 200, { text: ANSWER });
    expect(caller.response(200).body.toString()).toBe(ANSWER);
    expect(world.call.state).toBe('held');
  });

  it('answers an UPDATE without an offer itself: it only keeps the session alive', () => {
    const { dialog } = establish();
    caller.within(dialog, 'UPDATE');
    caller.response(200);
    expect(callee.inbox).toEqual([]);
  });
});
