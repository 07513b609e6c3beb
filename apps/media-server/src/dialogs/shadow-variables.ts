import type { NameValue } from '@legato/msml';

const UNDEFINED = 'undefined';

/**
 * The results of a dialog's primitives (RFC 5707 §9.2): `play.amt`, or `play.intro.amt` of the one whose id is "intro". They outlive the
 * primitive; a second one of the same kind writes over the first's.
 */
export class ShadowVariables {
  private readonly values = new Map<string, string>();

  set(kind: string, id: string | undefined, name: string, value: string): void {
    this.values.set(`${kind}.${name}`, value);
    if (id !== undefined) this.values.set(`${kind}.${id}.${name}`, value);
  }

  /** "undefined" before its primitive has set it. */
  get(name: string): string {
    // A collect reports under dtmf.* (§9.7.5); both names are asked for.
    return this.values.get(name.replace(/^collect\./, 'dtmf.')) ?? UNDEFINED;
  }

  /** The variables of a namelist, in its order. */
  list(namelist: string | undefined): NameValue[] {
    const names = (namelist ?? '').split(/\s+/).filter((name) => name !== '');
    return names.map((name) => ({ name, value: this.get(name) }));
  }
}
