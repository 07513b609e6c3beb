import { assertFieldValue, isToken, trimBlanks } from './characters';
import { elementEnd, splitCommaList } from './comma-list';
import { headerNameOf } from './header-names';

function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

/**
 * Header fields in wire order (RFC 3261 §7.3). Names are matched in any case and in compact form and stored canonical, unknown
 * ones as they came; values are unfolded, trimmed, and hold no control character but HTAB.
 */
export class Headers {
  private names: string[] = [];
  private values: string[] = [];

  /** Throws TypeError like {@link append}. */
  constructor(entries?: Iterable<readonly [name: string, value: string]>) {
    if (entries) for (const [name, value] of entries) this.append(name, value);
  }

  private indexOf(name: string, from = 0): number {
    const known = headerNameOf(name);
    if (known) return this.names.indexOf(known.name, from);
    for (let i = from; i < this.names.length; i++) if (sameName(this.names[i] as string, name)) return i;
    return -1;
  }

  /** Number of fields. */
  get size(): number {
    return this.names.length;
  }

  /** First field value, raw: a comma list is not split. */
  get(name: string): string | undefined {
    return this.values[this.indexOf(name)];
  }

  /** Every value in order; comma lists split where the header is one by its grammar (not Authorization, Date and the like). */
  getAll(name: string): string[] {
    const isList = headerNameOf(name)?.isList ?? false;
    const all: string[] = [];
    for (let i = this.indexOf(name); i >= 0; i = this.indexOf(name, i + 1)) {
      const value = this.values[i] as string;
      if (isList) all.push(...splitCommaList(value));
      else all.push(value);
    }
    return all;
  }

  has(name: string): boolean {
    return this.indexOf(name) >= 0;
  }

  /**
   * Replaces every field of this name by one, in the place of the first. Throws TypeError when name or value would not survive
   * the wire: a name that is no token, a value with CR, LF, NUL or another C0 control but HTAB.
   */
  set(name: string, value: string): this {
    const canonical = checkedName(name);
    const checked = checkedValue(name, value);
    const first = this.indexOf(canonical);
    if (first < 0) return this.appendTrusted(canonical, checked);
    this.names[first] = canonical;
    this.values[first] = checked;
    for (let i = this.indexOf(canonical, first + 1); i >= 0; i = this.indexOf(canonical, first + 1))
      this.removeAt(i);
    return this;
  }

  /** Adds a field after all others. Throws TypeError like {@link set}. */
  append(name: string, value: string): this {
    return this.appendTrusted(checkedName(name), checkedValue(name, value));
  }

  /** Adds a field before all others. Throws TypeError like {@link set}. */
  prepend(name: string, value: string): this {
    const canonical = checkedName(name);
    const checked = checkedValue(name, value);
    this.names.unshift(canonical);
    this.values.unshift(checked);
    return this;
  }

  remove(name: string): this {
    for (let i = this.indexOf(name); i >= 0; i = this.indexOf(name, i)) this.removeAt(i);
    return this;
  }

  /** Replaces the first value, the first element of a comma list alone; appends when there is none. For the topmost Via. */
  replaceFirst(name: string, value: string): this {
    const index = this.indexOf(name);
    if (index < 0) return this.append(name, value);
    this.values[index] = checkedValue(name, value) + this.afterFirst(name, index);
    return this;
  }

  /** Removes and returns the first value, the first element of a comma list alone. */
  removeFirst(name: string): string | undefined {
    const index = this.indexOf(name);
    if (index < 0) return undefined;
    const whole = this.values[index] as string;
    const rest = this.afterFirst(name, index);
    if (rest === '') this.removeAt(index);
    else this.values[index] = trimBlanks(rest.slice(1));
    return trimBlanks(whole.slice(0, whole.length - rest.length));
  }

  /** Comma and remaining elements of a field. */
  private afterFirst(name: string, index: number): string {
    const value = this.values[index] as string;
    return headerNameOf(name)?.isList ? value.slice(elementEnd(value, 0)) : '';
  }

  private removeAt(index: number): void {
    this.names.splice(index, 1);
    this.values.splice(index, 1);
  }

  /** In wire order. */
  *entries(): IterableIterator<readonly [string, string]> {
    for (let i = 0; i < this.names.length; i++) yield [this.names[i] as string, this.values[i] as string];
  }

  /** Characters of all names and values. */
  get characters(): number {
    let count = 0;
    for (let i = 0; i < this.names.length; i++) {
      count += (this.names[i] as string).length + (this.values[i] as string).length;
    }
    return count;
  }

  clone(): Headers {
    const copy = new Headers();
    copy.names = this.names.slice();
    copy.values = this.values.slice();
    return copy;
  }

  /** @internal for the parser and for copies of parsed fields: canonical name, checked value. */
  appendTrusted(name: string, value: string): this {
    this.names.push(name);
    this.values.push(value);
    return this;
  }

  /** @internal copies every field of a canonical name as it stands. */
  copyFrom(other: Headers, canonical: string): this {
    for (let i = other.names.indexOf(canonical); i >= 0; i = other.names.indexOf(canonical, i + 1)) {
      this.appendTrusted(canonical, other.values[i] as string);
    }
    return this;
  }

  /** @internal `Name: value` lines without those of the canonical name `except`. */
  toWire(except: string): string {
    let out = '';
    for (let i = 0; i < this.names.length; i++) {
      const name = this.names[i] as string;
      if (name !== except) out += `${name}: ${this.values[i]}\r\n`;
    }
    return out;
  }
}

function checkedName(name: string): string {
  const known = headerNameOf(name);
  if (known) return known.name;
  if (!isToken(name)) throw new TypeError(`header name ${JSON.stringify(name)}`);
  return name;
}

function checkedValue(name: string, value: string): string {
  assertFieldValue(`header ${name}`, value);
  return trimBlanks(value);
}
