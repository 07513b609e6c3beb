import type { MsmlOperation } from '../core/operations';
import type { MomlElement } from '../dialog/dialogstart';

/**
 * The operations with those values written out whose defaults the RFC's text, its schema and the media servers disagree on: the
 * language of a dialog (§9.6.1), when a conference is deleted (§8.3), barge and cleardb of a play (§9.7.1).
 */
export function explicitOperations(operations: readonly MsmlOperation[]): MsmlOperation[] {
  return operations.map(explicitOperation);
}

function explicitOperation(operation: MsmlOperation): MsmlOperation {
  if (operation.element === 'createconference') return { deletewhen: 'nomedia', ...definedOf(operation) };
  if (operation.element !== 'dialogstart') return operation;
  return {
    type: 'application/moml+xml',
    ...definedOf(operation),
    content: operation.content.map(explicitStep),
  };
}

function explicitStep<T extends MomlElement>(step: T): T {
  if (step.element === 'play') return { barge: false, cleardb: false, ...definedOf(step) };
  if (step.element === 'group' || step.element === 'moml')
    return { ...step, content: step.content.map(explicitStep) };
  if (step.element === 'record' || step.element === 'collect' || step.element === 'dtmf') {
    const { play } = step;
    return play ? { ...step, play: play.map(explicitStep) } : step;
  }
  return step;
}

/** Without properties that are there but undefined: they would hide a default. */
function definedOf<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, property]) => property !== undefined)) as T;
}
