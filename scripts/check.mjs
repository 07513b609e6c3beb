#!/usr/bin/env node
/** Every check that needs no peer, one for each processor at a time; prints what each has to say when it is done, and fails when one does. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The longest first: beside it the others have their turns. */
const CHECKS = ['lint', 'types', 'format', 'imports', 'unused'];

function run(name) {
  const began = performance.now();
  const child = spawn('npm', ['run', '--silent', `check:${name}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => said.push(bytes));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      process.stdout.write(`check:${name} ${code === 0 ? 'passed' : 'FAILED'} (${seconds} s)\n`);
      if (code !== 0) process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

let passed = true;
const waiting = [...CHECKS];
async function runWhatWaits() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (!(await run(name))) passed = false;
  }
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, runWhatWaits));
process.exit(passed ? 0 : 1);
