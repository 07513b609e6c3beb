import { BACKSLASH, COMMA, GREATER, LESS, QUOTE, trimBlanks } from './characters';

/**
 * The position of the first comma at or after `from` that separates elements, or the end: commas inside quoted strings and
 * angle brackets do not (RFC 3261 §7.3.1, §20.10).
 */
export function elementEnd(value: string, from: number): number {
  let quoted = false;
  let angled = false;
  for (let i = from; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (quoted) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE && !angled) quoted = true;
    else if (code === LESS) angled = true;
    else if (code === GREATER) angled = false;
    else if (code === COMMA && !angled) return i;
  }
  return value.length;
}

/** The elements of a comma list, trimmed, empty ones left out. */
export function splitCommaList(value: string): string[] {
  if (!value.includes(',')) {
    const only = trimBlanks(value);
    return only === '' ? [] : [only];
  }
  const elements: string[] = [];
  for (let start = 0; start <= value.length;) {
    const end = elementEnd(value, start);
    const element = trimBlanks(value.slice(start, end));
    if (element !== '') elements.push(element);
    start = end + 1;
  }
  return elements;
}
