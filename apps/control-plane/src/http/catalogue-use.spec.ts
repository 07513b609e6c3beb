import { COMMAND_FAILURES, ERROR_CATALOGUE, EVENT_TYPES, RECORDING_FAILURES } from '@legato/contracts';
import { FLOW_FAILURES } from '@legato/flows';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');

/** The sources under a folder, specs left out. */
function sourceOf(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n');
}

const words = (source: string, pattern: RegExp) =>
  new Set([...source.matchAll(pattern)].map(([, word]) => word ?? ''));

describe('the contract and the code', () => {
  const engine = sourceOf('libs/b2bua/src');
  const application = sourceOf('apps/control-plane/src');

  it('the engine gives no error code that the catalogue does not have', () => {
    const given = words(engine, /(?:code: |conflict\()\s*'(\w+)'/g);
    const known = [
      ...Object.keys(ERROR_CATALOGUE),
      ...Object.keys(RECORDING_FAILURES),
      ...Object.keys(COMMAND_FAILURES),
      ...Object.keys(FLOW_FAILURES),
    ];
    expect(given.size).toBeGreaterThan(3);
    expect([...given].filter((code) => !known.includes(code))).toEqual([]);
  });

  it('the catalogue has no code that nobody gives', () => {
    const unused = Object.keys(ERROR_CATALOGUE).filter(
      (code) => !`${engine}${application}`.includes(`'${code}'`),
    );
    // The fallback table names them as properties.
    expect(unused).toEqual([]);
    const failures = Object.keys(RECORDING_FAILURES).filter((code) => !engine.includes(`'${code}'`));
    expect(failures).toEqual([]);
  });

  it('every event that is logged has a schema', () => {
    const logged = words(`${engine}${application}`, /\blog(?:\(\s*| |ged\()'?([a-z_]+\.[a-z_]+)'/g);
    const reported = words(application, /report\(\s*'([a-z_]+\.[a-z_]+)'/g);
    expect(logged.size).toBeGreaterThan(10);
    expect([...logged, ...reported].filter((type) => !EVENT_TYPES.some((known) => known === type))).toEqual(
      [],
    );
  });

  it('every schema of an event has a place that logs it', () => {
    const source = `${engine}${application}`;
    const names = (type: string) => [
      `'${type}'`,
      `'log ${type}'`,
      `\`${type.slice(0, type.indexOf('.'))}.\${`,
    ];
    const silent = EVENT_TYPES.filter((type) => !names(type).some((name) => source.includes(name)));
    expect(silent).toEqual([]);
  });
});
