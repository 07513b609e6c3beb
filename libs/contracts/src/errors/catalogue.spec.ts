import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueEntry } from './catalogue';
import { ERROR_CATALOGUE, RECORDING_FAILURES } from './catalogue';
import { FLOW_FAILURES } from '@legato/flows';
import { COMMAND_FAILURES } from './command-failures';
import { problemOf, problemSchema } from './problem';

const page = readFileSync(join(__dirname, '../../../../docs/errors.md'), 'utf8');

/** The rows of the table under a heading, without its two head lines. */
function rowsUnder(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/errors.md', () => {
  it('has one row per error code, in the order of the catalogue', () => {
    const entries = Object.entries<CatalogueEntry>(ERROR_CATALOGUE);
    expect(rowsUnder('Errors of requests')).toEqual(
      entries.map(([code, { http, sip, text }]) => [`\`${code}\``, String(http), String(sip ?? ''), text]),
    );
  });

  it('has one row per failure of a recording', () => {
    expect(rowsUnder('Failures of recordings')).toEqual(
      Object.entries(RECORDING_FAILURES).map(([code, text]) => [`\`${code}\``, text]),
    );
  });
});

describe('failures of commands', () => {
  it('have one row each', () => {
    expect(rowsUnder('Failures of commands')).toEqual(
      Object.entries(COMMAND_FAILURES).map(([code, text]) => [`\`${code}\``, text]),
    );
  });
});

describe('failures of flows', () => {
  it('have one row each', () => {
    expect(rowsUnder('Failures of flows')).toEqual(
      Object.entries(FLOW_FAILURES).map(([code, text]) => [`\`${code}\``, text]),
    );
  });
});

describe('a problem document', () => {
  it('takes status and title from the catalogue and the rest from the occurrence (RFC 9457 §3)', () => {
    const problem = problemOf('call_ended', {
      detail: 'It ended at noon.',
      sip: { status: 486, reason: 'Busy Here' },
    });
    expect(problemSchema.parse(problem)).toEqual({
      type: 'urn:legato:error:call_ended',
      title: 'The call has ended or is about to.',
      status: 409,
      code: 'call_ended',
      detail: 'It ended at noon.',
      sip: { status: 486, reason: 'Busy Here' },
    });
  });
});
