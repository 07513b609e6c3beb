import type { XmlAttribute, XmlElement, XmlNode } from '../xml/xml-element';
import { attributeOf, isBlank, prefixOf } from '../xml/xml-element';
import type { DecodeContext } from './decode-context';
import type { Extension } from './extension';
import type { AttributeField, ContentField, Field } from './field';

type Fields = ReadonlyMap<string, Field<unknown>>;
type Properties = Record<string, unknown>;

/** Reads attributes and content by `fields`; faults go to the context, and what is read beside them is not to be used. */
export function decodeElement(name: string, fields: Fields, xml: XmlElement, context: DecodeContext): object {
  const value: Properties = {};
  const extension: Extension = {};
  readAttributes(name, fields, xml, value, extension, context);
  readContent(name, fields, xml, value, extension, context);
  if (extension.attributes ?? extension.elements) value['extension'] = extension;
  return value;
}

function readAttributes(
  name: string,
  fields: Fields,
  xml: XmlElement,
  value: Properties,
  extension: Extension,
  context: DecodeContext,
): void {
  for (const attribute of xml.attributes) {
    const entry = attributeField(fields, attribute.name);
    if (entry) value[entry[0]] = attributeValue(name, entry[1], attribute, context);
    else keepAttribute(name, attribute, extension, context);
  }
  for (const [key, field] of fields) {
    if (field.kind !== 'attribute' || value[key] !== undefined) continue;
    const missing = field.presence === 'mandatory' || (field.presence === 'strict' && !context.lenient);
    if (missing) context.fail('408', `${name} wants ${key}`);
  }
}

function attributeField(fields: Fields, wireName: string): [string, AttributeField<unknown>] | undefined {
  const direct = fields.get(wireName);
  if (direct?.kind === 'attribute' && direct.wireName === undefined) return [wireName, direct];
  for (const [key, field] of fields) {
    if (field.kind !== 'attribute') continue;
    if (field.wireName === wireName || field.aliases?.includes(wireName)) return [key, field];
  }
  return undefined;
}

function attributeValue(
  element: string,
  field: AttributeField<unknown>,
  { name, value }: XmlAttribute,
  context: DecodeContext,
): unknown {
  const read = field.type.read(value, context.lenient);
  if (read === undefined) {
    context.fail(field.type.faultFor?.(value) ?? '410', `${element} ${name} wants ${field.type.expected}`);
  }
  return read;
}

function keepAttribute(
  element: string,
  attribute: XmlAttribute,
  extension: Extension,
  context: DecodeContext,
): void {
  if (attribute.name === 'xmlns' || prefixOf(attribute.name) !== undefined || context.lenient) {
    (extension.attributes ??= []).push(attribute);
  } else {
    context.fail('406', `${element} has no attribute ${attribute.name}`);
  }
}

function readContent(
  name: string,
  fields: Fields,
  xml: XmlElement,
  value: Properties,
  extension: Extension,
  context: DecodeContext,
): void {
  const taken = new Map<string, XmlNode[]>();
  for (const node of xml.children) {
    const key = keyFor(fields, node);
    if (key !== undefined) put(taken, key, node);
    else if (typeof node !== 'string') keepElement(name, node, extension, fields, taken, context);
    else if (!isBlank(node) && !context.lenient) context.fail('405', `${name} holds no text`);
  }
  for (const [key, field] of fields) {
    if (field.kind !== 'content') continue;
    const nodes = taken.get(key) ?? [];
    checkOccurrence(name, field, nodes.length, context);
    const decoded = field.decode(nodes, context);
    if (decoded !== undefined) value[key] = decoded;
  }
}

/** The property that takes `node`: the one that names it, or else the one that takes everything. */
function keyFor(fields: Fields, node: XmlNode): string | undefined {
  let rawKey: string | undefined;
  for (const [key, field] of fields) {
    if (field.kind !== 'content') continue;
    if (typeof node !== 'string' && field.names().includes(node.name)) return key;
    if (field.raw) rawKey = key;
  }
  return rawKey;
}

function keepElement(
  parent: string,
  xml: XmlElement,
  extension: Extension,
  fields: Fields,
  taken: Map<string, XmlNode[]>,
  context: DecodeContext,
): void {
  if (!isForeign(xml) && !context.lenient) {
    context.fail(context.isKnown(xml.name) ? '404' : '401', `${xml.name} in ${parent}`);
    return;
  }
  const open = [...fields].find(([, field]) => field.kind === 'content' && field.open)?.[0];
  if (open === undefined) (extension.elements ??= []).push(xml);
  else put(taken, open, xml);
}

/** A prefixed name (§4.1), or an element that brings the namespace of another language with it. */
function isForeign(xml: XmlElement): boolean {
  return prefixOf(xml.name) !== undefined || attributeOf(xml, 'xmlns') !== undefined;
}

function put(taken: Map<string, XmlNode[]>, key: string, node: XmlNode): void {
  const nodes = taken.get(key);
  if (nodes) nodes.push(node);
  else taken.set(key, [node]);
}

function checkOccurrence(
  name: string,
  field: ContentField<unknown>,
  count: number,
  context: DecodeContext,
): void {
  const { least = 0, most = Infinity } = field.occurrence;
  const what = (): string => field.names().slice(0, 4).join(', ');
  if (count < least) context.fail('403', `${name} wants ${least} of ${what()}`);
  if (count > most) context.fail('404', `${name} takes ${most} of ${what()}`);
}
