import { createLogger } from './logger';
import type { LogLevel } from './logger';
import { NestLog } from './nest-log';

function capture(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ level, name: 'spec', destination: { write: (line) => lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('the JSON log', () => {
  it('writes one object per line with level, time, name, message and fields', () => {
    const { log, lines, last } = capture();
    log.info('control_plane.ready', { sip: '127.0.0.1:5060' });
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({
      level: 'info',
      name: 'spec',
      msg: 'control_plane.ready',
      sip: '127.0.0.1:5060',
    });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('redacts secrets by the name of the field, at any depth', () => {
    const { log, lines } = capture();
    log.info('x', {
      authorization: 'Bearer canary-1',
      options: {
        'Proxy-Authorization': 'canary-2',
        password: 'canary-3',
        apiKeys: ['canary-4'],
        LEGATO: { api_key: 'canary-5' },
      },
    });
    expect(lines.join('')).not.toContain('canary');
    expect(lines.join('')).toContain('[redacted]');
  });

  it('redacts credentials inside of text: header lines, bearer tokens, the userinfo of a URL', () => {
    const { log, lines } = capture();
    log.warn('INVITE sip:a@b SIP/2.0\r\nAuthorization: Digest response="canary"\r\nTo: <sip:a@b>', {
      url: 'redis://default:canary@127.0.0.1:6379/0',
      header: 'Bearer canary.token',
    });
    expect(lines.join('')).not.toContain('canary');
    expect(lines.join('')).toContain('To: <sip:a@b>');
    expect(lines.join('')).toContain('127.0.0.1:6379');
  });

  it('keeps a line a line: C0 controls by JSON, C1 and line separators by name', () => {
    const { log, lines, last } = capture();
    log.info('a\r\nb\u0000c\u001b[31m', { value: 'x\u0085y\u2028z\u009b' });
    expect(lines[0]?.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
    expect(last()).toMatchObject({ msg: 'a\r\nb\u0000c\u001b[31m', value: 'x\\u0085y\\u2028z\\u009b' });
  });

  it('cuts values at 2 KB and says how much is missing', () => {
    const { log, last } = capture();
    log.info('x', { body: 'v'.repeat(5000) });
    expect(String(last()['body'])).toHaveLength(2048 + '… (2952 more)'.length);
  });

  it('survives cycles, buffers, errors and big integers', () => {
    const { log, last } = capture();
    const cycle: Record<string, unknown> = { name: 'cycle' };
    cycle['self'] = cycle;
    log.error('x', { cycle, bytes: Buffer.alloc(7), error: new TypeError('broken'), count: 10n });
    expect(last()).toMatchObject({
      bytes: '[7 bytes]',
      count: '10',
      error: { type: 'TypeError', message: 'broken' },
    });
  });

  it('says nothing below its level', () => {
    const { log, lines } = capture('warn');
    log.info('x');
    log.debug('x');
    expect(lines).toHaveLength(0);
  });

  it('adds the fields of a child to each of its lines', () => {
    const { log, last } = capture();
    log.child({ call_id: 'call_1' }).info('x', { leg: 'caller' });
    expect(last()).toMatchObject({ call_id: 'call_1', leg: 'caller' });
  });
});

describe("Nest's logger", () => {
  it('writes start-up lines at level debug and keeps warnings and errors', () => {
    const { log, last } = capture();
    const nest = new NestLog(log);
    nest.log('Nest application successfully started', 'NestApplication');
    expect(last()).toMatchObject({ level: 'debug', context: 'NestApplication' });
    nest.warn('careful', 'X');
    expect(last()).toMatchObject({ level: 'warn', msg: 'careful' });
    nest.error(new Error('broken'), 'stack text', 'Y');
    expect(last()).toMatchObject({
      level: 'error',
      msg: 'broken',
      context: 'Y',
      error: { message: 'broken' },
    });
  });
});
