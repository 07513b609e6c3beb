#!/usr/bin/env node
/** Runs the control plane and the reference media server side by side; either one's end ends both. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const apps = ['media-server', 'control-plane'];
const main = (app) => fileURLToPath(new URL(`../dist/apps/${app}/src/main.js`, import.meta.url));
// Calls live for a moment: a larger young generation keeps them out of the old one.
const flags = ['--max-semi-space-size=64'];
const children = apps.map((app) => spawn(process.execPath, [...flags, main(app)], { stdio: 'inherit' }));

let ending = false;
function end(signal) {
  if (ending) return;
  ending = true;
  for (const child of children) if (child.exitCode === null) child.kill(signal);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(signal));
for (const child of children) {
  child.on('exit', (code) => {
    process.exitCode ||= ending ? 0 : (code ?? 1);
    end('SIGTERM');
  });
}
