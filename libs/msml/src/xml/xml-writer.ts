import { hasForbiddenCharacter } from './character-references';
import type { XmlAttribute, XmlElement, XmlNode } from './xml-element';

/** How the bytes are labelled; US-ASCII writes everything beyond it as numeric references. */
export interface XmlDeclaration {
  readonly encoding: 'UTF-8' | 'US-ASCII';
  readonly standalone?: boolean;
}

const NAME = /^[A-Za-z_][A-Za-z0-9._-]*(?::[A-Za-z_][A-Za-z0-9._-]*)?$/;
const TEXT_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  ...TEXT_ESCAPES,
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/**
 * Writes a document: the declaration, then the root on one line. Throws a TypeError for a name that is no XML name and for a
 * character that XML forbids (C0 controls): a value can neither end its quotes nor add an element.
 */
export function writeXml(root: XmlElement, declaration: XmlDeclaration = { encoding: 'UTF-8' }): Buffer {
  const standalone = declaration.standalone ? ' standalone="yes"' : '';
  const head = `<?xml version="1.0" encoding="${declaration.encoding}"${standalone}?>\n`;
  const text = `${head}${element(root)}\n`;
  return Buffer.from(declaration.encoding === 'US-ASCII' ? ascii(text) : text, 'utf8');
}

function element(node: XmlElement): string {
  const name = checkedName(node.name);
  const attributes = node.attributes.map(attribute).join('');
  if (node.children.length === 0) return `<${name}${attributes}/>`;
  return `<${name}${attributes}>${node.children.map(child).join('')}</${name}>`;
}

function child(node: XmlNode): string {
  return typeof node === 'string' ? checkedText(node).replace(/[&<>\r]/g, escapeText) : element(node);
}

function attribute({ name, value }: XmlAttribute): string {
  return ` ${checkedName(name)}="${checkedText(value).replace(/[&<>"\r\n\t]/g, escapeAttribute)}"`;
}

const escapeText = (character: string): string => TEXT_ESCAPES[character] ?? character;
const escapeAttribute = (character: string): string => ATTRIBUTE_ESCAPES[character] ?? character;

function checkedName(name: string): string {
  if (!NAME.test(name)) throw new TypeError('not an XML name');
  return name;
}

function checkedText(text: string): string {
  if (hasForbiddenCharacter(text)) throw new TypeError('a character that XML forbids');
  return text;
}

function ascii(text: string): string {
  return text.replace(/[^\u0000-\u007f]/gu, (character) => `&#${character.codePointAt(0)};`);
}
