import {
  COMMA,
  GREATER,
  HTAB,
  isTokenCode,
  isUriCode,
  LESS,
  QUESTION,
  quote,
  QUOTE,
  quotedEnd,
  SEMICOLON,
  skipBlanks,
  SP,
  trimBlanks,
  unquote,
} from './characters';
import { findParam, Params } from './params';
import { SipUri } from './sip-uri';

const COMMA_OR_QUOTE = [COMMA, QUOTE, SEMICOLON, GREATER];

/** What {@link NameAddr.of} builds from. */
export interface NameAddrFields {
  readonly uri: string;
  readonly displayName?: string | undefined;
  readonly tag?: string | undefined;
  readonly params?: Readonly<Record<string, string | undefined>>;
}

/**
 * `"Display" <uri>;params` or `uri;params` (RFC 3261 §20.10): From, To, Contact, Route, Record-Route, P-Asserted-Identity,
 * Refer-To. Without brackets all parameters belong to the header field, and the URI has neither `?` nor comma.
 */
export class NameAddr {
  private parsedParams: Params | undefined;
  private parsedUri: SipUri | null | undefined;

  private constructor(
    private readonly rawDisplayName: string | undefined,
    /** As on the wire, so that what can not be read can still be returned. */
    readonly uri: string,
    private readonly paramsText: string,
    private readonly rawTag: string | undefined,
  ) {}

  /** Never throws: undefined when malformed. The URI itself is not looked into. */
  static parse(text: string): NameAddr | undefined {
    const start = skipBlanks(text, 0);
    const open = openingBracket(text, start);
    if (open === -2) return undefined;
    return open < 0 ? parseAddrSpec(text, start) : parseBracketed(text, start, open);
  }

  /** Throws TypeError when a part would not survive the wire. */
  static of(fields: NameAddrFields): NameAddr {
    if (!isWholeUri(fields.uri)) throw new TypeError(`not a URI: ${JSON.stringify(fields.uri)}`);
    const raw = fields.displayName === undefined ? undefined : quote(fields.displayName);
    const address = new NameAddr(raw, fields.uri, '', undefined);
    if (fields.tag !== undefined) address.params.set('tag', fields.tag);
    for (const [name, value] of Object.entries(fields.params ?? {})) address.params.set(name, value);
    return address;
  }

  /** @internal for the readers of this file */
  static read(display: string | undefined, uri: string, params: string, tag: string | undefined): NameAddr {
    return new NameAddr(display, uri, params, tag);
  }

  /** Without quotes; undefined when there is none or it is empty. */
  get displayName(): string | undefined {
    return this.rawDisplayName === undefined
      ? undefined
      : writable(unquote(this.rawDisplayName)) || undefined;
  }

  /** The URI parsed, or undefined when it is malformed. */
  get sipUri(): SipUri | undefined {
    this.parsedUri ??= SipUri.parse(this.uri) ?? null;
    return this.parsedUri ?? undefined;
  }

  get params(): Params {
    this.parsedParams ??= Params.parse(this.paramsText) ?? new Params();
    return this.parsedParams;
  }

  get tag(): string | undefined {
    return this.parsedParams ? this.parsedParams.get('tag') : this.rawTag;
  }

  /** `"Display" <uri>` with no parameters: a local or remote URI of a dialog (RFC 3261 §12.1). */
  get address(): string {
    const display = this.displayName;
    return display === undefined ? `<${this.uri}>` : `${quote(display)} <${this.uri}>`;
  }

  /** Always in brackets, the display name quoted. */
  toString(): string {
    return this.address + (this.parsedParams ? this.parsedParams.toString() : this.paramsText);
  }
}

/** A name with blanks for the control characters that a quoted-pair may bring (RFC 3261 §25.1): no header field can be written with them. */
function writable(name: string): string {
  for (let i = 0; i < name.length; i++) if (isControl(name.charCodeAt(i))) return blanked(name);
  return name;
}

const isControl = (code: number): boolean => code < SP && code !== HTAB;

const blanked = (name: string): string =>
  trimBlanks(Array.from(name, (char) => (isControl(char.charCodeAt(0)) ? ' ' : char)).join(''));

/** Where `<` stands; -1 when there is none before the parameters; -2 when what precedes it can not be a display name. */
function openingBracket(text: string, start: number): number {
  if (start < text.length && text.charCodeAt(start) === QUOTE) {
    const end = quotedEnd(text, start);
    if (end < 0) return -2;
    const open = skipBlanks(text, end);
    return open < text.length && text.charCodeAt(open) === LESS ? open : -2;
  }
  const open = text.indexOf('<', start);
  if (open < 0) return -1;
  for (let i = start; i < open; i++) {
    if (COMMA_OR_QUOTE.includes(text.charCodeAt(i))) return -2;
  }
  return open;
}

function parseBracketed(text: string, start: number, open: number): NameAddr | undefined {
  const close = text.indexOf('>', open);
  if (close < 0) return undefined;
  const uri = text.slice(open + 1, close);
  if (!isWholeUri(uri)) return undefined;
  const display = open > start ? trimBlanks(text.slice(start, open)) : undefined;
  return withParams(text, close + 1, display, uri);
}

function parseAddrSpec(text: string, start: number): NameAddr | undefined {
  let i = start;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === SEMICOLON || code <= SP) break;
    if (code === COMMA || code === QUESTION) return undefined;
  }
  const uri = text.slice(start, i);
  // A bare word is no URI: the star of `Contact: *` has a reader of its own.
  return isWholeUri(uri) ? withParams(text, i, undefined, uri) : undefined;
}

function withParams(
  text: string,
  at: number,
  display: string | undefined,
  uri: string,
): NameAddr | undefined {
  const { end, value } = findParam(text, at, 'tag');
  if (end !== text.length) return undefined;
  return NameAddr.read(display, uri, at === text.length ? '' : text.slice(at), value);
}

/** Something with a scheme and without a character that would end it. */
function isWholeUri(uri: string): boolean {
  const colon = uri.indexOf(':');
  if (colon < 1) return false;
  for (let i = 0; i < colon; i++) if (!isTokenCode(uri.charCodeAt(i))) return false;
  for (let i = colon; i < uri.length; i++) if (!isUriCode(uri.charCodeAt(i))) return false;
  return true;
}
