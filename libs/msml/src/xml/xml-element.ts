/** An attribute or a namespace declaration, with its value unescaped. */
export interface XmlAttribute {
  name: string;
  value: string;
}

/** An element of a document: order of attributes and children is kept; plain JSON, so that it can be state. */
export interface XmlElement {
  name: string;
  attributes: XmlAttribute[];
  children: XmlNode[];
}

/** A child of an element: another element, or text (CDATA sections are text; comments are dropped). */
export type XmlNode = XmlElement | string;

/** The value of an attribute of `element`, or undefined. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** The child elements, without the text between them. */
export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((node): node is XmlElement => typeof node !== 'string');
}

/** The text directly inside `element`; elements inside it contribute nothing. */
export function textOf(element: XmlElement): string {
  return element.children.filter((node) => typeof node === 'string').join('');
}

/** True where only the white space of XML separates the children. */
export function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

/** The prefix of a qualified name, or undefined. */
export function prefixOf(name: string): string | undefined {
  const colon = name.indexOf(':');
  return colon > 0 ? name.slice(0, colon) : undefined;
}
