import type { XmlAttribute, XmlElement } from '../xml/xml-element';

/** What a document carries beyond RFC 5707: prefixed names (§4.1), and when read leniently every unknown name. Written back as it came. */
export interface Extension {
  attributes?: XmlAttribute[];
  elements?: XmlElement[];
}

/** Every element may carry extensions. */
export interface Extensible {
  extension?: Extension;
}

/** An operation or primitive that RFC 5707 does not have, kept in its place among its siblings. */
export interface ExtensionElement {
  element: 'extension';
  xml: XmlElement;
}

/** Namespace of Legato's own attributes. */
export const LEGATO_NAMESPACE = 'urn:legato:msml:1';
