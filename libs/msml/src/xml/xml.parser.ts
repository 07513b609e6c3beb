import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { decodeReferences, hasForbiddenCharacter } from './character-references';
import type { XmlAttribute, XmlElement, XmlNode } from './xml-element';
import { isBlank } from './xml-element';

/** The largest document that is looked at: INFO bodies of real dialogs are 0.2 to 2 kB. */
export const MAX_DOCUMENT_BYTES = 65_536;
const MAX_TAGS = 4096;
const MAX_ATTRIBUTES = 2048;
const MAX_ATTRIBUTES_OF_ELEMENT = 64;
const MAX_DEPTH = 64;

const TEXT = '#text';
const CDATA = '#cdata';
const COMMENT = '#comment';
const ATTRIBUTES = ':@';

/** Values are never interpreted: digits "0012" and "1E5" would become 12 and 100000. Order is kept. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  ignoreDeclaration: true,
  cdataPropName: CDATA,
  commentPropName: COMMENT,
});

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(?:"1\.[0-9]"|'1\.[0-9]')(?:\s+encoding\s*=\s*("[A-Za-z0-9._-]{1,40}"|'[A-Za-z0-9._-]{1,40}'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>/;

type OrderedNode = Readonly<Record<string, unknown>>;

/** A document that is refused; thrown inside this file only. */
class NotWellFormed extends Error {}

/**
 * Reads a document into its root element. At most 65,536 bytes of UTF-8 (US-ASCII is a part of it); a document type,
 * an entity beyond the five of XML, a processing instruction, a second root, text outside the root, more than 64
 * levels or 4,096 tags are refused. Never throws; the error says what is wrong.
 */
export function parseXml(bytes: Uint8Array): Result<XmlElement, string> {
  try {
    return ok(readDocument(bytes));
  } catch (error) {
    return err(error instanceof Error ? error.message : 'not well-formed');
  }
}

function readDocument(bytes: Uint8Array): XmlElement {
  const text = textOf(bytes);
  checkBeforeParsing(text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new NotWellFormed(valid.err.msg);
  const nodes = parser.parse(text) as readonly OrderedNode[];
  return onlyRoot(nodes);
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw new NotWellFormed(`larger than ${MAX_DOCUMENT_BYTES} bytes`);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  checkDeclaration(text);
  return text;
}

/** US-ASCII is a part of UTF-8; other encodings are not read. The library takes anything for a declaration. */
function checkDeclaration(text: string): void {
  if (!text.startsWith('<?')) return;
  const declaration = DECLARATION.exec(text);
  if (!declaration) throw new NotWellFormed('the XML declaration');
  const encoding = declaration[1] ?? 'utf-8';
  if (!/^["']?(utf-8|us-ascii|ascii)["']?$/i.test(encoding))
    throw new NotWellFormed('an encoding that is not read');
}

/** What the library would accept in silence, and what would cost it time, is refused before it sees the document. */
function checkBeforeParsing(text: string): void {
  if (hasForbiddenCharacter(text)) throw new NotWellFormed('a character that XML forbids');
  if (/<!(?!--|\[CDATA\[)/.test(text)) throw new NotWellFormed('a document type or entity declaration');
  if (text.indexOf('<?', 1) > 0) throw new NotWellFormed('a processing instruction');
  if (!endsWithTag(text)) throw new NotWellFormed('text after the root element');
  if (hasMoreThan(MAX_TAGS, text, /</g)) throw new NotWellFormed(`more than ${MAX_TAGS} tags`);
  if (hasMoreThan(MAX_ATTRIBUTES, text, /=\s*["']/g))
    throw new NotWellFormed(`more than ${MAX_ATTRIBUTES} attributes`);
}

/** The library drops text behind the last tag, so that is looked for here: "<" can not stand in the quotes of a tag, ">" can. */
function endsWithTag(text: string): boolean {
  const markup = withoutTrailingComments(text);
  return /^<(?:"[^"]*"|'[^']*'|[^"'>])*>$/.test(markup.slice(Math.max(0, markup.lastIndexOf('<'))));
}

function withoutTrailingComments(text: string): string {
  let rest = withoutTrailingSpace(text);
  while (rest.endsWith('-->')) {
    const start = rest.lastIndexOf('<!--');
    if (start < 0) return rest;
    rest = withoutTrailingSpace(rest.slice(0, start));
  }
  return rest;
}

function withoutTrailingSpace(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function hasMoreThan(limit: number, text: string, pattern: RegExp): boolean {
  let count = 0;
  while (count <= limit && pattern.exec(text)) count += 1;
  return count > limit;
}

function onlyRoot(nodes: readonly OrderedNode[]): XmlElement {
  const roots: XmlElement[] = [];
  for (const node of childrenOf(nodes, 0)) {
    if (typeof node !== 'string') roots.push(node);
    else if (!isBlank(node)) throw new NotWellFormed('text outside the root element');
  }
  const [root, second] = roots;
  if (!root) throw new NotWellFormed('no root element');
  if (second) throw new NotWellFormed('a second root element');
  return root;
}

function childrenOf(nodes: readonly OrderedNode[], depth: number): XmlNode[] {
  if (depth > MAX_DEPTH) throw new NotWellFormed(`more than ${MAX_DEPTH} levels`);
  const children: XmlNode[] = [];
  for (const node of nodes) append(children, childOf(node, depth));
  return children;
}

function append(children: XmlNode[], child: XmlNode | undefined): void {
  if (child === undefined || child === '') return;
  const last = children.length - 1;
  const before = children[last];
  if (typeof child === 'string' && typeof before === 'string') children[last] = before + child;
  else children.push(child);
}

function childOf(node: OrderedNode, depth: number): XmlNode | undefined {
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
  if (name === undefined) return undefined;
  const content = node[name];
  if (name === TEXT) return textValue(content as string);
  const inner = content as readonly OrderedNode[];
  if (name === CDATA) return rawText(inner);
  if (name === COMMENT) return checkedComment(rawText(inner));
  return { name, attributes: attributesOf(node), children: childrenOf(inner, depth + 1) };
}

function rawText(nodes: readonly OrderedNode[]): string {
  return nodes.map((node) => (node[TEXT] as string | undefined) ?? '').join('');
}

function checkedComment(comment: string): undefined {
  if (comment.includes('--') || comment.endsWith('-')) throw new NotWellFormed('"--" in a comment');
}

function textValue(raw: string): string {
  if (raw.includes(']]>')) throw new NotWellFormed('"]]>" in text');
  return decoded(raw);
}

function attributesOf(node: OrderedNode): XmlAttribute[] {
  const entries = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>);
  if (entries.length > MAX_ATTRIBUTES_OF_ELEMENT) {
    throw new NotWellFormed(`more than ${MAX_ATTRIBUTES_OF_ELEMENT} attributes in one element`);
  }
  return entries.map(([name, raw]) => ({ name, value: attributeValue(raw) }));
}

/** White space of an attribute is read as spaces (XML 1.0 §3.3.3); a reference to a line feed stays one. */
function attributeValue(raw: string): string {
  if (raw.includes('<')) throw new NotWellFormed('"<" in an attribute');
  return decoded(raw.replace(/\r\n|[\t\r\n]/g, ' '));
}

function decoded(raw: string): string {
  const text = decodeReferences(raw);
  if (!text.ok) throw new NotWellFormed(`unknown reference ${text.error}`);
  return text.value;
}
