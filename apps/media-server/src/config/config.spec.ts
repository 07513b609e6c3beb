import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfig } from './config';

const complaintsOf = (env: Record<string, string>): readonly string[] => {
  const outcome = readConfig(env);
  return outcome.ok ? [] : outcome.error;
};

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      ok: true,
      value: {
        sip: { host: '127.0.0.1', port: 5080 },
        rtpPorts: { first: 30_000, last: 39_999 },
        udp: 'auto',
        unheardMs: 60_000,
        recordingsDir: resolve('recordings'),
        logLevel: 'info',
      },
    });
  });

  it('plays the prompts that come with the project when there are none here', () => {
    const outcome = readConfig({});
    if (!outcome.ok) throw new Error(outcome.error.join());
    expect(existsSync(join(outcome.value.promptsDir, 'recording-notice.wav'))).toBe(true);
  });

  it('speaks with the voices that come with the project', () => {
    const outcome = readConfig({});
    if (!outcome.ok) throw new Error(outcome.error.join());
    expect(existsSync(join(outcome.value.voicesDir, 'en', 'number-7.wav'))).toBe(true);
  });

  it('reads what is given, takes port 0 for any free port and makes folders absolute', () => {
    const outcome = readConfig({
      LEGATO_MS_SIP_HOST: 'localhost',
      LEGATO_MS_SIP_PORT: '0',
      LEGATO_MS_RTP_PORTS: '40000-40009',
      LEGATO_MS_UDP: 'dgram',
      LEGATO_MS_CODECS: 'G722, PCMU',
      LEGATO_MS_RECORDINGS_DIR: 'tapes',
      LEGATO_MS_PROMPTS_DIR: '/srv/prompts',
      LEGATO_MS_VOICES_DIR: '/srv/voices',
      LEGATO_MS_HTTP_HOST: '::1',
      LEGATO_MS_HTTP_PORT: '0',
      LEGATO_MS_DRAIN_MS: '60000',
      LEGATO_MS_UNHEARD_MS: '0',
      LEGATO_MS_FETCH_ALLOW: '10.0.0.0/8, prompts.example',
      LEGATO_MS_FETCH_MAX_BYTES: '1000',
      LEGATO_MS_FETCH_TIMEOUT_MS: '500',
      LEGATO_LOG_LEVEL: '',
    });
    expect(outcome).toEqual({
      ok: true,
      value: {
        sip: { host: '127.0.0.1', port: 0 },
        rtpPorts: { first: 40_000, last: 40_009 },
        udp: 'dgram',
        unheardMs: Infinity,
        codecs: ['G722', 'PCMU'],
        recordingsDir: resolve('tapes'),
        promptsDir: '/srv/prompts',
        voicesDir: '/srv/voices',
        http: { host: '::1', port: 0 },
        drainMs: 60_000,
        fetch: { allow: ['10.0.0.0/8', 'prompts.example'], maxBytes: 1000, timeoutMs: 500 },
        logLevel: 'info',
      },
    });
  });

  it.each([
    ['LEGATO_MS_SIP_HOST', 'media.example', 'expected an IP address to bind'],
    ['LEGATO_MS_SIP_PORT', '65536', 'expected a port number from 0 (any free port) to 65535'],
    ['LEGATO_MS_SIP_PORT', '-1', 'expected a port number from 0 (any free port) to 65535'],
    ['LEGATO_MS_RTP_PORTS', '40000', 'expected a range of ports such as 30000-39999, or 0 for any free port'],
    [
      'LEGATO_MS_RTP_PORTS',
      '40001-40000',
      'expected a range of ports such as 30000-39999, or 0 for any free port',
    ],
    [
      'LEGATO_MS_RTP_PORTS',
      '40000-70000',
      'expected a range of ports such as 30000-39999, or 0 for any free port',
    ],
    ['LEGATO_MS_UDP', 'linux', 'expected one of auto, batched, dgram'],
    ['LEGATO_MS_CODECS', 'PCMA,opus', 'expected some of PCMA,PCMU,G722,L16/16000,L16/8000,L16/48000'],
    ['LEGATO_MS_DRAIN_MS', 'long', 'expected milliseconds from 0 to 3600000'],
    ['LEGATO_MS_UNHEARD_MS', '-1', 'expected milliseconds from 0 (for ever) to 3600000'],
    ['LEGATO_MS_FETCH_ALLOW', '10/8', 'expected addresses, ranges such as 10.0.0.0/8, or host names'],
    ['LEGATO_MS_FETCH_MAX_BYTES', '0', 'expected a number from 1 to 134217728'],
    ['LEGATO_MS_FETCH_TIMEOUT_MS', '60001', 'expected a number from 1 to 60000'],
    ['LEGATO_LOG_LEVEL', 'loud', 'expected one of debug, info, warn, error, silent'],
  ])('names a wrong %s, what was given and what is expected', (name, value, expectation) => {
    expect(complaintsOf({ [name]: value })).toEqual([`${name}=${JSON.stringify(value)}: ${expectation}`]);
  });

  it('complains of every wrong variable, one line each', () => {
    const complaints = complaintsOf({ LEGATO_MS_SIP_PORT: 'a\nb', LEGATO_LOG_LEVEL: 'x' });
    expect(complaints).toHaveLength(2);
    expect(complaints.join('')).not.toContain('\n');
  });
});
