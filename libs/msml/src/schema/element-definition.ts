import type { XmlElement } from '../xml/xml-element';
import type { DecodeContext } from './decode-context';
import { decodeElement } from './decode-element';
import { encodeElement } from './encode-element';
import type { Field } from './field';

/** One word of the wire: how an element is read and written, and where RFC 5707 describes it. */
export interface ElementDefinition<T extends object = object> {
  readonly name: string;
  /** Other spellings that are read. */
  readonly aliases: readonly string[];
  readonly section: string;
  readonly fields: ReadonlyMap<string, Field<unknown>>;
  decode(xml: XmlElement, context: DecodeContext): T;
  encode(value: T): XmlElement;
}

/** Every property of `T` beside its name and its extensions is an attribute or content. */
export type FieldsOf<T> = {
  readonly [K in Exclude<keyof T, 'element' | 'extension'>]-?: Field<NonNullable<T[K]>>;
};

/** Rules that no single field can state; reports what is wrong to the context. */
export type ElementCheck<T> = (value: T, context: DecodeContext) => void;

/** Defines an element by its fields; what is written keeps their order. */
export function defineElement<T extends object>(
  name: string,
  section: string,
  fields: FieldsOf<T>,
  more: { aliases?: readonly string[]; check?: ElementCheck<T> } = {},
): ElementDefinition<T> {
  const table = new Map(Object.entries(fields)) as ReadonlyMap<string, Field<unknown>>;
  return {
    name,
    section,
    aliases: more.aliases ?? [],
    fields: table,
    decode(xml, context) {
      const value = decodeElement(name, table, xml, context) as T;
      if (!context.fault) more.check?.(value, context);
      return value;
    },
    encode: (value) => encodeElement(name, table, value),
  };
}
