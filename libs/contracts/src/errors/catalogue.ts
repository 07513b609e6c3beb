/** What goes wrong, as clients see it. */
export interface CatalogueEntry {
  readonly http: number;
  /** The SIP status that goes with it where the cause lies on that side. */
  readonly sip?: number;
  /** One sentence that holds for every occurrence. */
  readonly text: string;
}

/** Every error code of the REST interface; docs/errors.md is compared with it by a spec. */
export const ERROR_CATALOGUE = {
  malformed_json: { http: 400, text: 'The body is not well-formed JSON.' },
  malformed_request: { http: 400, text: 'The request is not well-formed HTTP.' },
  unauthorized: { http: 401, text: 'The request carries no valid API key.' },
  not_found: { http: 404, text: 'There is nothing at this address.' },
  call_not_found: { http: 404, text: 'There is no such call, or it ended too long ago.' },
  recording_not_found: { http: 404, text: 'There is no such recording, or its call ended too long ago.' },
  registration_not_found: { http: 404, text: 'Nobody is registered under this address-of-record.' },
  media_not_found: { http: 404, text: 'The file of the recording is no longer there.' },
  method_not_allowed: { http: 405, text: 'The resource has no such operation.' },
  conflict: { http: 409, text: 'The resource is in a state that does not allow this.' },
  call_ended: { http: 409, text: 'The call has ended or is about to.' },
  call_not_connected: { http: 409, text: 'The parties of the call are not connected yet.' },
  party_not_registered: { http: 409, sip: 480, text: 'A party of the call is not registered.' },
  recording_not_completed: { http: 409, text: 'The recording has no finished file.' },
  idempotency_in_progress: {
    http: 409,
    text: 'The first request with this Idempotency-Key has not been answered yet.',
  },
  body_too_large: { http: 413, text: 'The body is larger than 64 KiB.' },
  unsupported_media_type: {
    http: 415,
    text: 'The body must be application/json in UTF-8, without an encoding.',
  },
  range_not_satisfiable: { http: 416, text: 'The range lies beyond the end of the file.' },
  misdirected_request: {
    http: 421,
    text: 'Without API keys, only requests to an IP address or to localhost are served.',
  },
  invalid_fields: { http: 422, text: 'One or more fields are not as they have to be; `errors` names each.' },
  idempotency_key_reused: { http: 422, text: 'The Idempotency-Key was used for another request.' },
  internal_error: { http: 500, text: 'A fault in Legato; the log has the details under the same instance.' },
  unavailable: { http: 503, sip: 503, text: 'The service can not do this at the moment; try again.' },
  store_unavailable: { http: 503, sip: 503, text: 'The store of the calls does not answer; try again.' },
  shutting_down: { http: 503, sip: 503, text: 'This node is shutting down and takes no new work.' },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CATALOGUE, code);

export const catalogueEntry = (code: ErrorCode): CatalogueEntry => ERROR_CATALOGUE[code];

/** Why a recording has no file: `error.code` of a recording in state failed or absent. */
export const RECORDING_FAILURES = {
  media_unavailable: 'The call could not be moved to a media server.',
  media_server_refused: 'The media server refused to start or stop the recording.',
  media_server_failed: 'The media server reported that the recording failed.',
  media_server_lost: 'The media server let go of the call before it reported the file.',
  no_file: 'The media server reported the end of the recording, but no file.',
  stopped_before_start: 'The recording was stopped before it began.',
} as const satisfies Readonly<Record<string, string>>;
