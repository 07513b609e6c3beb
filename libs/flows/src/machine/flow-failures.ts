/** Why a step or a flow came to nothing: `error.code` of its events; docs/errors.md is compared with it by a spec. */
export const FLOW_FAILURES = {
  application_timeout: 'The application gave no complete answer in time.',
  application_unreachable: 'The application could not be reached.',
  application_address_refused: 'The application is at an address that is not public.',
  application_status: 'The application answered with another status than 2xx.',
  application_answer_invalid: 'The answer of the application is not one; `errors` say where.',
  value_unfit: 'A variable does not have the form of the field that it stands in.',
  flow_not_active: 'There is no active flow of that name.',
  flow_unavailable: 'The store that has the flows did not answer.',
} as const satisfies Readonly<Record<string, string>>;

export type FlowFailureCode = keyof typeof FLOW_FAILURES;

/** What went wrong, in words that hold nothing of what was asked or answered. */
export interface FlowFailure {
  readonly code: FlowFailureCode;
  readonly detail: string;
  /** Places in an answer, by JSON pointer. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}
