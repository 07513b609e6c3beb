import { buildRequest } from '@legato/testing';
import type { RequestFields } from '@legato/testing';
import type { SipRequest } from '../message/sip-request';
import type { RegisterOutcome } from './apply-register';
import { applyRegister } from './apply-register';
import type { Binding } from './binding';
import { callTargets } from './call-targets';
import { readRegister } from './read-register';
import type { RegisterRefusal } from './register-refusal';
import { registeredHeaders } from './register-response';
import { DEFAULT_REGISTRAR_RULES } from './registrar-rules';

const NOW = 1_700_000_000_000;
const A = 'sip:alice@192.0.2.2:5060';
const B = 'sip:alice@192.0.2.3:5060';

interface Register extends RequestFields {
  readonly contacts?: readonly string[];
  readonly expires?: string;
}

function register({ contacts = [], expires, headers = [], ...fields }: Register = {}): SipRequest {
  return buildRequest({
    method: 'REGISTER',
    requestUri: 'sip:example.com',
    to: '<sip:alice@example.com>',
    callId: 'boot-1',
    ...fields,
    headers: [
      ...contacts.map((contact): [string, string] => ['Contact', contact]),
      ...(expires === undefined ? [] : [['Expires', expires] as [string, string]]),
      ...headers,
    ],
  });
}

/** Carries a REGISTER out and answers with what it brought, or with its refusal. */
function run(
  request: SipRequest,
  current: readonly Binding[] = [],
  options: { now?: number; maxBindings?: number } = {},
): RegisterOutcome | RegisterRefusal {
  const command = readRegister(request);
  if ('status' in command) return command;
  const { now = NOW, maxBindings = 3 } = options;
  return applyRegister(current, {
    request,
    command,
    rules: { ...DEFAULT_REGISTRAR_RULES, maxBindings },
    now,
  });
}

function bindingsAfter(...args: Parameters<typeof run>): readonly Binding[] {
  const outcome = run(...args);
  if ('status' in outcome) throw new Error(`${outcome.status} ${outcome.reason}`);
  return outcome.bindings;
}

const statusOf = (...args: Parameters<typeof run>) => {
  const outcome = run(...args);
  return 'status' in outcome ? outcome.status : 200;
};

const changesOf = (...args: Parameters<typeof run>): string[] => {
  const outcome = run(...args);
  return 'status' in outcome ? [] : outcome.changes.map(({ kind, binding }) => `${kind} ${binding.contact}`);
};

const secondsOf = (bindings: readonly Binding[]) =>
  Object.fromEntries(bindings.map(({ contact, expiresAt }) => [contact, (expiresAt - NOW) / 1000]));

describe('a REGISTER', () => {
  it('adds bindings, many to one address-of-record (RFC 3261 §10.2.1)', () => {
    const both = bindingsAfter(register({ contacts: [`<${A}>`, `<${B}>;q=0.5`] }));
    expect(both.map(({ contact }) => contact)).toEqual([A, B]);
    const third = register({ contacts: ['<sip:alice@192.0.2.4>'], callId: 'phone-3' });
    expect(bindingsAfter(third, both)).toHaveLength(3);
    expect(changesOf(third, both)).toEqual(['added sip:alice@192.0.2.4']);
  });

  it('without Contact changes nothing (§10.2.3)', () => {
    const current = bindingsAfter(register({ contacts: [`<${A}>`] }));
    expect(run(register({ cseq: 2 }), current)).toEqual({ bindings: current, changes: [] });
  });

  it.each([
    ['its Contact parameter first', `<${A}>;expires=40`, '50', 40],
    ['then the Expires header', `<${A}>`, '50', 50],
    ['then the registrar', `<${A}>`, undefined, 3600],
    ['an hour for what is malformed', `<${A}>;expires=soon`, undefined, 3600],
    ['the longest there is for more', `<${A}>;expires=4294967296`, undefined, 7200],
  ])('is asked how long: %s (§10.3 step 7)', (_what, contact, expires, seconds) => {
    const request = register({ contacts: [contact], ...(expires === undefined ? {} : { expires }) });
    expect(secondsOf(bindingsAfter(request))).toEqual({ [A]: seconds });
  });

  it('for too short a time gets 423 with Min-Expires, an hour or a removal never does (§10.3 step 7)', () => {
    expect(run(register({ contacts: [`<${A}>;expires=29`] }))).toMatchObject({
      status: 423,
      headers: [['Min-Expires', '30']],
    });
    expect(statusOf(register({ contacts: [`<${A}>;expires=30`] }))).toBe(200);
    expect(statusOf(register({ contacts: [`<${A}>;expires=0`] }))).toBe(200);
  });

  it('changes nothing at all when one of its contacts can not be served (§10.3: atomically)', () => {
    const outcome = run(register({ contacts: [`<${A}>`, `<${B}>;expires=1`] }));
    expect(outcome).toMatchObject({ status: 423 });
    expect(outcome).not.toHaveProperty('bindings');
  });

  it('refreshes a binding by URI comparison, not by text (§19.1.4)', () => {
    const current = bindingsAfter(register({ contacts: ['<sip:alice@EXAMPLE.org;transport=udp>'] }));
    const again = register({
      contacts: ['"A" <sip:%61lice@example.org;transport=UDP>;expires=60'],
      cseq: 2,
    });
    expect(bindingsAfter(again, current)).toHaveLength(1);
    expect(changesOf(again, current)).toEqual(['refreshed sip:%61lice@example.org;transport=UDP']);
  });

  it('removes with an interval of 0, by parameter or header (§10.2.2)', () => {
    const current = bindingsAfter(register({ contacts: [`<${A}>`, `<${B}>`] }));
    const one = register({ contacts: [`<${A}>;expires=0`], cseq: 2 });
    expect(bindingsAfter(one, current).map(({ contact }) => contact)).toEqual([B]);
    const other = register({ contacts: [`<${B}>`], expires: '0', cseq: 2 });
    expect(changesOf(other, current)).toEqual([`removed ${B}`]);
    const nobody = register({ contacts: ['<sip:x@192.0.2.9>;expires=0'], cseq: 2 });
    expect(changesOf(nobody, current)).toEqual([]);
  });

  it('of the same Call-ID must have a higher CSeq: 500 and nothing changed otherwise (§10.3 step 7)', () => {
    const current = bindingsAfter(register({ contacts: [`<${A}>`], cseq: 5 }));
    expect(statusOf(register({ contacts: [`<${A}>`], cseq: 5 }), current)).toBe(500);
    expect(statusOf(register({ contacts: [`<${A}>;expires=0`], cseq: 4 }), current)).toBe(500);
    expect(statusOf(register({ contacts: [`<${A}>`], cseq: 6 }), current)).toBe(200);
    expect(statusOf(register({ contacts: [`<${A}>`], cseq: 1, callId: 'boot-2' }), current)).toBe(200);
    expect(statusOf(register({ contacts: [`<${B}>`], cseq: 5 }), current)).toBe(200);
  });

  it('names the Call-ID and CSeq that wrote a binding (§10.3 step 7)', () => {
    const [binding] = bindingsAfter(register({ contacts: [`<${A}>`], cseq: 7 }));
    expect(binding).toMatchObject({ sipCallId: 'boot-1', cseq: 7, registeredAt: NOW });
  });

  it('takes the last of two equal contacts', () => {
    const request = register({ contacts: [`<${A}>;expires=60`, `<${A}>;expires=90`] });
    expect(secondsOf(bindingsAfter(request))).toEqual({ [A]: 90 });
    expect(changesOf(request)).toEqual([`added ${A}`]);
  });

  describe('with the star', () => {
    const current = bindingsAfter(register({ contacts: [`<${A}>`, `<${B}>`], cseq: 5 }));

    it('removes everything when Expires is 0 (§10.2.2)', () => {
      const request = register({ contacts: ['*'], expires: '0', cseq: 6 });
      expect(bindingsAfter(request, current)).toEqual([]);
      expect(changesOf(request, current)).toEqual([`removed ${A}`, `removed ${B}`]);
      expect(statusOf(register({ contacts: ['*'], expires: '0', callId: 'boot-2' }), current)).toBe(200);
    });

    it.each([
      ['without Expires', { contacts: ['*'] }],
      ['with another Expires', { contacts: ['*'], expires: '60' }],
      ['beside another Contact', { contacts: ['*', `<${A}>`], expires: '0' }],
      ['in one list with another Contact', { contacts: [`*, <${A}>`], expires: '0' }],
      ['with an expires parameter instead', { contacts: ['*;expires=0'] }],
    ])('is 400 %s (§10.3 step 6)', (_what, fields) => {
      expect(statusOf(register({ ...fields, cseq: 6 }), current)).toBe(400);
    });

    it('removes nothing when it comes out of order (§10.3 step 6)', () => {
      expect(statusOf(register({ contacts: ['*'], expires: '0', cseq: 5 }), current)).toBe(500);
    });
  });

  it('has as many bindings as the rules allow, 403 beyond; old ones can always be refreshed and removed', () => {
    const current = bindingsAfter(register({ contacts: [`<${A}>`, `<${B}>`] }));
    const more = (count: number) =>
      register({
        contacts: Array.from({ length: count }, (_, i) => `<sip:alice@192.0.2.1${i}>`),
        callId: 'boot-2',
      });
    expect(statusOf(more(1), current)).toBe(200);
    expect(statusOf(more(2), current)).toBe(403);
    expect(statusOf(register({ contacts: [`<${A}>`], cseq: 2 }), current, { maxBindings: 1 })).toBe(200);
  });

  it('finds what has expired gone, and says so once', () => {
    const current = bindingsAfter(register({ contacts: [`<${A}>;expires=60`, `<${B}>`] }));
    const later = { now: NOW + 60_000 };
    expect(bindingsAfter(register({ cseq: 2 }), current, later).map(({ contact }) => contact)).toEqual([B]);
    expect(changesOf(register({ contacts: [`<${A}>`] }), current, later)).toEqual([
      `expired ${A}`,
      `added ${A}`,
    ]);
  });

  it.each([
    ['To is no SIP URI (RFC 4475 §3.3.4)', { to: '<tel:+15551234>' }, 400],
    ['To is of an unknown scheme', { to: '<isbn:2983792873>' }, 400],
    ['To names no user', { to: '<sip:example.com>' }, 404],
    ['a Contact is malformed', { contacts: ['<sip:alice@>'] }, 400],
    ['a Contact has no brackets around its headers', { contacts: ['sip:a@b?Route=%3Csip:c%3E'] }, 400],
    ['a Contact is longer than any', { contacts: [`<sip:${'a'.repeat(1100)}@b>`] }, 400],
    [
      'there are more Contacts than any',
      { contacts: Array.from({ length: 65 }, (_, i) => `<sip:${i}@b>`) },
      400,
    ],
  ])('is refused when %s', (_what, fields, status) => {
    expect(statusOf(register(fields))).toBe(status);
  });
});

describe('the Path of a REGISTER', () => {
  const path: [string, string] = ['Path', '<sip:p3.example.com;lr>, <sip:p1.example.net;lr>'];
  const supported: [string, string] = ['Supported', 'gruu, Path'];

  it('stays with its bindings in order (RFC 3327 §5.3)', () => {
    const request = register({ contacts: [`<${A}>`], headers: [path, supported] });
    const bindings = bindingsAfter(request);
    const route = ['<sip:p3.example.com;lr>', '<sip:p1.example.net;lr>'];
    expect(bindings[0]).toMatchObject({ reach: 'path', path: route });
    expect(callTargets(bindings, NOW)).toEqual([{ uri: A, path: route }]);
  });

  it('is 420 when the client does not support it (RFC 3327 §5.3)', () => {
    expect(run(register({ contacts: [`<${A}>`], headers: [path] }))).toMatchObject({
      status: 420,
      headers: [['Unsupported', 'path']],
    });
  });

  it('is 400 when malformed', () => {
    const headers: [string, string][] = [['Path', '<sip:p3'], supported];
    expect(statusOf(register({ contacts: [`<${A}>`], headers }))).toBe(400);
  });
});

describe('the answer to a REGISTER', () => {
  function headersOf(request: SipRequest, now = NOW): [string, string][] {
    const command = readRegister(request);
    if ('status' in command) throw new Error(command.reason);
    return registeredHeaders(bindingsAfter(request), command, DEFAULT_REGISTRAR_RULES, now);
  }

  it('lists every binding with what is left of its interval, and the date (§10.3 step 8)', () => {
    const request = register({ contacts: [`<${A}>;q=0.7;expires=60;methods="INVITE"`, `<${B}>;expires=40`] });
    expect(headersOf(request, NOW + 9_500)).toEqual([
      ['Contact', `<${B}>;expires=31`],
      ['Contact', `<${A}>;q=0.7;expires=51`],
      ['Date', 'Tue, 14 Nov 2023 22:13:29 GMT'],
    ]);
  });

  it('says in Expires what was granted where the client named no interval of its own', () => {
    expect(headersOf(register({ contacts: [`<${A}>`] }))).toContainEqual(['Expires', '3600']);
    expect(headersOf(register({ contacts: [`<${A}>`], expires: '9999' }))).toContainEqual([
      'Expires',
      '7200',
    ]);
    const names = headersOf(register({ contacts: [`<${A}>;expires=60`] })).map(([name]) => name);
    expect(names).not.toContain('Expires');
  });

  it('gives the Path back (RFC 3327 §5.3)', () => {
    const headers: [string, string][] = [
      ['Path', '<sip:p1.example.net;lr>'],
      ['Supported', 'path'],
    ];
    expect(headersOf(register({ contacts: [`<${A}>`], headers }))).toContainEqual([
      'Path',
      '<sip:p1.example.net;lr>',
    ]);
  });
});
