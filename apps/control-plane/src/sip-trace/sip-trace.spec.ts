import { silentLog } from '@legato/kernel';
import type { SipMessage } from '@legato/sip';
import { SipResponse } from '@legato/sip';
import { FakeClock, RecordingTransport } from '@legato/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maskDigits } from './mask-digits';
import { PcapFile } from './pcap-file';
import { TracedTransport } from './traced.transport';

const request = (contentType: string, body: string): string =>
  [
    'INFO sip:legato@192.0.2.1 SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1',
    'Max-Forwards: 70',
    'From: <sip:a@192.0.2.2>;tag=1',
    'To: <sip:b@192.0.2.1>;tag=2',
    'Call-ID: 1@192.0.2.2',
    'CSeq: 1 INFO',
    `Content-Type: ${contentType}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');

const event = (digits: string): string =>
  `<msml version="1.1"><event name="moml.exit" id="conn:1/dialog:d"><name>dtmf.end</name><value>dtmf.match</value>` +
  `<name>dtmf.digits</name><value>${digits}</value><name>dtmf.last</name> <value>${digits.slice(-1)}</value></event></msml>`;

/** The datagrams of a capture file, by addresses and first line. */
function packets(file: Buffer): { from: string; to: string; start: string }[] {
  const found = [];
  for (let at = 24; at < file.length; at += 16 + file.readUInt32LE(at + 8)) {
    const packet = file.subarray(at + 16, at + 16 + file.readUInt32LE(at + 8));
    const end = (host: number, port: number) =>
      `${packet.subarray(host, host + 4).join('.')}:${packet.readUInt16BE(port)}`;
    const start = packet.toString('latin1', 28).split('\r\n')[0] ?? '';
    found.push({ from: end(12, 20), to: end(16, 22), start });
  }
  return found;
}

const maskedBody = (contentType: string, body: string): string => {
  const message = request(contentType, body);
  const masked = maskDigits(Buffer.from(message)).toString();
  expect(masked).toHaveLength(message.length);
  return masked.slice(masked.indexOf('\r\n\r\n') + 4);
};

describe('what is masked in a trace', () => {
  it('is what a caller keyed, wherever it stands', () => {
    expect(maskedBody('application/msml+xml', event('4711'))).toBe(event('****'));
    expect(maskedBody('application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n')).toBe(
      'Signal=*\r\nDuration=160\r\n',
    );
    expect(maskedBody('application/dtmf', '5')).toBe('*');
  });

  it('is nothing else', () => {
    const text = '<msml version="1.1"><result response="200"/></msml>';
    expect(maskedBody('application/msml+xml', text)).toBe(text);
    expect(maskDigits(Buffer.from('\r\n\r\n')).toString()).toBe('\r\n\r\n');
  });
});

describe('a traced transport', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-trace-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what is received and sent in a capture that other decoders read', async () => {
    const path = join(folder, 'trace.pcap');
    const clock = new FakeClock();
    const inner = new RecordingTransport({ clock });
    const file = new PcapFile(path, silentLog);
    const traced = new TracedTransport(inner, file, clock);
    const heard: SipMessage[] = [];
    await traced.start({
      receiveMessage: (message) => heard.push(message),
      receiveMalformed: () => undefined,
    });
    inner.inject(request('application/msml+xml', event('4711')));
    const [asked] = heard;
    if (asked?.kind === 'request') traced.send(SipResponse.to(asked, 200), { host: '192.0.2.2', port: 5060 });
    await file.close();
    expect(heard).toHaveLength(1);
    expect(inner.sent).toHaveLength(1);
    const bytes = readFileSync(path);
    expect([bytes.readUInt32LE(0).toString(16), bytes.readUInt32LE(20)]).toEqual(['a1b2c3d4', 101]);
    expect(packets(bytes)).toEqual([
      { from: '192.0.2.2:5060', to: '192.0.2.1:5060', start: 'INFO sip:legato@192.0.2.1 SIP/2.0' },
      { from: '192.0.2.1:5060', to: '192.0.2.2:5060', start: 'SIP/2.0 200 OK' },
    ]);
    expect(bytes.toString('latin1')).not.toContain('4711');
  });

  it('goes on without a file that can not be written', async () => {
    const errors: string[] = [];
    const log = { ...silentLog, error: (message: string) => void errors.push(message) };
    const file = new PcapFile(join(folder, 'missing', 'trace.pcap'), log);
    file.append({ host: '::1', port: 1 }, { host: '::1', port: 2 }, Buffer.from('x'), 0);
    await file.close();
    expect(errors).toEqual(['SIP trace can not be written']);
  });
});
