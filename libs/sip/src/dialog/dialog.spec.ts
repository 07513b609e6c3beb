import { buildRequest } from '@legato/testing';
import { Headers } from '../message/headers';
import { SipResponse } from '../message/sip-response';
import { confirmUacDialog, createUacDialog, createUasDialog } from './create-dialog';
import type { DialogState } from './dialog-state';
import { DialogTable } from './dialog-table';
import { createInDialogRequest, fallbackTarget } from './in-dialog-request';
import { noteRemoteCSeq, refreshTarget } from './receive-in-dialog';

const flow = {
  protocol: 'UDP',
  local: { host: '192.0.2.1', port: 5060 },
  remote: { host: '198.51.100.7', port: 40000 },
} as const;

const dialog = (changes: Partial<DialogState> = {}): DialogState => ({
  sipCallId: 'call-1',
  localTag: 'ours',
  remoteTag: 'theirs',
  localUri: '"Ann" <sip:ann@192.0.2.1>',
  remoteUri: '<sip:bob@192.0.2.2>',
  remoteTarget: 'sip:user@remoteua',
  routeSet: [],
  localCSeq: 7,
  remoteCSeq: null,
  state: 'confirmed',
  role: 'UAC',
  ...changes,
});

function response(status: number, extra: readonly (readonly [string, string])[] = []): SipResponse {
  const headers = new Headers([
    ['Via', 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx'],
    ['From', '"Ann" <sip:ann@192.0.2.1>;tag=ours'],
    ['To', '<sip:bob@192.0.2.2>;tag=theirs'],
    ['Call-ID', 'call-1'],
    ['CSeq', '1 INVITE'],
    ...extra,
  ]);
  return new SipResponse(status, '', headers);
}

describe('a dialog', () => {
  it('at the UAS takes Record-Route in order, Contact, CSeq and both URIs of the INVITE (§12.1.1)', () => {
    const invite = buildRequest({
      callId: 'abc',
      cseq: 4711,
      from: '"Alice" <sip:alice@192.0.2.2>',
      contact: '<sip:alice@10.0.0.1:5070;transport=udp>',
      headers: [['Record-Route', '<sip:p2;lr>, <sip:p1;lr>']],
    });
    expect(createUasDialog(invite, 'local')).toEqual({
      sipCallId: 'abc',
      localTag: 'local',
      remoteTag: 'alice-tag',
      localUri: '<sip:bob@192.0.2.1>',
      remoteUri: '"Alice" <sip:alice@192.0.2.2>',
      remoteTarget: 'sip:alice@10.0.0.1:5070;transport=udp',
      routeSet: ['<sip:p2;lr>', '<sip:p1;lr>'],
      localCSeq: 0,
      remoteCSeq: 4711,
      state: 'early',
      role: 'UAS',
    });
  });

  it('at the UAS has an empty remote tag when the peer is of RFC 2543 (§12.1.1)', () => {
    const invite = buildRequest();
    invite.headers.set('From', '<sip:old@192.0.2.2>');
    const uas = createUasDialog(invite, 'local');
    expect(uas.remoteTag).toBe('');
    expect(createInDialogRequest(uas, 'BYE').headers.get('To')).toBe('<sip:old@192.0.2.2>');
  });

  it('at the UAC reverses Record-Route and is early or confirmed by the status (§12.1.2)', () => {
    const extra = [
      ['Record-Route', '<sip:p1;lr>'],
      ['Record-Route', '<sip:p2;lr>, <sip:p3;lr>'],
      ['Contact', '<sip:bob@192.0.2.99>'],
    ] as const;
    const early = createUacDialog(response(180, extra), 'sip:bob@192.0.2.2');
    expect(early.routeSet).toEqual(['<sip:p3;lr>', '<sip:p2;lr>', '<sip:p1;lr>']);
    expect([early.state, early.localCSeq, early.remoteCSeq]).toEqual(['early', 1, null]);
    expect(early.remoteTarget).toBe('sip:bob@192.0.2.99');
    expect(createUacDialog(response(200, extra), '').state).toBe('confirmed');
  });

  it('computes its route set anew from the 2xx and keeps its sequence numbers (§13.2.2.4)', () => {
    const early = {
      ...createUacDialog(response(180, [['Record-Route', '<sip:old;lr>']]), 'sip:x'),
      localCSeq: 3,
      remoteCSeq: 9,
    };
    const confirmed = confirmUacDialog(early, response(200, [['Contact', '<sip:new@192.0.2.3>']]));
    expect(confirmed).toMatchObject({
      routeSet: [],
      remoteTarget: 'sip:new@192.0.2.3',
      localCSeq: 3,
      remoteCSeq: 9,
    });
  });
});

describe('a request in a dialog', () => {
  it('counts CSeq up by one and carries tags, Call-ID and Max-Forwards 70 (§12.2.1.1)', () => {
    const state = dialog();
    const request = createInDialogRequest(state, 'INFO');
    expect(request.requestUri).toBe('sip:user@remoteua');
    expect([...request.headers.entries()]).toEqual([
      ['Max-Forwards', '70'],
      ['From', '"Ann" <sip:ann@192.0.2.1>;tag=ours'],
      ['To', '<sip:bob@192.0.2.2>;tag=theirs'],
      ['Call-ID', 'call-1'],
      ['CSeq', '8 INFO'],
    ]);
    expect(state.localCSeq).toBe(8);
  });

  it('gives an ACK the number of its INVITE and leaves the count alone (§13.2.2.4)', () => {
    const state = dialog();
    expect(createInDialogRequest(state, 'ACK', { cseq: 3 }).headers.get('CSeq')).toBe('3 ACK');
    expect(state.localCSeq).toBe(7);
  });

  it('goes through loose routers with the remote target as Request-URI (§12.2.1.1)', () => {
    const request = createInDialogRequest(dialog({ routeSet: ['<sip:p1;lr>', '<sip:p2>'] }), 'BYE');
    expect(request.requestUri).toBe('sip:user@remoteua');
    expect(request.headers.getAll('Route')).toEqual(['<sip:p1;lr>', '<sip:p2>']);
  });

  it('goes through a strict router as in the example of §12.2.1.1', () => {
    const routeSet = ['<sip:proxy1;method=INVITE?x=y>', '<sip:proxy2>', '<sip:proxy3;lr>', '<sip:proxy4>'];
    const request = createInDialogRequest(dialog({ routeSet }), 'BYE');
    expect(request.requestUri).toBe('sip:proxy1');
    expect(request.headers.getAll('Route')).toEqual([
      '<sip:proxy2>',
      '<sip:proxy3;lr>',
      '<sip:proxy4>',
      '<sip:user@remoteua>',
    ]);
  });

  it('falls back to the flow of a peer behind NAT, not when there is a route (RFC 5626 §3.1)', () => {
    const behindNat = dialog({ remoteTarget: 'sip:a@192.168.1.5:5060', flow });
    expect(fallbackTarget(behindNat)).toEqual(flow);
    expect(fallbackTarget({ ...behindNat, routeSet: ['<sip:p;lr>'] })).toBeUndefined();
    expect(fallbackTarget({ ...behindNat, remoteTarget: 'sip:a@198.51.100.7' })).toBeUndefined();
    expect(fallbackTarget({ ...behindNat, remoteTarget: 'sip:a@df7jal23ls0d.invalid' })).toEqual(flow);
    const lan = { ...flow, remote: { host: '192.168.1.9', port: 5060 } };
    expect(fallbackTarget({ ...behindNat, flow: lan })).toBeUndefined();
  });
});

describe('a request that arrives in a dialog', () => {
  it('is in order when its CSeq grows, by gaps too, and out of order when it is lower (§12.2.2)', () => {
    const state = dialog();
    const order = (cseq: number) =>
      noteRemoteCSeq(state, buildRequest({ method: 'INFO', cseq, toTag: 'ours' }));
    expect([order(5), order(6), order(60), order(59), order(60)]).toEqual([
      'in order',
      'in order',
      'in order',
      'out of order',
      'repeated',
    ]);
    expect(state.remoteCSeq).toBe(60);
  });

  it('refreshes the remote target and nothing of the route set (§12.2, RFC 6141 §4.6)', () => {
    const state = dialog({ routeSet: ['<sip:p;lr>'] });
    refreshTarget(
      state,
      buildRequest({ contact: '<sip:moved@192.0.2.50>', headers: [['Record-Route', '<sip:q;lr>']] }),
    );
    expect(state).toMatchObject({ remoteTarget: 'sip:moved@192.0.2.50', routeSet: ['<sip:p;lr>'] });
    refreshTarget(state, buildRequest({ method: 'UPDATE' }));
    expect(state.remoteTarget).toBe('sip:moved@192.0.2.50');
  });
});

describe('the dialog table', () => {
  const request = (fields: { toTag?: string; fromTag?: string }) =>
    buildRequest({ method: 'INFO', callId: 'call-1', toTag: 'ours', fromTag: 'theirs', ...fields });

  it('finds a dialog by Call-ID and both tags, and no other (§12.2.2)', () => {
    const table = new DialogTable<string>();
    table.add(dialog(), 'owner');
    expect(table.find(request({}))).toBe('owner');
    expect(table.find(request({ fromTag: 'other' }))).toBeUndefined();
    expect(table.find(request({ toTag: 'other' }))).toBeUndefined();
    expect(table.find(buildRequest({ toTag: 'ours', fromTag: 'theirs' }))).toBeUndefined();
  });

  it('finds the dialog of a peer without tag (§12.1.1)', () => {
    const table = new DialogTable<string>();
    table.add(dialog({ remoteTag: '' }), 'old peer');
    const bye = request({});
    bye.headers.set('From', '<sip:old@192.0.2.2>');
    expect(table.find(bye)).toBe('old peer');
  });

  it('gives a 2xx of another branch to the owner of the first (§13.2.2.4)', () => {
    const table = new DialogTable<string>();
    table.add(dialog({ remoteTag: 'first branch' }), 'owner');
    expect(table.findByResponse(response(200))).toBe('owner');
    table.remove(dialog({ remoteTag: 'first branch' }));
    expect(table.findByResponse(response(200))).toBeUndefined();
  });

  it('counts dialogs, replaces an owner, and is empty when all are removed', () => {
    const table = new DialogTable<string>();
    table.add(dialog(), 'a');
    table.add(dialog(), 'b');
    table.add(dialog({ remoteTag: 'fork' }), 'c');
    expect([table.size, table.find(request({}))]).toEqual([2, 'b']);
    table.remove(dialog());
    table.remove(dialog());
    table.remove(dialog({ remoteTag: 'fork' }));
    expect(table.size).toBe(0);
  });
});
