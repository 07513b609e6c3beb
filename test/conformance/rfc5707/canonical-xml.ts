import type { XmlElement, XmlNode } from '@legato/msml';
import { parseXml } from '../../../libs/msml/src/xml/xml.parser';

/** Elements whose children mean something by their order; those of the others are sorted by name. */
const ORDERED = new Set([
  'msml',
  'dialogstart',
  'moml',
  'group',
  'play',
  'event',
  'videolayout',
  'selector',
  'tonegen',
  'playexit',
  'recordexit',
  'groupexit',
  'resource',
  'rule',
]);

/** A form that is the same for equivalent documents: no white space between elements, attributes and free children sorted. */
export function canonicalXml(bytes: Uint8Array): unknown {
  const parsed = parseXml(bytes);
  if (!parsed.ok) throw new Error(parsed.error);
  return canonical(idsInsideResult(parsed.value));
}

function canonical(element: XmlElement): unknown {
  const attributes = element.attributes.map(({ name, value }) => [name, value.replace(/\s+/g, ' ')]);
  const children = element.children.map(canonicalNode).filter((node) => node !== '');
  if (!ORDERED.has(element.name))
    children.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  return { name: element.name, attributes: attributes.sort(), children };
}

function canonicalNode(node: XmlNode): unknown {
  return typeof node === 'string' ? node.trim() : canonical(node);
}

function nameOf(node: unknown): string {
  return typeof node === 'object' && node !== null && 'name' in node ? String(node.name) : '';
}

/** confid and dialogid mean the same inside the result and after it. */
function idsInsideResult(root: XmlElement): XmlElement {
  const isId = (node: XmlNode): boolean =>
    typeof node !== 'string' && (node.name === 'confid' || node.name === 'dialogid');
  const ids = root.children.filter(isId);
  if (ids.length === 0) return root;
  const children = root.children
    .filter((node) => !isId(node))
    .map((node) =>
      typeof node !== 'string' && node.name === 'result'
        ? { ...node, children: [...node.children, ...ids] }
        : node,
    );
  return { ...root, children };
}
