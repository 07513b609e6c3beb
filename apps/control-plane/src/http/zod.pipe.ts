import { fieldErrors } from '@legato/contracts';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { ProblemException } from './problem.exception';

/** Validates a body or query; what does not fit is a 422 that names each field. A body that is not there is `{}`. */
export class ZodPipe<Schema extends z.ZodType> implements PipeTransform<unknown, z.infer<Schema>> {
  constructor(
    private readonly schema: Schema,
    private readonly location: 'body' | 'query',
  ) {}

  transform(value: unknown): z.infer<Schema> {
    const parsed = this.schema.safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    throw ProblemException.invalidFields(fieldErrors(parsed.error, this.location));
  }
}
