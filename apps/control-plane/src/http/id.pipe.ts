import type { ErrorCode } from '@legato/contracts';
import type { PipeTransform } from '@nestjs/common';
import { ProblemException } from './problem.exception';

/** Lets an id of the right form pass; any other names nothing, so it is a 404 that asks no store. */
export class IdPipe implements PipeTransform<string, string> {
  constructor(
    private readonly form: RegExp,
    private readonly code: ErrorCode,
  ) {}

  transform(id: string): string {
    if (this.form.test(id)) return id;
    throw new ProblemException(this.code);
  }
}
