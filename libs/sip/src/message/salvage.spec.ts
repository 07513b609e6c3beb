import { MAX_VIAS } from './limits';
import { salvageResponse } from './salvage';
import { readSalvage } from './salvage.parser';
import { serialize } from './serializer';

const broken = [
  'INVITE sip:a@b SIP/2.0',
  'Via: SIP/2.0/UDP one;branch=z9hG4bK1',
  'no colon here',
  'v: SIP/2.0/UDP two',
  'From: <sip:a@b>',
  '  ;tag=f',
  'From: <sip:second@b>',
  't: <sip:c@d>',
  'Call-ID: x',
  'CSeq: 99999999999 INVITE',
  'Subject: x',
  '',
  'To: <sip:in-the-body@d>',
].join('\r\n');

describe('what is left of a broken request', () => {
  it('is found line by line, the first of each kind', () => {
    expect(readSalvage(broken)).toEqual({
      vias: ['SIP/2.0/UDP one;branch=z9hG4bK1', 'SIP/2.0/UDP two'],
      from: '<sip:a@b> ;tag=f',
      to: '<sip:c@d>',
      callId: 'x',
      cseq: '99999999999 INVITE',
      method: 'INVITE',
    });
  });

  it('leaves out a value that could not be written again', () => {
    expect(readSalvage('A b c\r\nVia: x\ny\r\nTo: a\0b\r\nFrom: \r\nTo\x01: evil')).toEqual({
      vias: [],
      method: 'A',
    });
  });

  it('is bounded', () => {
    const salvage = readSalvage(`INVITE\r\n${'Via: x\r\n'.repeat(5000)}`);
    expect(salvage.vias).toHaveLength(MAX_VIAS);
    expect(readSalvage(`INVITE\r\nTo: ${'x'.repeat(60_000)}`).to).toBeUndefined();
    expect(readSalvage(`INVITE\r\nTo: x${'\r\n y'.repeat(15_000)}`).to).toBeUndefined();
  });
});

describe('salvageResponse', () => {
  it('answers with what there is (§8.2.6.2)', () => {
    const response = salvageResponse(readSalvage(broken), 400, 'Malformed CSeq');
    expect(response && serialize(response).toString().split('\r\n')).toEqual([
      'SIP/2.0 400 Malformed CSeq',
      'Via: SIP/2.0/UDP one;branch=z9hG4bK1',
      'Via: SIP/2.0/UDP two',
      'From: <sip:a@b> ;tag=f',
      'To: <sip:c@d>',
      'Call-ID: x',
      'CSeq: 99999999999 INVITE',
      'Content-Length: 0',
      '',
      '',
    ]);
    expect(salvageResponse({ vias: ['SIP/2.0/UDP a'] }, 505)?.reason).toBe('Version Not Supported');
  });

  it('is silent for ACK, without Via, and without anything (§8.1.1.7, §17.1.1.3)', () => {
    expect(salvageResponse({ vias: ['SIP/2.0/UDP a'], method: 'ACK' }, 400)).toBeUndefined();
    expect(salvageResponse({ vias: [], method: 'INVITE' }, 400)).toBeUndefined();
    expect(salvageResponse(undefined, 400)).toBeUndefined();
  });
});
