import type { CreateCall, FieldError } from '@legato/contracts';
import { SipUri } from '@legato/sip';
import { ProblemException } from '../http/problem.exception';

/** Parameters that would change what we send, or to whom (RFC 3261 §19.1.1). */
const REFUSED_PARAMETERS = ['method', 'maddr', 'lr'];

function complaint(text: string): string | undefined {
  const uri = SipUri.parse(text);
  if (!uri) return 'not a SIP URI';
  const transport = uri.params.get('transport')?.toLowerCase();
  if (transport !== undefined && transport !== 'udp') return 'the transport must be udp';
  const refused = REFUSED_PARAMETERS.find((name) => uri.params.has(name));
  return refused === undefined ? undefined : `the parameter ${refused} is not allowed`;
}

/** 422 unless every URI of a new call parses and can be dialled. */
export function checkUris({ from, to }: CreateCall): void {
  checkUriFields([['/from', from] as const, ...to.map((uri, index) => [`/to/${index}`, uri] as const)]);
}

/** 422 unless the URIs parse and can be dialled; each with the JSON pointer of its field. */
export function checkUriFields(uris: readonly (readonly [pointer: string, uri: string])[]): void {
  const errors = uris.flatMap(([pointer, uri]): FieldError[] => {
    const detail = complaint(uri);
    return detail === undefined ? [] : [{ pointer, detail }];
  });
  if (errors.length > 0) throw ProblemException.invalidFields(errors);
}
