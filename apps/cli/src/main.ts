#!/usr/bin/env node
import type { Command } from './command';
import { EXIT, UsageError } from './command';
import { conformance } from './conformance/conformance.command';
import { recordingVerify } from './recording/recording-verify.command';

const COMMANDS: readonly Command[] = [conformance, recordingVerify];

const widest = Math.max(...COMMANDS.map(({ name }) => name.length));
const HELP = `Usage: legato <command> [options]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`).join('\n')}

legato <command> --help says more. Exit codes: 0 passed, 1 failed, 2 not understood, 3 not reachable.
`;

function commandOf(args: readonly string[]): { command: Command; rest: readonly string[] } | undefined {
  for (const command of COMMANDS) {
    const words = command.name.split(' ');
    if (words.every((word, index) => args[index] === word))
      return { command, rest: args.slice(words.length) };
  }
  return undefined;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args[0] === '--help' || args[0] === 'help') {
    process.stdout.write(HELP);
    return args.length === 0 ? EXIT.usage : EXIT.passed;
  }
  const called = commandOf(args);
  if (!called) throw new UsageError(`there is no command "${args.join(' ')}": legato --help lists them`);
  if (called.rest.includes('--help')) {
    process.stdout.write(`${called.command.usage}\n`);
    return EXIT.passed;
  }
  return called.command.run(called.rest);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`legato: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof UsageError ? EXIT.usage : EXIT.failed);
  },
);
