import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { SoftPhone } from './soft-phone';

const USAGE = `Usage: node dist/apps/demo/src/phone.js NAME [--port 6000] [--tone 440] [--hears FILE]

A telephone on loopback for one call at a time. It answers what rings, speaks a tone and keeps what it hears.
It is told what to do line by line:

  dial sip:2000@127.0.0.1:5060    calls
  press 1234#                     presses keys (RFC 4733)
  hang up

  --port   UDP port of its SIP, 0 for any free one
  --tone   the tone that it speaks, in Hz
  --hears  the WAV of what it hears [NAME-hears.wav]`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Does what a line says; false when it is not understood. */
function obey(phone: SoftPhone, line: string): boolean {
  const [verb = '', argument = ''] = line.trim().split(' ');
  if (verb === 'dial' && argument !== '') phone.dial(argument);
  else if (verb === 'press' && argument !== '') phone.press(argument);
  else if (verb === 'hang' && argument === 'up') phone.hangUp();
  else return false;
  return true;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      tone: { type: 'string', default: '440' },
      hears: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  if (values.help || name === undefined) return print(USAGE);
  const hears = values.hears ?? `${name}-hears.wav`;
  const phone = new SoftPhone(name, Number(values.tone), hears, Number(values.port));
  await phone.start();
  print(`${name} is ${phone.uri}`);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => print(obey(phone, line) ? 'ok' : 'dial URI, press KEYS or hang up?'));
  const end = (): void => void phone.stop().then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
}

void main();
