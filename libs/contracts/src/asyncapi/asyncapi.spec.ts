import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EVENT_DATA, EVENT_TYPES } from '../events/event-data';
import { openApiDocument } from '../openapi/openapi';
import { asyncApiDocument } from './asyncapi';

const run = promisify(execFile);
const ROOT = join(__dirname, '../../../..');
const LINT_MS = 100_000;

/** Parser and linter run as processes of their own: they are made for Node, not for the loader of the tests. */
describe('the descriptions of the interface', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-descriptions-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = (name: string, document: object): string => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(document));
    return file;
  };
  const node = (args: readonly string[]) =>
    run(process.execPath, [...args], {
      cwd: ROOT,
      timeout: LINT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' },
    });

  it(
    'the AsyncAPI document has a message for each event, and its parser finds no fault',
    async () => {
      const file = written('asyncapi.json', asyncApiDocument('1.2.3'));
      const { stdout } = await node([join(ROOT, 'test/docs/parse-asyncapi.mjs'), file]);
      const { found, messages } = JSON.parse(stdout) as { found: unknown[]; messages: string[] };
      expect(found).toEqual([]);
      expect(new Set(messages)).toEqual(new Set(EVENT_TYPES));
    },
    LINT_MS,
  );

  it('says of each event what docs/events.md says', () => {
    const { messages } = asyncApiDocument('1.2.3').components;
    expect(messages['CallEndedEvent']).toMatchObject({
      summary: EVENT_DATA['call.ended'].description,
      payload: { properties: { type: { const: 'call.ended' }, data: { additionalProperties: false } } },
    });
  });

  it(
    'the OpenAPI document passes redocly without errors',
    async () => {
      const file = written('openapi.json', openApiDocument('1.2.3'));
      const config = join(ROOT, 'redocly.yaml');
      const cli = join(dirname(require.resolve('@redocly/cli/package.json')), 'bin/cli.js');
      const { stdout } = await node([cli, 'lint', file, '--config', config, '--format', 'json']).catch(
        (error: { stdout?: string; message: string }) => ({ stdout: error.stdout ?? error.message }),
      );
      const { totals, problems } = JSON.parse(stdout) as {
        totals: { errors: number };
        problems: { severity: string; message: string; ruleId: string }[];
      };
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(totals.errors).toBe(0);
    },
    LINT_MS,
  );
});
