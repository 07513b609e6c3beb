const PLACEHOLDER = /^\{\{([a-z][a-z0-9_]{0,31})\}\}$/;

/**
 * The variable that a value stands for: `{{digits}}`. A placeholder is the whole of a typed field or nothing: what callers key
 * becomes no part of a file name, an address or of markup.
 */
export function placeholderIn(value: string): string | undefined {
  return PLACEHOLDER.exec(value)?.[1];
}
