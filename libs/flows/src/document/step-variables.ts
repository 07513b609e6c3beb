import { placeholderIn } from './placeholder';
import type { PromptSource } from './prompt-source';
import type { Step, StepOf } from './step-schemas';

/** A variable that a step writes out where others can hear or read it. */
export interface VariableUse {
  readonly at: readonly (string | number)[];
  readonly variable: string;
}

export const isSensitive = (step: Step): step is StepOf<'gather'> =>
  step.type === 'gather' && step.sensitive === true;

function inValue(at: readonly (string | number)[], value: string): VariableUse[] {
  const variable = placeholderIn(value);
  return variable === undefined ? [] : [{ at, variable }];
}

const inSources = (member: string, sources: readonly PromptSource[]): VariableUse[] =>
  sources.flatMap((source, index) =>
    'say' in source ? inValue([member, index, 'say', 'value'], source.say.value) : [],
  );

/** Where a step has placeholders, or counts: those values become prompts, addresses and numbers. */
export function readNames(step: Step): VariableUse[] {
  switch (step.type) {
    case 'play':
      return inSources('sources', step.sources);
    case 'gather':
      return inSources('prompt', step.prompt ?? []);
    case 'say':
      return inValue(['value'], step.value);
    case 'dial':
      return inValue(['to'], step.to);
    case 'conference':
      return inValue(['name'], step.name);
    case 'set':
      return Object.keys(step.add ?? {}).map((variable) => ({ at: ['add', variable], variable }));
    default:
      return [];
  }
}
