import { readConfig } from './config';

const S3 = {
  LEGATO_S3_ENDPOINT: 'http://127.0.0.1:9000',
  LEGATO_S3_BUCKET: 'recordings',
  LEGATO_S3_ACCESS_KEY: 'key',
  LEGATO_S3_SECRET_KEY: 'a secret that nobody sees'.replaceAll(' ', '-'),
  LEGATO_RECORDINGS_DIR: '/srv/recordings',
};

const read = (env: Readonly<Record<string, string>>) => {
  const config = readConfig(env);
  return config.ok ? config.value.recordings : config.error;
};

describe('what becomes of recordings', () => {
  it('stay where they are when nothing is said', () => {
    expect(read({})).toEqual({});
  });

  it('go to a bucket', () => {
    expect(read({ ...S3, LEGATO_S3_PREFIX: 'a/b', LEGATO_RECORDING_RETENTION: '30' })).toEqual({
      retentionDays: 30,
      s3: {
        endpoint: 'http://127.0.0.1:9000/recordings',
        region: 'us-east-1',
        accessKeyId: 'key',
        secretAccessKey: S3.LEGATO_S3_SECRET_KEY,
        prefix: 'a/b/',
      },
    });
  });

  it.each([
    ['LEGATO_S3_ENDPOINT', 'ftp://host'],
    ['LEGATO_S3_ENDPOINT', 'http://user:pass@host'],
    ['LEGATO_S3_BUCKET', '../x'],
    ['LEGATO_S3_PREFIX', '/x'],
    ['LEGATO_RECORDING_RETENTION', '0'],
    ['LEGATO_RECORDING_RETENTION', '9999'],
  ])('refuses %s=%s', (name, value) => {
    expect(read({ ...S3, [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it('wants all of a bucket, and the folder that the files come from', () => {
    expect(read({ ...S3, LEGATO_S3_SECRET_KEY: '' })).toEqual([
      expect.stringContaining('LEGATO_S3_SECRET_KEY'),
    ]);
    expect(read({ ...S3, LEGATO_RECORDINGS_DIR: '' })).toEqual([
      expect.stringContaining('LEGATO_RECORDINGS_DIR'),
    ]);
    expect(read({ LEGATO_RECORDING_RETENTION: '1' })).toEqual([
      expect.stringContaining('LEGATO_RECORDINGS_DIR'),
    ]);
  });

  it('never shows the secret', () => {
    expect(JSON.stringify(read({ ...S3, LEGATO_S3_SECRET_KEY: 'se cret' }))).not.toContain('se cret');
  });
});
