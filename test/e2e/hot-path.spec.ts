import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const DIST = join(__dirname, '../../dist');

/** What V8 says of an object after the modules have been loaded by a process of its own. */
function hasFastProperties(object: string, modules: readonly string[]): boolean {
  const loads = modules.map((name) => `require(${JSON.stringify(name)});`).join('');
  const program = `${loads}process.stdout.write(String(%HasFastProperties(${object})))`;
  const args = ['--allow-natives-syntax', '-e', program];
  return execFileSync(process.execPath, args, { cwd: DIST, encoding: 'utf8' }) === 'true';
}

describe('what every message goes through (docs/performance.md)', () => {
  it('methods of strings are found without a look-up by name, although ioredis extends String', () => {
    expect(hasFastProperties('String.prototype', [require.resolve('ioredis')])).toBe(false);
    const state = join(DIST, 'libs/state-redis/src/index.js');
    expect(hasFastProperties('String.prototype', [state])).toBe(true);
  });

  it('the door of the kernel is no dictionary', () => {
    const kernel = join(DIST, 'libs/kernel/src/index.js');
    expect(hasFastProperties(`require(${JSON.stringify(kernel)})`, [])).toBe(true);
  });
});
