import type { ErrorCode, FieldError, ProblemDetails } from '@legato/contracts';
import { catalogueEntry } from '@legato/contracts';

/** Thrown on the way of a request: it is answered with this entry of the error catalogue. */
export class ProblemException extends Error {
  override readonly name = 'ProblemException';

  constructor(
    readonly code: ErrorCode,
    readonly details: ProblemDetails = {},
    /** Header fields of the response, such as `Allow`. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(details.detail ?? catalogueEntry(code).text);
  }

  /** 422 that names what is wrong field by field. */
  static invalidFields(errors: FieldError[]): ProblemException {
    return new ProblemException('invalid_fields', { errors });
  }
}
