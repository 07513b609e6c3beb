#!/usr/bin/env node
/**
 * The tests talk to real peers. Where one is missing it is installed by apt-get when we are root on Debian;
 * elsewhere this stops with one line that names what is missing.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Command -> Debian package that brings it. */
const peers = {
  'redis-server': 'redis-server',
  sipp: 'sip-tester',
  baresip: 'baresip',
  tshark: 'tshark',
  soxi: 'sox',
  xmllint: 'libxml2-utils',
  openssl: 'openssl',
  kamailio: 'kamailio',
  // With `--long` only: what nothing but the long tests talk to.
  ...(process.argv.includes('--long') && { janus: 'janus', ffprobe: 'ffmpeg' }),
};

const isOnPath = (command) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const missing = Object.keys(peers).filter((command) => !isOnPath(command));
if (missing.length > 0) {
  const packages = [...new Set(missing.map((command) => peers[command]))];
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!canInstall) {
    process.stderr.write(`The tests need ${missing.join(', ')}: apt-get install ${packages.join(' ')}\n`);
    process.exit(1);
  }
  process.stderr.write(`Installing ${packages.join(', ')}\n`);
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-y', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  if (!apt('update') || !apt('install', '--no-install-recommends', ...packages)) {
    process.stderr.write(`apt-get could not install ${packages.join(', ')}\n`);
    process.exit(1);
  }
}
