import { LEGATO_NAMESPACE } from '../schema/extension';
import type { XmlAttribute, XmlElement } from '../xml/xml-element';
import { attributeOf, childElements } from '../xml/xml-element';
import { DIALECTS } from './profiles';

/** Prefixes that the definitions know, by namespace: a document may choose others. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  [LEGATO_NAMESPACE, 'legato'],
  ...Object.values(DIALECTS).flatMap(({ namespaces }) =>
    Object.entries(namespaces).map(([prefix, namespace]): [string, string] => [namespace, prefix]),
  ),
]);

/** Names of the RFC by what the dialects write, "play cvd:barge" to "barge". */
const RFC_NAMES: ReadonlyMap<string, string> = new Map(
  Object.values(DIALECTS).flatMap(({ attributeNames }) =>
    Object.entries(attributeNames).flatMap(([element, names]) =>
      Object.entries(names).map(([name, wireName]): [string, string] => [`${element} ${wireName}`, name]),
    ),
  ),
);

type Scope = ReadonlyMap<string, string>;

/**
 * The document in the RFC's names: prefixes of known namespaces become the usual ones, and attributes that a dialect calls otherwise
 * get their own name. An undeclared prefix is taken at its word, because media servers forget declarations.
 */
export function readDialect(root: XmlElement): XmlElement {
  return readElement(root, new Map());
}

function readElement(element: XmlElement, outer: Scope): XmlElement {
  const scope = scopeOf(element, outer);
  const attributes: XmlAttribute[] = [];
  for (const { name, value } of element.attributes) {
    if (name === 'xmlns:legato' || (name.startsWith('xmlns:') && value === LEGATO_NAMESPACE)) continue;
    const prefixed = usualName(name, scope);
    const rfcName = RFC_NAMES.get(`${element.name} ${prefixed}`);
    const free = rfcName !== undefined && attributeOf(element, rfcName) === undefined;
    attributes.push({ name: free ? rfcName : prefixed, value });
  }
  const children = element.children.map((node) =>
    typeof node === 'string' ? node : readElement(node, scope),
  );
  return { name: usualName(element.name, scope), attributes, children };
}

function scopeOf(element: XmlElement, outer: Scope): Scope {
  const declared = element.attributes.filter(
    ({ name, value }) => name.startsWith('xmlns:') && PREFIXES.has(value),
  );
  if (declared.length === 0) return outer;
  const usual = declared.map(({ name, value }): [string, string] => [
    name.slice(6),
    PREFIXES.get(value) ?? '',
  ]);
  return new Map([...outer, ...usual]);
}

function usualName(name: string, scope: Scope): string {
  const colon = name.indexOf(':');
  const usual = colon > 0 ? scope.get(name.slice(0, colon)) : undefined;
  return usual === undefined ? name : `${usual}${name.slice(colon)}`;
}

/** Whether anything of a dialect is in the document; reading it costs nothing otherwise. */
export function hasDialect(element: XmlElement): boolean {
  const own = element.attributes.some(
    ({ name }) => name.includes(':') || RFC_NAMES.has(`${element.name} ${name}`),
  );
  return own || childElements(element).some(hasDialect);
}
