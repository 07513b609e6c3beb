import type { MsmlDialect } from '@legato/msml';
import { DIALECTS } from '@legato/msml';
import { SipUri } from '@legato/sip';
import { parseArgs } from 'node:util';
import type { Command } from '../command';
import { EXIT, UsageError } from '../command';
import { ApplicationServer } from './application-server';
import type { ServerUnderTest } from './application-server';
import type { Check } from './check';
import { Bench } from './check';
import { CARRIAGE } from './checks/carriage';
import { CONFERENCES } from './checks/conferences';
import { DIALOGS } from './checks/dialogs';
import { FLOWS } from './checks/flows';
import { RECORDS } from './checks/records';
import { REQUESTS } from './checks/requests';
import { STREAMS } from './checks/streams';

const USAGE = `Usage: legato conformance sip:HOST[:PORT] [options]

Calls a media server and goes through what RFC 5707 asks and implementations miss, and the RFC's flows: with real
dialogs, real audio and real keys. Prints what passes, with the section.

  --profile NAME   how requests are written: ${Object.keys(DIALECTS).join(', ')} [rfc]
  --only N[,N...]  these points only (flow: the flows)
  --prompt URI     a prompt of the server [one is recorded first]
  --host IP        local address for SIP and RTP [127.0.0.1]; the server must reach it
  --patience MS    how long an answer or an event may take [10000]
  --json           print one JSON document instead of lines

Exit codes: 0 all passed, 1 something did not, 3 the server does not answer.`;

const DEFAULT_PATIENCE_MS = 10_000;

/** In the order of their numbers, the flows last. */
export const CHECKS: readonly Check[] = [
  ...[...REQUESTS, ...CONFERENCES, ...STREAMS, ...DIALOGS, ...RECORDS, ...CARRIAGE].sort(
    (a, b) => (a.point ?? 0) - (b.point ?? 0),
  ),
  ...FLOWS,
];

interface Finding {
  readonly point?: number;
  readonly section: string;
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'not run';
  /** What was expected, or why it was not run. */
  readonly detail?: string;
  readonly ms: number;
}

interface Asked {
  readonly server: ServerUnderTest;
  readonly checks: readonly Check[];
  readonly prompt: string | undefined;
  readonly json: boolean;
}

async function look(check: Check, bench: Bench): Promise<Finding> {
  const { point, section, title, run, notRun } = check;
  const about = { ...(point !== undefined && { point }), section, title };
  if (!run) return { ...about, state: 'not run', ...(notRun && { detail: notRun }), ms: 0 };
  const began = performance.now();
  const took = (): number => Math.round(performance.now() - began);
  try {
    await run(bench);
    return { ...about, state: 'passed', ms: took() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ...about, state: 'failed', detail: `expected that ${detail}`, ms: took() };
  } finally {
    await bench.server.hangUpAll();
  }
}

const MARKS = { passed: '✔', failed: '✘', 'not run': '-' } as const;

function line({ point, section, title, state, detail }: Finding): string {
  const number = point === undefined ? 'flow' : String(point);
  const place = section.startsWith('RFC') ? section : `§${section}`;
  return `${MARKS[state]} ${number.padStart(4)}  ${title} (${place})${detail === undefined ? '' : `\n         ${detail}`}`;
}

function read(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      profile: { type: 'string', default: 'rfc' },
      only: { type: 'string' },
      prompt: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      patience: { type: 'string', default: String(DEFAULT_PATIENCE_MS) },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [uri] = positionals;
  if (uri === undefined || positionals.length > 1 || !SipUri.parse(uri))
    throw new UsageError(`one sip:HOST[:PORT] is wanted\n\n${USAGE}`);
  if (!Object.hasOwn(DIALECTS, values.profile))
    throw new UsageError(`--profile is one of ${Object.keys(DIALECTS).join(', ')}, not ${values.profile}`);
  const patienceMs = Number(values.patience);
  if (!(patienceMs > 0))
    throw new UsageError(`--patience is a number of milliseconds, not ${values.patience}`);
  return {
    server: { uri, dialect: values.profile as MsmlDialect, patienceMs, host: values.host },
    checks: chosen(values.only),
    prompt: values.prompt,
    json: values.json,
  };
}

function chosen(only: string | undefined): readonly Check[] {
  if (only === undefined) return CHECKS;
  const wanted = only.split(',').map((each) => each.trim());
  const checks = CHECKS.filter(({ point }) => wanted.includes(point === undefined ? 'flow' : String(point)));
  if (checks.length === 0) throw new UsageError(`--only ${only} names no check: 1 to 38, or flow`);
  return checks;
}

async function run(args: readonly string[]): Promise<number> {
  const { server, checks, prompt, json } = read(args);
  const application = await ApplicationServer.start(server);
  const print = (text: string): void => void (json || process.stdout.write(`${text}\n`));
  try {
    const reached = await application.party().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (reached !== undefined) {
      process.stderr.write(`legato: ${server.uri} can not be called: expected that ${reached}\n`);
      return EXIT.unreachable;
    }
    await application.hangUpAll();
    const bench = new Bench(application, prompt);
    const findings: Finding[] = [];
    for (const check of checks) {
      const finding = await look(check, bench);
      findings.push(finding);
      print(line(finding));
    }
    const count = (state: Finding['state']): number => findings.filter((each) => each.state === state).length;
    const summary = { passed: count('passed'), failed: count('failed'), notRun: count('not run') };
    print(`\n${summary.passed} passed, ${summary.failed} failed, ${summary.notRun} not run`);
    if (json) {
      const { uri, dialect } = server;
      process.stdout.write(
        `${JSON.stringify({ server: uri, profile: dialect, ...summary, findings }, null, 2)}\n`,
      );
    }
    return summary.failed === 0 ? EXIT.passed : EXIT.failed;
  } finally {
    await application.stop();
  }
}

/** Looks at an MSML media server from outside. */
export const conformance: Command = {
  name: 'conformance',
  summary: 'see what of RFC 5707 a media server does',
  usage: USAGE,
  run,
};
