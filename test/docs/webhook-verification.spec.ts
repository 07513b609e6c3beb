import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Webhook as Signer } from 'standardwebhooks';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const run = promisify(execFile);
const page = readFileSync(join(__dirname, '../../docs/events.md'), 'utf8');
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes....').toString('base64')}`;
const other = `whsec_${Buffer.from('another secret of thirty-two by.').toString('base64')}`;
const body = JSON.stringify({ id: 'evt_1', type: 'call.ended', data: { text: 'ü' } });
const RUN_MS = 30_000;

/** The code block of a language below the heading. */
function snippet(language: string): string {
  const section = page.slice(page.indexOf('### Verification'));
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(section) ?? [];
  if (code === undefined) throw new Error(`no ${language} in docs/events.md`);
  return code;
}

interface Request {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A request as Legato signs it. */
function signed(keys: readonly string[], at = new Date()): Request {
  const signatures = keys.map((key) => new Signer(key).sign('evt_1', at, body));
  return {
    headers: {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    },
    body,
  };
}

const fresh = signed([secret]);
const minutes = (n: number) => new Date(Date.now() + n * 60_000);

const CASES: Readonly<Record<string, readonly [Request, boolean]>> = {
  'as it was signed': [fresh, true],
  'signed with a new secret and the old one': [signed([other, secret]), true],
  'signed with another secret': [signed([other]), false],
  'with an altered body': [{ ...fresh, body: body.replace('ended', 'queued') }, false],
  'with another id': [{ ...fresh, headers: { ...fresh.headers, 'webhook-id': 'evt_2' } }, false],
  'six minutes old': [signed([secret], minutes(-6)), false],
  'from six minutes ahead': [signed([secret], minutes(6)), false],
  'with an altered time': [
    {
      ...fresh,
      headers: { ...fresh.headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + 30) },
    },
    false,
  ],
  'without a signature': [{ ...fresh, headers: { ...fresh.headers, 'webhook-signature': '' } }, false],
};

const PYTHON_LOOP = `
import sys
for one in json.load(sys.stdin):
    try:
        verify_webhook(one["secret"], one["headers"], one["body"].encode())
        print("true")
    except ValueError:
        print("false")
`;

const NODE_LOOP = `
import { readFileSync } from 'node:fs';
for (const { secret, headers, body } of JSON.parse(readFileSync(0, 'utf8'))) {
  try { verifyWebhook(secret, headers, body); console.log('true'); } catch { console.log('false'); }
}
`;

describe('the verification of webhooks in docs/events.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-verify-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function verdicts(command: string, file: string, code: string): Promise<boolean[]> {
    const path = join(folder, file);
    writeFileSync(path, code);
    const input = Object.values(CASES).map(([request]) => ({ secret, ...request }));
    const child = run(command, [path], { timeout: RUN_MS });
    child.child.stdin?.end(JSON.stringify(input));
    const { stdout } = await child;
    return stdout
      .trim()
      .split('\n')
      .map((line) => line === 'true');
  }

  const expected = Object.entries(CASES).map(([name, [, isGenuine]]) => ({ name, isGenuine }));
  const named = (found: readonly boolean[]) =>
    Object.keys(CASES).map((name, index) => ({ name, isGenuine: found[index] }));

  it('holds in TypeScript', async () => {
    const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
    const { outputText } = transpileModule(snippet('ts'), { compilerOptions });
    expect(named(await verdicts(process.execPath, 'verify.mjs', outputText + NODE_LOOP))).toEqual(expected);
  });

  it('holds in Python', async () => {
    expect(named(await verdicts('python3', 'verify.py', snippet('python') + PYTHON_LOOP))).toEqual(expected);
  });
});
