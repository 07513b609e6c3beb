// Parses the AsyncAPI document in a file; prints what is wrong with it and the names of its messages.
import { Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
const found = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path }));
const messages = document
  ? document
      .allMessages()
      .all()
      .map((message) => message.name())
  : [];
process.stdout.write(JSON.stringify({ found, messages }));
