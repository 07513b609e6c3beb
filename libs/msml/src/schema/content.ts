import type { XmlElement, XmlNode } from '../xml/xml-element';
import { textOf } from '../xml/xml-element';
import type { Datatype } from './datatype';
import type { DecodeContext } from './decode-context';
import type { ElementDefinition } from './element-definition';
import type { ExtensionElement } from './extension';
import type { ContentField, Occurrence } from './field';
import { elementsOf } from './field';

/** At most one child. */
export function child<T extends object>(definition: ElementDefinition<T>): ContentField<T> {
  return {
    kind: 'content',
    names: () => [definition.name, ...definition.aliases],
    occurrence: { most: 1 },
    decode: (nodes, context) => elementsOf(nodes).map((xml) => definition.decode(xml, context))[0],
    encode: (value) => [definition.encode(value)],
  };
}

/** Children of one name, in order; absent without any. */
export function children<T extends object>(
  definition: ElementDefinition<T>,
  occurrence: Occurrence = {},
): ContentField<T[]> {
  return {
    kind: 'content',
    names: () => [definition.name, ...definition.aliases],
    occurrence,
    decode: (nodes, context) => present(elementsOf(nodes).map((xml) => definition.decode(xml, context))),
    encode: (values) => values.map((value) => definition.encode(value)),
  };
}

/** A child with nothing but text in it. */
export function textChild(name: string, type: Datatype<string>): ContentField<string> {
  return {
    kind: 'content',
    names: () => [name],
    occurrence: { most: 1 },
    decode: (nodes, context) => elementsOf(nodes).map((xml) => readText(xml, type, context))[0],
    encode: (value) => [textElement(name, value)],
  };
}

/** Children of one name with nothing but text in them; an empty list without any. */
export function textChildren(name: string, type: Datatype<string>): ContentField<string[]> {
  return {
    kind: 'content',
    names: () => [name],
    occurrence: {},
    decode: (nodes, context) => elementsOf(nodes).map((xml) => readText(xml, type, context)),
    encode: (values) => values.map((value) => textElement(name, value)),
  };
}

/**
 * Children of several names, in document order, each with its name as `element`. `open` keeps unknown elements among them; `always`
 * gives an empty list without any.
 */
export function mixture<T extends { element: string }>(
  definitions: () => readonly ElementDefinition[],
  options: Occurrence & { open?: boolean; always?: boolean } = {},
): ContentField<T[]> {
  const known = once(definitions);
  return {
    kind: 'content',
    names: once(() => known().flatMap(({ name, aliases }) => [name, ...aliases])),
    occurrence: options,
    open: options.open,
    decode(nodes, context) {
      const values = elementsOf(nodes).map((xml) => decodeTagged(known(), xml, context) as T);
      return options.always ? values : present(values);
    },
    encode: (values) => values.map((value) => encodeTagged(known(), value)),
  };
}

/** The value that `make` gives the first time: definitions refer to each other, and are complete only later. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Everything inside the element, as it came: for languages that are not MSML. */
export function rawContent(): ContentField<XmlNode[]> {
  return {
    kind: 'content',
    names: () => [],
    occurrence: {},
    raw: true,
    decode: (nodes) => present(withTextJoined(nodes)),
    encode: (nodes) => nodes,
  };
}

/** Text around an element that another property took is one text. */
function withTextJoined(nodes: readonly XmlNode[]): XmlNode[] {
  const joined: XmlNode[] = [];
  for (const node of nodes) {
    const last = joined.length - 1;
    const before = joined[last];
    if (typeof node === 'string' && typeof before === 'string') joined[last] = before + node;
    else joined.push(node);
  }
  return joined;
}

function present<T>(values: T[]): T[] | undefined {
  return values.length > 0 ? values : undefined;
}

function readText(xml: XmlElement, type: Datatype<string>, context: DecodeContext): string {
  const text = textOf(xml);
  const value = type.read(text, context.lenient) ?? type.read(text.trim(), context.lenient);
  if (value === undefined) context.fail('405', `${xml.name} wants ${type.expected}`);
  return value ?? '';
}

function textElement(name: string, text: string): XmlElement {
  return { name, attributes: [], children: text === '' ? [] : [text] };
}

/** Reads `xml` by the definition of its name, or keeps it as an extension. */
export function decodeTagged(
  definitions: readonly ElementDefinition[],
  xml: XmlElement,
  context: DecodeContext,
): { element: string } {
  const definition = definitions.find(({ name, aliases }) => name === xml.name || aliases.includes(xml.name));
  if (!definition) return { element: 'extension', xml } as ExtensionElement;
  return { element: definition.name, ...definition.decode(xml, context) };
}

/** Writes a value by the definition that its `element` names. Throws a TypeError for a name that is none of them. */
export function encodeTagged(
  definitions: readonly ElementDefinition[],
  value: { element: string },
): XmlElement {
  if (value.element === 'extension') return (value as ExtensionElement).xml;
  const definition = definitions.find(({ name }) => name === value.element);
  if (!definition) throw new TypeError(`no such element here: ${JSON.stringify(value.element)}`);
  return definition.encode(value);
}
