import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediaFolders } from './media-folders';

describe('the folders of prompts and recordings', () => {
  let base: string;
  let folders: MediaFolders;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'legato-folders-')));
    mkdirSync(join(base, 'prompts'));
    writeFileSync(join(base, 'prompts', 'welcome.wav'), '');
    folders = new MediaFolders({ promptsDir: join(base, 'prompts'), recordingsDir: join(base, 'rec') });
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it('takes a relative URI from the recordings folder', () => {
    expect(folders.recordingPath('file://a.wav')).toEqual({ ok: true, value: join(base, 'rec/a.wav') });
    expect(folders.recordingPath('file://tenant/a%20b.wav')).toEqual({
      ok: true,
      value: join(base, 'rec/tenant/a b.wav'),
    });
  });

  it('takes an absolute URI only inside of it', () => {
    expect(folders.recordingPath(`file://${base}/rec/a.wav`)).toEqual({
      ok: true,
      value: join(base, 'rec/a.wav'),
    });
    expect(folders.recordingPath(`file://${base}/prompts/a.wav`).ok).toBe(false);
    expect(folders.recordingPath('file:///etc/passwd').ok).toBe(false);
  });

  it.each(['file://a.wav.json', 'file://a.JSON', 'file://a.wav.json.new'])(
    'keeps %s for the manifest of a recording',
    (uri) => expect(folders.recordingPath(uri).ok).toBe(false),
  );

  it('plays prompts and recordings', () => {
    writeFileSync(join(base, 'rec', 'made.wav'), '');
    expect(folders.promptPath('file://welcome.wav')).toEqual({
      ok: true,
      value: join(base, 'prompts/welcome.wav'),
    });
    expect(folders.promptPath('file://made.wav')).toEqual({ ok: true, value: join(base, 'rec/made.wav') });
    expect(folders.promptPath(`file://${base}/rec/made.wav`)).toEqual({
      ok: true,
      value: join(base, 'rec/made.wav'),
    });
  });

  it.each([
    'file://../a.wav',
    'file://a/../../b.wav',
    'file://a/./b.wav',
    'file://a//b.wav',
    'file://',
    'file:///',
    'file://..%2fa.wav',
    'file://%2e%2e/a.wav',
    'file://%252e%252e/a.wav',
    'file://..\\a.wav',
    'file://%5c..%5ca.wav',
    'file://a%00.wav',
    'file://a\u0000.wav',
    'file://a%zz.wav',
    'file://a%ff.wav',
    'file://a.wav?x',
    `file://${'a'.repeat(256)}.wav`,
    `file://${'a/'.repeat(2000)}.wav`,
    'http://127.0.0.1/a.wav',
    '/etc/passwd',
    '',
  ])('refuses %s', (uri) => {
    expect(folders.recordingPath(uri).ok).toBe(false);
    expect(folders.promptPath(uri).ok).toBe(false);
  });

  it('refuses a sibling whose name begins like the folder', () => {
    mkdirSync(join(base, 'rec10'));
    expect(folders.recordingPath(`file://${base}/rec10/a.wav`).ok).toBe(false);
  });

  it('refuses what lies behind a symbolic link', () => {
    mkdirSync(join(base, 'outside'));
    symlinkSync(join(base, 'outside'), join(base, 'rec/link'));
    symlinkSync(join(base, 'outside/x.wav'), join(base, 'rec/x.wav'));
    expect(folders.recordingPath('file://link/a.wav').ok).toBe(false);
    expect(folders.recordingPath('file://x.wav').ok).toBe(false);
  });

  it('refuses to play what lies behind a symbolic link among the prompts, though a recording could have that name', () => {
    symlinkSync('/dev/zero', join(base, 'prompts/zero.wav'));
    expect(folders.promptPath('file://zero.wav').ok).toBe(false);
    expect(folders.recordingPath('file://zero.wav').ok).toBe(true);
  });

  it('works when the folder itself is reached through a link', () => {
    mkdirSync(join(base, 'disk'));
    symlinkSync(join(base, 'disk'), join(base, 'mount'));
    const linked = new MediaFolders({
      promptsDir: join(base, 'prompts'),
      recordingsDir: join(base, 'mount'),
    });
    expect(linked.recordingPath(`file://${base}/mount/a.wav`)).toEqual({
      ok: true,
      value: join(base, 'disk/a.wav'),
    });
  });
});
