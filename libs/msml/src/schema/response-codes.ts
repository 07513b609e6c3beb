/** Codes of §11 with their meaning; 433, 442 and 443 are reserved. A fault's description begins with this text. */
export const RESPONSE_CODES = {
  '200': 'OK',
  '400': 'Bad request',
  '401': 'Unknown element',
  '402': 'Unsupported element',
  '403': 'Missing mandatory element content',
  '404': 'Forbidden element content',
  '405': 'Invalid element content',
  '406': 'Unknown attribute',
  '407': 'Attribute not supported',
  '408': 'Missing mandatory attribute',
  '409': 'Forbidden attribute',
  '410': 'Invalid attribute value',
  '420': 'Unsupported media description language',
  '421': 'Unknown media description language',
  '422': 'Ambiguous request: a URI and an inline description',
  '423': 'External document fetch error',
  '424': 'Syntax error in foreign language',
  '425': 'Semantic error in foreign language',
  '426': 'Unknown error executing foreign language',
  '430': 'Object does not exist',
  '431': 'Object instance name already used',
  '432': 'Conference name already in use',
  '434': 'External document fetch error',
  '440': 'Cannot join objects of the specified class',
  '441': 'Objects have incompatible media types',
  '444': 'Number of media inputs exceeded',
  '450': 'Objects have incompatible media formats',
  '451': 'Incompatible media stream format',
  '500': 'Internal media server error',
  '503': 'Service unavailable',
  '510': 'Not in service',
  '511': 'Service unavailable',
  '520': 'No resource to fulfil the request',
  '521': 'Internal limit exceeded',
} as const;

/** A response code that §11 defines. */
export type MsmlResponseCode = keyof typeof RESPONSE_CODES;

/** The meaning of `code`; for one that §11 does not define, that of its class. */
export function responseText(code: string): string {
  if (Object.hasOwn(RESPONSE_CODES, code)) return RESPONSE_CODES[code as MsmlResponseCode];
  if (code.startsWith('2')) return 'Success';
  return code.startsWith('4') ? 'Request error' : 'Server error';
}
