#!/usr/bin/env node
/**
 * Runs jest with the arguments it is given. Suites that fail beside others, when they are few, run once more alone:
 * real peers on a machine that is out of breath miss deadlines that the product keeps. One that fails alone as well
 * fails the run, and one that passed only alone is named, for whoever looks for unsteady tests.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** More failures than these are no matter of breath. */
const MAX_SECOND_RUNS = 3;

const jest = (...args) =>
  spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...args], { stdio: 'inherit' }).status ?? 1;

const folder = mkdtempSync(join(tmpdir(), 'legato-test-'));
try {
  process.exitCode = runAndRepeat();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function runAndRepeat() {
  const report = join(folder, 'report.json');
  const code = jest(...process.argv.slice(2), '--json', `--outputFile=${report}`);
  if (code === 0 || !existsSync(report)) return code;
  const failed = JSON.parse(readFileSync(report, 'utf8'))
    .testResults.filter(({ status }) => status === 'failed')
    .map(({ name }) => name);
  if (failed.length === 0 || failed.length > MAX_SECOND_RUNS) return code;
  const names = failed.map((name) => relative(process.cwd(), name)).join(', ');
  process.stderr.write(`\nOnce more, alone: ${names}\n`);
  const second = jest('--runInBand', '--runTestsByPath', ...failed);
  if (second === 0) process.stderr.write(`\nUnsteady, passed only alone: ${names}\n`);
  return second;
}
