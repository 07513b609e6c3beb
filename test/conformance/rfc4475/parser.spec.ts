import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SipMessage, SipParseError, SipRequest } from '@legato/sip';
import { bodyParts, decodeContacts, NameAddr, parseDatagram, salvageResponse, serialize } from '@legato/sip';
import { VERDICTS } from './verdicts';

const FOLDER = join(__dirname, '../../fixtures/rfc4475');
const load = (file: string): Buffer => readFileSync(join(FOLDER, `${file}.dat`));

function accepted(file: string): SipMessage {
  const outcome = parseDatagram(load(file));
  if (!outcome.ok) throw new Error(`${file}: ${outcome.error.text}`);
  return outcome.message;
}

function request(file: string): SipRequest {
  const message = accepted(file);
  if (message.kind !== 'request') throw new Error(`${file} is a response`);
  return message;
}

function refused(file: string): SipParseError {
  const outcome = parseDatagram(load(file));
  if (outcome.ok) throw new Error(`${file} was accepted`);
  return outcome.error;
}

interface ExpectedFields {
  method?: string;
  status?: number;
  fromTag?: string;
  toTag?: string;
  cseq?: number;
  cseqMethod?: string;
  vias?: number;
  contacts?: number;
  maxForwards?: number;
  body?: number;
  callId?: string;
  ruriUser?: string;
  contentType?: string;
}
const expectedFields = new Map(
  (
    JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as {
      file: string;
      fields?: ExpectedFields;
    }[]
  ).map((row) => [row.file.replace('.dat', ''), row.fields ?? {}]),
);

function readFields(message: SipMessage, wanted: ExpectedFields): ExpectedFields {
  const isRequest = message.kind === 'request';
  const contacts = decodeContacts(message.headers);
  const all: Required<ExpectedFields> = {
    method: isRequest ? message.method : '',
    status: isRequest ? 0 : message.status,
    fromTag: message.from.tag ?? '',
    toTag: message.to.tag ?? '',
    cseq: message.cseq.number,
    cseqMethod: message.cseq.method,
    vias: message.headers.getAll('Via').length,
    contacts: contacts ? contacts.contacts.length : -1,
    maxForwards: message.maxForwards ?? -1,
    body: message.body.length,
    callId: message.callId,
    ruriUser: isRequest ? (message.uri?.userText ?? '') : '',
    contentType: message.contentType ?? '',
  };
  return Object.fromEntries(
    Object.keys(wanted)
      .filter((key) => key in all)
      .map((key) => [key, all[key as keyof ExpectedFields]]),
  );
}

describe('parser against RFC 4475', () => {
  it('has a verdict for every message of the archive', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.dat'));
    expect(VERDICTS.map(([file]) => `${file}.dat`).sort()).toEqual(files.sort());
  });

  it('never differs from the RFC where that leaves no choice', () => {
    for (const [file, , rfc, verdict] of VERDICTS) {
      if (rfc !== 'either') expect([file, verdict === 'accept']).toEqual([file, rfc === 'accept']);
    }
  });

  it.each(VERDICTS)('%s (§%s, %s): %s: %s', (file, _section, _rfc, verdict) => {
    const outcome = parseDatagram(load(file));
    if (verdict === 'accept') expect(outcome.ok).toBe(true);
    else if (verdict === 'drop') expect(refused(file).isResponse).toBe(true);
    else expect(refused(file)).toMatchObject({ status: verdict, isResponse: false });
  });

  const valid = VERDICTS.filter(([, , , verdict]) => verdict === 'accept').map(([file]) => file);

  it.each(valid)('reads the fields of %s', (file) => {
    const wanted = expectedFields.get(file) ?? {};
    expect(wanted).toMatchObject(readFields(accepted(file), wanted));
  });

  it.each(valid)('writes %s so that it reads the same again', (file) => {
    const first = accepted(file);
    const again = parseDatagram(serialize(first));
    if (!again.ok) throw new Error(again.error.text);
    const fields = (message: SipMessage) =>
      [...message.headers.entries()].filter(([name]) => name !== 'Content-Length');
    expect(fields(again.message)).toEqual(fields(first));
    expect(Buffer.from(again.message.body)).toEqual(Buffer.from(first.body));
  });

  const answered = VERDICTS.filter(([file, , , verdict]) => typeof verdict === 'number' && file !== 'test');

  it.each(answered)('%s can be answered without a transaction (§8.2.6)', (file) => {
    const { salvage, status, text } = refused(file);
    const response = salvageResponse(salvage, status, text);
    if (!response) throw new Error('no way back');
    expect(response.headers.getAll('Via').length).toBeGreaterThan(0);
    expect(serialize(response).toString()).toContain(`SIP/2.0 ${status} `);
  });
});

describe('details of RFC 4475', () => {
  it('unfolds and unescapes once (§3.1.1.1, §3.1.1.3)', () => {
    const wsinv = request('wsinv');
    expect(wsinv.from.displayName).toBe('J Rosenberg \\"');
    expect(wsinv.headers.get('NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(wsinv.headers.get('Subject')).toBe('');
    expect(wsinv.via).toMatchObject({ protocol: 'UDP', host: '192.0.2.2', branch: '390skdjuw' });
    expect(wsinv.contact?.displayName).toBe('Quoted string ""');
    expect(wsinv.contact?.params.get('newparam')).toBe('newvalue');
    expect(request('esc01').uri?.userText).toBe('sips:user@example.com');
  });

  it('lets no control character through, not even a quoted one (§3.1.1.2)', () => {
    const intmeth = request('intmeth');
    expect(intmeth.to.displayName).toBe('BEL:? NUL:? DEL:\x7f');
    expect(intmeth.from.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(intmeth.headers.get("extensionHeader-!.%*+_`'~")).toBe('\ufeff\u5927\u505c\u96fb');
  });

  it('keeps escaped NULs apart (§3.1.1.4)', () => {
    const contacts = decodeContacts(request('escnull').headers);
    expect(contacts?.contacts.map((contact) => contact.sipUri?.user)).toEqual(['%00', '%00%00']);
  });

  it('does not unescape header names (§3.1.1.5)', () => {
    const esc02 = request('esc02');
    expect(esc02.headers.get('C%6Fntact')).toBe('<sip:alias2@host2.example.com>');
    expect(esc02.from.displayName).toBe('%Z%45');
  });

  it('ends the display name at the bracket (§3.1.1.6)', () => {
    expect(request('lwsdisp').from).toMatchObject({ displayName: 'caller', uri: 'sip:caller@example.com' });
  });

  it('ignores what follows the body in a datagram (§3.1.1.8)', () => {
    const dblreq = request('dblreq');
    expect([dblreq.method, dblreq.body.length]).toEqual(['REGISTER', 0]);
  });

  it('keeps a multipart body byte for byte (§3.1.1.11)', () => {
    const mpart = request('mpart01');
    const whole = load('mpart01');
    expect(Buffer.from(mpart.body)).toEqual(whole.subarray(whole.indexOf('\r\n\r\n') + 4));
    const parts = bodyParts(mpart.headers.get('Content-Type'), mpart.body);
    expect(parts?.map((part) => part.headers.get('Content-Type'))).toEqual([
      'text/plain',
      'application/octet-stream',
    ]);
    expect(parts?.[0]?.body.toString()).toBe('Hello');
    expect(parts?.[1]?.body.includes(0)).toBe(true);
  });

  it('reads a reason phrase in UTF-8 (§3.1.1.12)', () => {
    const unreason = accepted('unreason');
    expect(unreason.kind === 'response' && unreason.reason.startsWith('\u003d')).toBe(true);
    expect(serialize(unreason).includes(load('unreason').subarray(0, load('unreason').indexOf('\r\n')))).toBe(
      true,
    );
  });

  it('reads a Date in GMT alone (§3.1.2.12)', () => {
    expect(request('baddate').headers.get('Date')).toBe('Fri, 01 Jan 2010 16:00:00 EST');
  });

  it('does not guess brackets around a Contact (§3.1.2.13)', () => {
    expect(decodeContacts(request('regbadct').headers)).toBeUndefined();
  });

  it('tells a scheme it does not serve from a fault (§3.3.2 to §3.3.4)', () => {
    expect(request('unkscm').uri?.scheme).toBe('nobodyknowsthisscheme');
    expect(request('novelsc').uri?.scheme).toBe('soap.beep');
    expect(request('unksm2').to.sipUri?.scheme).toBe('isbn');
  });

  it('gives parameters to header or URI by the brackets (§3.3.12, §3.3.13)', () => {
    const [header] = decodeContacts(request('cparam01').headers)?.contacts ?? [];
    expect([header?.params.has('unknownparam'), header?.sipUri?.params.has('unknownparam')]).toEqual([
      true,
      false,
    ]);
    const [uri] = decodeContacts(request('cparam02').headers)?.contacts ?? [];
    expect([uri?.params.has('unknownparam'), uri?.sipUri?.params.has('unknownparam')]).toEqual([false, true]);
  });

  it('keeps the headers of a Contact URI (§3.3.14)', () => {
    const [contact] = decodeContacts(request('regescrt').headers)?.contacts ?? [];
    expect(contact?.sipUri?.headers).toBe('Route=%3Csip:sip.example.com%3E');
    expect(NameAddr.parse(String(contact))?.sipUri?.headers).toBe('Route=%3Csip:sip.example.com%3E');
  });

  it('takes an RFC 2543 request without branch, From tag, Max-Forwards and Content-Length (§3.4.1)', () => {
    const inv2543 = request('inv2543');
    expect([inv2543.via.branch, inv2543.from.tag, inv2543.maxForwards]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(Buffer.from(inv2543.body).toString().startsWith('v=0\r\n')).toBe(true);
  });
});
