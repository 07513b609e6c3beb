import type { MsmlOperation, MsmlResult } from '@legato/msml';
import { decodeMsml } from '@legato/msml';
import { availableDialogs } from '../conferences/reservations';
import { deleteDeserted } from '../conferences/delete-conference';
import type { ControlContext } from '../objects/control-context';
import type { EventSink } from '../objects/event-sink';
import type { RequestScope } from './executor';
import { checkOperation, executeOperation } from './operation-table';
import type { Refusal } from './refusal';
import { firstRefusal, refuse } from './refusal';

/** Where a request comes from, and how it is read. */
export interface MsmlSource {
  readonly origin: EventSink;
  readonly mode: 'strict' | 'lenient';
}

/** Carries out MSML requests, whichever SIP dialog they come on (RFC 5707 §5). */
export class Interpreter {
  constructor(private readonly context: ControlContext) {}

  /** The whole request is checked first; then its operations run in order, up to the first that fails. Never throws. */
  execute(body: Uint8Array, { origin, mode }: MsmlSource): MsmlResult {
    const decoded = decodeMsml(body, { mode });
    if (!decoded.ok) return resultOf(decoded.error);
    if (decoded.value.kind !== 'request')
      return resultOf(refuse('400', `this is no request but ${decoded.value.kind}`));
    const { operations } = decoded.value;
    const refusal = this.check(operations);
    return refusal ? resultOf(refusal) : this.run(operations, origin);
  }

  private check(operations: readonly MsmlOperation[]): Refusal | undefined {
    return (
      firstRefusal(operations, (operation) => checkOperation(operation, this.context)) ??
      this.checkResources(operations)
    );
  }

  /** All of it, or nothing is begun (§5). */
  private checkResources(operations: readonly MsmlOperation[]): Refusal | undefined {
    const { limits, conferences } = this.context;
    const wanted = (element: string): number =>
      operations.filter((operation) => operation.element === element).length;
    if (wanted('createconference') > limits.conferences - conferences.size)
      return refuse('520', 'no room for a conference');
    const starts = operations.filter((operation) => operation.element === 'dialogstart');
    return firstRefusal(starts, ({ target }) =>
      starts.length > availableDialogs(this.context, target)
        ? refuse('520', 'no room for a dialog')
        : undefined,
    );
  }

  private run(operations: readonly MsmlOperation[], origin: EventSink): MsmlResult {
    const scope: RequestScope = {
      context: this.context,
      origin,
      confIds: [],
      dialogIds: [],
      auditResults: [],
    };
    let mark: string | undefined;
    let refusal: Refusal | undefined;
    for (const operation of operations) {
      refusal = this.attempt(operation, scope);
      if (refusal) break;
      if (operation.element !== 'extension') mark = operation.mark ?? mark;
    }
    // Whoever is moved from one conference to another within a request does not desert it in between.
    deleteDeserted(this.context);
    const { confIds, dialogIds, auditResults } = scope;
    return {
      response: refusal?.response ?? '200',
      ...(mark === undefined ? {} : { mark }),
      ...(refusal ? { description: refusal.description } : {}),
      confIds,
      dialogIds,
      ...(auditResults.length > 0 ? { auditResults } : {}),
    };
  }

  private attempt(operation: MsmlOperation, scope: RequestScope): Refusal | undefined {
    try {
      return executeOperation(operation, scope);
    } catch (error) {
      this.context.log.error('MSML operation failed', { operation: operation.element, error });
      return refuse('500', operation.element);
    }
  }
}

const resultOf = ({ response, description }: { response: string; description: string }): MsmlResult => ({
  response,
  description,
  confIds: [],
  dialogIds: [],
});
