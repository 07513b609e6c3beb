import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { MsmlDialect } from '../dialects/dialect';
import { DIALECTS } from '../dialects/profiles';
import { hasDialect, readDialect } from '../dialects/read-dialect';
import { writeDialect } from '../dialects/write-dialect';
import { decodeTagged, encodeTagged } from '../schema/content';
import type { MsmlFault } from '../schema/decode-context';
import { DecodeContext } from '../schema/decode-context';
import type { Extensible, ExtensionElement } from '../schema/extension';
import { responseText } from '../schema/response-codes';
import type { XmlElement } from '../xml/xml-element';
import { attributeOf, childElements, isBlank, prefixOf, textOf } from '../xml/xml-element';
import { parseXml } from '../xml/xml.parser';
import { writeXml } from '../xml/xml-writer';
import { isMsmlElement } from './elements';
import type { MsmlEvent } from './event';
import { event } from './event';
import type { MsmlOperation } from './operations';
import { operationDefinitions } from './operations';
import type { MsmlResult } from './result';
import { result } from './result';

/** The document of a request, an event or a result (§7.1). `extension` holds what RFC 5707 does not have on the root. */
export type MsmlDocument = Extensible &
  (
    | { kind: 'request'; operations: MsmlOperation[] }
    | { kind: 'event'; event: MsmlEvent }
    | { kind: 'result'; result: MsmlResult }
  );

/** The Content-Type of an MSML body; dialects may use another, see DIALECTS. */
export const MSML_CONTENT_TYPE = 'application/msml+xml';

const VERSION = '1.1';
/** 1.0 stands in an example of the RFC, and some servers send it. */
const READ_VERSIONS: readonly string[] = [VERSION, '1.0'];

/**
 * The bytes of a document, in the dialect of the media server that reads it. Throws a TypeError for an `element` that MSML does
 * not have in its place, for an extension whose name is no XML name, and for a value with a C0 control.
 */
export function encodeMsml(document: MsmlDocument, dialect: MsmlDialect = 'rfc'): Buffer {
  const profile = DIALECTS[dialect];
  const root: XmlElement = {
    name: 'msml',
    attributes: [{ name: 'version', value: VERSION }, ...(document.extension?.attributes ?? [])],
    children: [...contentOf(document), ...(document.extension?.elements ?? [])],
  };
  return writeXml(writeDialect(structuredClone(root), profile), profile.declaration);
}

function contentOf(document: MsmlDocument): XmlElement[] {
  if (document.kind === 'event') return [event.encode(document.event)];
  if (document.kind === 'result') return [result.encode(document.result)];
  return document.operations.map((operation) => encodeTagged(operationDefinitions, operation));
}

/** How a document is read. */
export interface DecodeOptions {
  /**
   * 'strict', the default, refuses in a request what RFC 5707 does not have, as a media server is to do (§5); 'lenient' keeps it as an
   * extension and reads what real systems send. Events and results are always read leniently: nobody answers them.
   */
  mode?: 'strict' | 'lenient';
}

/**
 * Reads a document. Never throws; 65,536 bytes at most. The error is what to answer (§11): 400 for bytes that are no single well-formed
 * msml document, 401 and 404 for an unknown or misplaced element, 403, 405, 406, 408, 409, 410 and so on for what is wrong inside.
 */
export function decodeMsml(bytes: Uint8Array, options: DecodeOptions = {}): Result<MsmlDocument, MsmlFault> {
  const parsed = parseXml(bytes);
  if (!parsed.ok) return err(fault('400', parsed.error));
  const root = hasDialect(parsed.value) ? readDialect(parsed.value) : parsed.value;
  const rootFault = faultOfRoot(root);
  if (rootFault) return err(rootFault);
  const kind = kindOf(root);
  const lenient = kind !== 'request' || options.mode === 'lenient';
  const context = new DecodeContext(lenient, isMsmlElement);
  checkAttributes(root, context);
  const document = decodeAs(kind, root, context);
  return context.fault ? err(context.fault) : ok(withExtensions(document, root));
}

function fault(response: string, detail: string): MsmlFault {
  return { response, description: `${responseText(response)}: ${detail}` };
}

function faultOfRoot(root: XmlElement): MsmlFault | undefined {
  if (root.name !== 'msml') return fault('400', `the root is ${root.name}`);
  const version = attributeOf(root, 'version');
  if (version === undefined) return fault('408', 'msml wants version');
  if (!READ_VERSIONS.includes(version)) return fault('410', `msml version wants ${VERSION}`);
  return isBlank(textOf(root)) ? undefined : fault('405', 'msml holds no text');
}

function checkAttributes(root: XmlElement, context: DecodeContext): void {
  for (const { name } of root.attributes) {
    const known = name === 'version' || name === 'xmlns' || prefixOf(name) !== undefined;
    if (!known && !context.lenient) context.fail('406', `msml has no attribute ${name}`);
  }
}

function kindOf(root: XmlElement): MsmlDocument['kind'] {
  const names = childElements(root).map(({ name }) => name);
  if (names.includes('event')) return 'event';
  return names.includes('result') ? 'result' : 'request';
}

function decodeAs(kind: MsmlDocument['kind'], root: XmlElement, context: DecodeContext): MsmlDocument {
  if (kind === 'event') return { kind, event: decodeEvent(root, context) };
  if (kind === 'result') return { kind, result: decodeResult(root, context) };
  return { kind, operations: decodeOperations(root, context) };
}

function decodeEvent(root: XmlElement, context: DecodeContext): MsmlEvent {
  const [first, ...others] = childElements(root).filter(({ name }) => prefixOf(name) === undefined);
  if (first?.name !== 'event' || others.length > 0) context.fail('400', 'an event stands alone');
  return event.decode(first ?? root, context);
}

/** Identifiers of new objects stand inside the result or after it; both are read, in document order. */
function decodeResult(root: XmlElement, context: DecodeContext): MsmlResult {
  const elements = childElements(root).filter(({ name }) => prefixOf(name) === undefined);
  const [first, ...siblings] = elements;
  if (first?.name !== 'result') context.fail('400', 'a result comes first');
  const ids = siblings.filter(({ name }) => name === 'confid' || name === 'dialogid');
  if (ids.length !== siblings.length) context.fail('400', 'a result stands alone');
  const whole: XmlElement = first ?? root;
  return result.decode({ ...whole, children: [...whole.children, ...ids] }, context);
}

function decodeOperations(root: XmlElement, context: DecodeContext): MsmlOperation[] {
  return childElements(root).map((xml) => {
    const operation = decodeTagged(operationDefinitions, xml, context) as MsmlOperation;
    if (operation.element === 'extension') refuseUnlessExtension(operation, context);
    return operation;
  });
}

function refuseUnlessExtension({ xml }: ExtensionElement, context: DecodeContext): void {
  if (prefixOf(xml.name) !== undefined || context.lenient) return;
  context.fail(isMsmlElement(xml.name) ? '404' : '401', `${xml.name} in msml`);
}

function withExtensions(document: MsmlDocument, root: XmlElement): MsmlDocument {
  const attributes = root.attributes.filter(({ name }) => name !== 'version');
  const elements =
    document.kind === 'request' ? [] : childElements(root).filter(({ name }) => prefixOf(name));
  if (attributes.length === 0 && elements.length === 0) return document;
  return {
    ...document,
    extension: { ...(attributes.length > 0 && { attributes }), ...(elements.length > 0 && { elements }) },
  };
}
