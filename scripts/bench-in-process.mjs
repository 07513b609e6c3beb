#!/usr/bin/env node
/** Benches that need no peer: `parser`, `msml`, `store` or `media`. Prints what it measured as a table and as JSON. */
import { createRequire } from 'node:module';

const benches = {
  parser: ['../test/bench/parser.bench.ts', 'parserBench'],
  msml: ['../test/bench/msml.bench.ts', 'benchMsml'],
  store: ['../test/bench/store.bench.ts', 'storeBench'],
  media: ['../test/bench/media.bench.ts', 'mediaBench'],
};

const [name = ''] = process.argv.slice(2);
const bench = benches[name];
if (!bench) {
  process.stderr.write(`Usage: node scripts/bench-in-process.mjs ${Object.keys(benches).join('|')}\n`);
  process.exit(2);
}
const load = createRequire(import.meta.url);
load('./ts-hook.cjs');
const [file, run] = bench;
const result = await load(file)[run]();
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.exit(0);
