import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What the reconciled schema says against each document: null when it is valid. One process for all of them. */
export function schemaVerdicts(documents: readonly Uint8Array[]): (string | null)[] {
  const input = JSON.stringify(documents.map((document) => Buffer.from(document).toString('base64')));
  const output = execFileSync(process.execPath, [join(__dirname, 'validate-documents.mjs')], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output) as (string | null)[];
}
