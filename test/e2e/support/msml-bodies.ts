import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCHEMA = join(__dirname, '../../fixtures/msml/msml-reconciled.xsd');
/** How SIPp's log of messages says that one came in. */
const RECEIVED = /message received \[\d+\] bytes :\n\n([\s\S]*?)(?=\n-{10,}|$)/g;

/** The MSML bodies that a SIPp of `scenario` in `folder` was sent, by its log of messages. */
export function msmlBodiesSentTo(folder: string, scenario: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${scenario}_`) && file.endsWith('_messages.log'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'latin1').matchAll(RECEIVED)])
    .flatMap(([, message = '']) => /<\?xml[\s\S]*?<\/msml>/.exec(message.replaceAll('\r', ''))?.[0] ?? []);
}

/** What xmllint says against each body by the reconciled schema; empty for a valid one. */
export function schemaFaults(bodies: readonly string[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), 'legato-msml-'));
  try {
    return bodies.map((body, at) => {
      const file = join(folder, `${at}.xml`);
      writeFileSync(file, body);
      return faultsOf(file);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function faultsOf(file: string): string[] {
  try {
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, file], { stdio: 'pipe' });
    return [];
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    if (!stderr) throw error;
    return stderr
      .toString()
      .split('\n')
      .filter((line) => line.includes('error :') || line.includes('parser error'));
  }
}
