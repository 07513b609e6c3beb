import type { XmlDeclaration } from '../xml/xml-writer';

/** The media servers whose ways are known; "rfc" is RFC 5707 as docs/msml-coverage.md settles it. */
export type MsmlDialect = 'rfc' | 'xms' | 'convedia' | 'mavenir';

/** How a kind of media server departs from the others: data, so that nothing else knows their names. */
export interface DialectProfile {
  readonly dialect: MsmlDialect;
  /** The Content-Type of a request. */
  readonly contentType: string;
  readonly declaration: XmlDeclaration;
  /** Where a result has its confid and dialogid: inside (erratum 4961) or after it. */
  readonly resultIds: 'inside' | 'after';
  /** Which event brings the namelist of an exit (§7.4 against §9.6.1). */
  readonly exitResults: 'moml.exit' | 'msml.dialog.exit' | 'either';
  /** Whether a prompt may stand inside collect and record; otherwise a group is needed. */
  readonly promptInside: boolean;
  /** Names of attributes on the wire, by element and name in the RFC. */
  readonly attributeNames: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Declarations for the prefixes in `attributeNames`. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** What ends a mute: the attributes of a stream's gain in the place of amt="unmute". */
  readonly unmute: Readonly<Record<string, string>>;
  /** Whether a pattern of any digits may be a template (`xxxx#`), or has to be settings (`min=4;max=4;rtk=#`, `length=4`). */
  readonly digitPatterns: 'template' | 'settings';
}
