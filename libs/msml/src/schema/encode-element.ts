import type { XmlAttribute, XmlElement } from '../xml/xml-element';
import type { Extensible } from './extension';
import type { AttributeField, Field } from './field';

/** Writes the properties of `value` that are there; extensions come last. */
export function encodeElement(
  name: string,
  fields: ReadonlyMap<string, Field<unknown>>,
  value: object,
): XmlElement {
  const xml: XmlElement = { name, attributes: [], children: [] };
  const properties = value as Readonly<Record<string, unknown>>;
  for (const [key, field] of fields) {
    const property = properties[key];
    if (property === undefined) continue;
    if (field.kind === 'attribute') xml.attributes.push(...attributes(key, field, property));
    else xml.children.push(...field.encode(property));
  }
  const { extension } = value as Extensible;
  xml.attributes.push(...(extension?.attributes ?? []));
  xml.children.push(...(extension?.elements ?? []));
  return xml;
}

function attributes(key: string, field: AttributeField<unknown>, value: unknown): XmlAttribute[] {
  const name = field.wireName ?? key;
  const attribute = { name, value: field.type.write(value) };
  if (field.namespace === undefined) return [attribute];
  return [{ name: `xmlns:${name.slice(0, name.indexOf(':'))}`, value: field.namespace }, attribute];
}
