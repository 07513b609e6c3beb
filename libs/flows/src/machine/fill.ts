import { placeholderIn } from '../document/placeholder';
import type { PromptSource } from '../document/prompt-source';
import type { SpokenAs } from '../document/spoken-values';
import { isSpoken } from '../document/spoken-values';

type Variables = Readonly<Record<string, string>>;

/** The value of a variable; undefined when it has none. */
export const valueOf = (variables: Variables, name: string): string | undefined =>
  Object.hasOwn(variables, name) ? variables[name] : undefined;

/** A typed field with its placeholder filled; undefined when the value does not have the form of the field. */
export function fill(
  field: string,
  variables: Variables,
  fits: (value: string) => boolean,
): string | undefined {
  const variable = placeholderIn(field);
  const value = variable === undefined ? field : valueOf(variables, variable);
  return value !== undefined && fits(value) ? value : undefined;
}

export const fillSpoken = (as: SpokenAs, value: string, variables: Variables): string | undefined =>
  fill(value, variables, (filled) => isSpoken(as, filled));

/** Prompts with their placeholders filled; undefined when one does not fit. */
export function fillSources(
  sources: readonly PromptSource[],
  variables: Variables,
): readonly PromptSource[] | undefined {
  const filled: PromptSource[] = [];
  for (const source of sources) {
    if (!('say' in source)) {
      filled.push(source);
      continue;
    }
    const value = fillSpoken(source.say.as, source.say.value, variables);
    if (value === undefined) return undefined;
    filled.push({ say: { ...source.say, value } });
  }
  return filled;
}
