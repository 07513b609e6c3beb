import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SippCounts {
  readonly successful: number;
  readonly failed: number;
}

/** The totals of a SIPp that ran with `-trace_stat` in `folder`, from the last line of its file. */
export function sippCounts(folder: string, scenario: string): SippCounts {
  const file = readdirSync(folder).find((name) => name.startsWith(`${scenario}_`) && name.endsWith('_.csv'));
  if (file === undefined) throw new Error(`no statistics of ${scenario}`);
  const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.at(-1)?.split(';') ?? [];
  const value = (name: string): number => Number(values[names.indexOf(name)] ?? Number.NaN);
  return { successful: value('SuccessfulCall(C)'), failed: value('FailedCall(C)') };
}
