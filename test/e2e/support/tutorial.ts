import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a tutorial: ` ```sh terminal=alice ` has the language `sh` and is typed in another terminal. */
export interface Snippet {
  readonly language: string;
  readonly terminal?: string;
  readonly file?: string;
  readonly text: string;
}

const FENCE = '```';

/** The fenced blocks of a page, in order. */
export function snippetsOf(page: string): Snippet[] {
  const found: Snippet[] = [];
  const lines = page.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    if (!lines[at]!.startsWith(FENCE)) continue;
    const [language = '', ...attributes] = lines[at]!.slice(FENCE.length).split(' ');
    const end = lines.indexOf(FENCE, at + 1);
    const named = Object.fromEntries(attributes.map((each) => each.split('=') as [string, string]));
    found.push({ language, ...named, text: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  return found;
}

/** Whether `found` has what a page shows; `…` stands for anything. */
export function fits(shown: unknown, found: unknown): boolean {
  if (typeof shown === 'string' && typeof found === 'string') return fitsText(shown, found);
  if (typeof shown !== 'object' || shown === null) return shown === found;
  if (typeof found !== 'object' || found === null) return false;
  const keys = Object.keys(shown);
  if (keys.length !== Object.keys(found).length) return false;
  return keys.every((key) => fits((shown as never)[key], (found as never)[key]));
}

function fitsText(shown: string, found: string): boolean {
  const [head = '', ...rest] = shown.split('…');
  if (rest.length === 0) return shown === found;
  return found.startsWith(head) && found.endsWith(rest.at(-1) ?? '');
}

/** Who goes through a page: a shell, other terminals, a folder. */
export interface Reader {
  readonly folder: string;
  /** Runs a snippet in the shell, which keeps its variables; what it wrote. */
  run(script: string): Promise<string>;
  /** Begins something that stays, in a terminal of its own; back when it is ready. */
  begin(terminal: string, script: string): Promise<void>;
  /** Types lines into what runs in a terminal. */
  type(terminal: string, lines: string): Promise<void>;
}

/** Goes through the page as a reader does, and compares what comes with what the page shows. */
export async function follow(path: string, reader: Reader): Promise<void> {
  const begun = new Set<string>();
  let output = '';
  for (const { language, terminal, file, text } of snippetsOf(readFileSync(path, 'utf8'))) {
    if (file !== undefined) writeFileSync(join(reader.folder, file), text);
    else if (terminal !== undefined && begun.has(terminal)) await reader.type(terminal, text);
    else if (terminal !== undefined) {
      begun.add(terminal);
      await reader.begin(terminal, text);
    } else if (language === 'sh') output = await reader.run(text);
    else compare(language, text, output);
  }
}

function compare(language: string, shown: string, output: string): void {
  const isJson = language === 'json';
  const wanted: unknown = isJson ? JSON.parse(shown) : shown;
  const found: unknown = isJson ? JSON.parse(output) : output.trim();
  // The message of a failure shows both.
  if (!fits(wanted, found)) expect(found).toEqual(wanted);
}
