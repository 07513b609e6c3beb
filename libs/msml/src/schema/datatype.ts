/**
 * The values an attribute or a text may have. `read` answers undefined for a value outside the grammar; `lenient` also reads what
 * real systems were seen to send. `faultFor` gives the response code where it is not that of every wrong value.
 */
export interface Datatype<V> {
  readonly expected: string;
  read(text: string, lenient: boolean): V | undefined;
  write(value: V): string;
  faultFor?(text: string): string;
}

/** Text that `pattern` describes whole. */
export function matching(expected: string, pattern: RegExp): Datatype<string> {
  return { expected, read: (text) => (pattern.test(text) ? text : undefined), write: String };
}

/** One of a closed list of words. */
export function oneOf<V extends string>(...words: readonly V[]): Datatype<V> {
  return {
    expected: words.join(', '),
    read: (text) => words.find((word) => word === text),
    write: String,
  };
}

/** A decimal integer from `least` to `most`; it stays a string, so that its spelling survives. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Datatype<string> {
  const accepts = (text: string): boolean =>
    /^[+-]?[0-9]{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return {
    expected: `an integer from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`,
    read: (text) => (accepts(text) ? text : undefined),
    write: String,
  };
}

/** Any text. */
export const anyText: Datatype<string> = { expected: 'text', read: (text) => text, write: String };

/** "true" or "false"; lenient: "1", "0" and any case. */
export const flag: Datatype<boolean> = {
  expected: 'true or false',
  read(text, lenient) {
    const word = lenient ? text.toLowerCase() : text;
    if (word === 'true' || (lenient && word === '1')) return true;
    return word === 'false' || (lenient && word === '0') ? false : undefined;
  },
  write: String,
};
