import type { XmlElement, XmlNode } from '../xml/xml-element';
import type { Datatype } from './datatype';
import type { DecodeContext } from './decode-context';

/** An attribute of an element; its key in the model is its name on the wire, unless `wireName` says otherwise. */
export interface AttributeField<V> {
  readonly kind: 'attribute';
  readonly type: Datatype<V>;
  /** 'strict': its absence is a fault unless the document is read leniently. */
  readonly presence: 'optional' | 'mandatory' | 'strict';
  /** Other spellings that are read. */
  readonly aliases?: readonly string[];
  readonly wireName?: string;
  /** The namespace that the prefix of `wireName` stands for. */
  readonly namespace?: string;
}

/** How many of something an element holds. */
export interface Occurrence {
  readonly least?: number;
  readonly most?: number;
}

/** Child elements of an element that are one property of the model. */
export interface ContentField<V> {
  readonly kind: 'content';
  /** The names it takes; a thunk, because definitions refer to each other. */
  readonly names: () => readonly string[];
  readonly occurrence: Occurrence;
  /** Takes elements that nobody knows, in their place. */
  readonly open?: boolean;
  /** Takes every child, text too. */
  readonly raw?: boolean;
  decode(nodes: readonly XmlNode[], context: DecodeContext): V | undefined;
  encode(value: V): XmlNode[];
}

export type Field<V> = AttributeField<V> | ContentField<V>;

/** An attribute that may be absent. */
export function optional<V>(
  type: Datatype<V>,
  more: Pick<AttributeField<V>, 'aliases' | 'wireName' | 'namespace'> = {},
): AttributeField<V> {
  return { kind: 'attribute', type, presence: 'optional', ...more };
}

/** An attribute whose absence is answered 408. */
export function mandatory<V>(
  type: Datatype<V>,
  presence: 'mandatory' | 'strict' = 'mandatory',
): AttributeField<V> {
  return { kind: 'attribute', type, presence };
}

/** The elements among `nodes`. */
export function elementsOf(nodes: readonly XmlNode[]): XmlElement[] {
  return nodes.filter((node): node is XmlElement => typeof node !== 'string');
}
