/** Steps that a document can hold. */
export const MAX_STEPS = 200;
/** Steps that one call takes before its flow is ended, unless the document says otherwise. */
export const USUAL_STEPS_TAKEN = 200;
export const MOST_STEPS_TAKEN = 10_000;
export const MAX_SOURCES = 32;
export const MAX_CASES = 32;
/** Variables that a document, or one answer of an application, can name. */
export const MAX_VARIABLES = 32;
/** Variables that the state of a flow can hold. */
export const MAX_VARIABLES_HELD = 64;
export const MAX_VALUE_CHARACTERS = 256;
/** Steps that an application can answer with at once. */
export const MAX_STEPS_ANSWERED = 32;
