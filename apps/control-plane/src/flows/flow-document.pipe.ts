import { checkFlow } from '@legato/flows';
import type { FlowDocument } from '@legato/flows';
import type { PipeTransform } from '@nestjs/common';
import { ProblemException } from '../http/problem.exception';

/** A body that is a flow document; what is wrong with it is a 422 with a JSON pointer for each place. */
export class FlowDocumentPipe implements PipeTransform<unknown, FlowDocument> {
  transform(body: unknown): FlowDocument {
    const checked = checkFlow(body);
    if (checked.ok) return checked.value;
    throw ProblemException.invalidFields([...checked.error]);
  }
}
