import { ERROR_CATALOGUE, EVENT_TYPES, RECORDING_FAILURES } from '@legato/contracts';
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
    const known = [...Object.keys(ERROR_CATALOGUE), ...Object.keys(RECORDING_FAILURES)];
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

  it('every event that is logged has a schema, and every schema an event', () => {
    const logged = words(engine, /log(?:\(| |ged\()'?((?:call|recording|info)\.\w+)'/g);
    const reported = words(application, /report\(\s*[`']([a-z_.]+)/g);
    const registrations = words(application, /'(registration\.\w+)'/g);
    const types = [...logged, ...reported, ...registrations].flatMap((type) =>
      type === 'media_server.' ? ['media_server.up', 'media_server.down'] : [type],
    );
    expect([...new Set(types)].sort()).toEqual([...EVENT_TYPES].sort());
  });
});
