import type { XmlAttribute, XmlElement } from '../xml/xml-element';
import { attributeOf, childElements } from '../xml/xml-element';
import type { DialectProfile } from './dialect';

/** The document as the media server of `profile` wants it. Changes `root` in place. */
export function writeDialect(root: XmlElement, profile: DialectProfile): XmlElement {
  const used = new Set<string>();
  rewrite(root, profile, used);
  for (const prefix of used) declare(root, prefix, profile.namespaces[prefix] ?? '');
  if (profile.resultIds === 'after') moveIdsAfterResult(root);
  return root;
}

function rewrite(element: XmlElement, profile: DialectProfile, used: Set<string>): void {
  const names = profile.attributeNames[element.name];
  if (names) for (const attribute of element.attributes) rename(attribute, names, used);
  if (element.name === 'pattern' && profile.digitPatterns === 'settings') rewritePattern(element);
  if (element.name === 'gain' && attributeOf(element, 'amt') === 'unmute') {
    element.attributes = element.attributes.flatMap((attribute) =>
      attribute.name === 'amt' ? attributesFrom(profile.unmute) : [attribute],
    );
  }
  for (const inner of childElements(element)) rewrite(inner, profile, used);
}

const ANY_DIGITS = /^(x+)([*#A-D]?)$/i;

/** A template of any digits as settings; digits that are named, and digit maps, stay as they are. */
function rewritePattern(element: XmlElement): void {
  const format = attributeOf(element, 'format');
  const digits = element.attributes.find(({ name }) => name === 'digits');
  const template = ANY_DIGITS.exec(digits?.value ?? '');
  if (!digits || !template || (format !== undefined && format !== 'moml+digits')) return;
  const [, { length } = '', returnKey = ''] = template;
  digits.value = returnKey === '' ? `length=${length}` : `min=${length};max=${length};rtk=${returnKey}`;
}

function rename(attribute: XmlAttribute, names: Readonly<Record<string, string>>, used: Set<string>): void {
  const name = Object.hasOwn(names, attribute.name) ? names[attribute.name] : undefined;
  if (name === undefined) return;
  attribute.name = name;
  const colon = name.indexOf(':');
  if (colon > 0) used.add(name.slice(0, colon));
}

function attributesFrom(values: Readonly<Record<string, string>>): XmlAttribute[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function declare(root: XmlElement, prefix: string, namespace: string): void {
  const name = `xmlns:${prefix}`;
  if (attributeOf(root, name) === undefined) root.attributes.push({ name, value: namespace });
}

function moveIdsAfterResult(root: XmlElement): void {
  const result = childElements(root).find(({ name }) => name === 'result');
  if (!result) return;
  const isId = ({ name }: XmlElement): boolean => name === 'confid' || name === 'dialogid';
  const ids = childElements(result).filter(isId);
  result.children = result.children.filter((node) => typeof node === 'string' || !isId(node));
  root.children.push(...ids);
}
