/** What a client can do about a failure. */
export type MsmlRemedy =
  /** The request is wrong: the same one will fail again. */
  | 'correct the request'
  /** The object is gone: what ends it is done, what needs it has to make it again. */
  | 'object is gone'
  /** Another media server may carry it out. */
  | 'try another server'
  /** Trouble with a file or document outside the media server. */
  | 'check the document';

/** A failure of a media server, in the terms of SIP and HTTP. */
export interface MsmlError {
  /** Stable name for programs. */
  readonly code: string;
  readonly sipStatus: number;
  readonly httpStatus: number;
  readonly remedy: MsmlRemedy;
}

const wrongRequest: MsmlError = {
  code: 'msml_request_refused',
  sipStatus: 500,
  httpStatus: 502,
  remedy: 'correct the request',
};
const unsupported: MsmlError = {
  code: 'msml_not_supported',
  sipStatus: 501,
  httpStatus: 501,
  remedy: 'try another server',
};
const document: MsmlError = {
  code: 'msml_document_failed',
  sipStatus: 500,
  httpStatus: 424,
  remedy: 'check the document',
};
const gone: MsmlError = {
  code: 'msml_object_gone',
  sipStatus: 481,
  httpStatus: 404,
  remedy: 'object is gone',
};
const nameInUse: MsmlError = {
  code: 'msml_name_in_use',
  sipStatus: 500,
  httpStatus: 409,
  remedy: 'correct the request',
};
const incompatible: MsmlError = {
  code: 'msml_media_incompatible',
  sipStatus: 488,
  httpStatus: 409,
  remedy: 'correct the request',
};
const overloaded: MsmlError = {
  code: 'media_server_unavailable',
  sipStatus: 503,
  httpStatus: 503,
  remedy: 'try another server',
};
const broken: MsmlError = {
  code: 'media_server_failed',
  sipStatus: 500,
  httpStatus: 502,
  remedy: 'try another server',
};

const BY_CODE: ReadonlyMap<string, MsmlError> = new Map([
  ...['402', '407', '420', '421'].map((code): [string, MsmlError] => [code, unsupported]),
  // 423 and 434 have one meaning; a media server was seen to report a missing file as 410 of a dialog's exit.
  ...['423', '424', '425', '426', '434'].map((code): [string, MsmlError] => [code, document]),
  ['430', gone],
  ...['431', '432'].map((code): [string, MsmlError] => [code, nameInUse]),
  ...['440', '441', '450', '451'].map((code): [string, MsmlError] => [code, incompatible]),
  ...['444', '503', '510', '511', '520', '521'].map((code): [string, MsmlError] => [code, overloaded]),
]);

/** What the MSML response code `code` (§11) means to those who speak SIP or HTTP; undefined for success. */
export function msmlErrorOf(code: string): MsmlError | undefined {
  if (code.startsWith('2')) return undefined;
  return BY_CODE.get(code) ?? (code.startsWith('4') ? wrongRequest : broken);
}

/**
 * Whether the answer to destroyconference, dialogend or unjoin means that the object is no more: success, or 430; and 500, which a
 * media server answers when the object ended by itself at the same moment.
 */
export function isGone(outcome: { ok: boolean; sipStatus: number; response?: string }): boolean {
  if (outcome.ok) return true;
  if (outcome.sipStatus === 481) return true;
  return outcome.sipStatus === 200 && (outcome.response === '430' || outcome.response === '500');
}
