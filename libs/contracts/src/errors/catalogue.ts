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
  forbidden: { http: 403, text: 'The API key has no scope for this.' },
  not_found: { http: 404, text: 'There is nothing at this address.' },
  call_not_found: { http: 404, text: 'There is no such call, or it ended too long ago.' },
  recording_not_found: { http: 404, text: 'There is no such recording, or its call ended too long ago.' },
  collect_not_found: { http: 404, text: 'The call has no such collection, or it ended too long ago.' },
  play_not_found: { http: 404, text: 'The call has no such play, or it ended too long ago.' },
  flow_not_found: { http: 404, text: 'There is no such flow, or no such version of it.' },
  conference_not_found: { http: 404, text: 'There is no such conference, or it ended too long ago.' },
  participant_not_found: { http: 404, text: 'The conference has no such participant.' },
  registration_not_found: { http: 404, text: 'Nobody is registered under this address-of-record.' },
  webhook_not_found: { http: 404, text: 'There is no such webhook.' },
  delivery_not_found: { http: 404, text: 'There is no such delivery, or it is no longer kept.' },
  media_server_not_found: { http: 404, text: 'There is no such media server.' },
  api_key_not_found: {
    http: 404,
    text: 'There is no such API key, or it is not one that was made over REST.',
  },
  media_not_found: { http: 404, text: 'The file of the recording is no longer there.' },
  method_not_allowed: { http: 405, text: 'The resource has no such operation.' },
  conflict: { http: 409, text: 'The resource is in a state that does not allow this.' },
  call_ended: { http: 409, text: 'The call has ended or is about to.' },
  call_not_waiting: { http: 409, text: 'The call does not ring at an application.' },
  call_bridged: { http: 409, text: 'The call has two parties already.' },
  call_not_anchored: { http: 409, text: 'The media of the call are not at the media server.' },
  call_busy: { http: 409, text: 'Something else about the call is being changed; try again.' },
  media_in_use: { http: 409, text: 'Media work of the call stands against this.' },
  call_not_connected: { http: 409, text: 'The parties of the call are not connected yet.' },
  leg_not_connected: { http: 409, text: 'The call has no such party, or it is not connected.' },
  media_work_pending: { http: 409, text: 'Too many plays and collections of the call wait already.' },
  party_not_registered: { http: 409, sip: 480, text: 'A party of the call is not registered.' },
  recording_ended: { http: 409, text: 'The recording has ended or is about to.' },
  recording_not_ended: { http: 409, text: 'The recording has not ended yet.' },
  recording_has_tracks: { http: 409, text: 'The media of the recording are those of its tracks.' },
  recording_not_completed: { http: 409, text: 'The recording has no finished file.' },
  flow_not_active: { http: 409, text: 'There is no flow of this name with an active version.' },
  flow_version_conflict: { http: 409, text: 'The flow has no such version, or another one comes next.' },
  too_many_flows: { http: 409, text: 'There are as many flows as may be.' },
  webhook_disabled: { http: 409, text: 'The webhook is disabled.' },
  limit_reached: { http: 409, text: 'There are as many of these as there may be.' },
  conference_ended: { http: 409, text: 'The conference has ended or is about to.' },
  conference_not_active: { http: 409, text: 'The conference has not started yet.' },
  conference_locked: { http: 409, text: 'The conference is locked: nobody else may come.' },
  conference_full: { http: 409, text: 'The conference has as many participants as it may have.' },
  conference_elsewhere: { http: 409, text: 'Another node has the conference.' },
  call_elsewhere: { http: 409, text: 'Another node has the call.' },
  participant_left: { http: 409, text: 'The participant has left.' },
  participant_not_coachable: { http: 409, text: 'Nobody who is there can be coached under this id.' },
  media_server_differs: { http: 409, text: 'The call is at another media server than the conference.' },
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
  rate_limited: { http: 429, text: 'The API key sent too many requests.' },
  internal_error: { http: 500, text: 'A fault in Legato; the log has the details under the same instance.' },
  media_server_refused: { http: 502, text: 'The media server refused the request; `msml` says why.' },
  no_media_server: { http: 503, sip: 503, text: 'No media server takes new work; try again.' },
  unavailable: { http: 503, sip: 503, text: 'The service can not do this at the moment; try again.' },
  owner_unreachable: {
    http: 503,
    text: 'The node that has the call or conference does not answer; try again with the same Idempotency-Key.',
  },
  store_unavailable: { http: 503, sip: 503, text: 'The store of the calls does not answer; try again.' },
  media_server_silent: { http: 504, text: 'The media server did not answer in time.' },
  shutting_down: { http: 503, sip: 503, text: 'This node is shutting down and takes no new work.' },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CATALOGUE, code);

export const catalogueEntry = (code: ErrorCode): CatalogueEntry => ERROR_CATALOGUE[code];

/** Why a recording has no file: `error.code` of a recording in state failed or absent. */
export const RECORDING_FAILURES = {
  media_unavailable: 'The call could not be moved to a media server.',
  media_server_refused: 'The media server refused a request.',
  outcome_unknown: 'The answer of the media server was lost, or has no result: it is not asked twice.',
  media_server_failed: 'The media server reported a failure.',
  media_server_lost: 'The media server let go of the call before it reported the outcome.',
  no_file: 'The media server reported the end of the recording, but no file.',
  stopped_before_start: 'The recording was stopped before it began.',
} as const satisfies Readonly<Record<string, string>>;
