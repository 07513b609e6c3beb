#!/usr/bin/env node
/** Every check that needs no peer, side by side; prints what each has to say when it is done, and fails when one does. */
import { spawn } from 'node:child_process';

const CHECKS = ['types', 'lint', 'format', 'imports', 'unused'];

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

const passed = await Promise.all(CHECKS.map(run));
process.exit(passed.every(Boolean) ? 0 : 1);
