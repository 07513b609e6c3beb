import type { MsmlDialect, MsmlDocument, MsmlEvent, MsmlResult } from '@legato/msml';
import { encodeMsml, MSML_CONTENT_TYPE } from '@legato/msml';
import type { SdpBody } from '@legato/sip';

/** Types under which MSML is taken; the answer and the events it causes go out under the same one. */
export const MSML_CONTENT_TYPES: readonly string[] = [
  MSML_CONTENT_TYPE,
  'application/vnd.radisys.msml+xml',
  'application/xml',
  'text/xml',
];

/** How a client speaks, told by the type it writes: plain XML is what clients of Dialogic's servers send. */
export interface Speech {
  readonly contentType: string;
  readonly dialect: MsmlDialect;
  readonly mode: 'strict' | 'lenient';
  readonly exitResults: 'moml.exit' | 'msml.dialog.exit';
}

export function speechOf(contentType: string): Speech {
  const isPlain = contentType === 'application/xml' || contentType === 'text/xml';
  return isPlain
    ? { contentType, dialect: 'xms', mode: 'lenient', exitResults: 'moml.exit' }
    : { contentType, dialect: 'rfc', mode: 'strict', exitResults: 'msml.dialog.exit' };
}

/** Values may quote what a client wrote; the writer refuses controls. */
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, ' ');

/** The answer to a request. */
export function resultBody(result: MsmlResult, speech: Speech): SdpBody {
  const { description } = result;
  const clean = description === undefined ? result : { ...result, description: printable(description) };
  return body({ kind: 'result', result: clean }, speech);
}

export function eventBody(event: MsmlEvent, speech: Speech): SdpBody {
  const values = event.values.map(({ name, value }) => ({ name: printable(name), value: printable(value) }));
  return body({ kind: 'event', event: { ...event, values } }, speech);
}

const body = (document: MsmlDocument, { contentType, dialect }: Speech): SdpBody => ({
  contentType,
  bytes: encodeMsml(document, dialect),
});
