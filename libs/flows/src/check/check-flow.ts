import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { flowDocument } from '../document/flow-document';
import type { FlowDocument } from '../document/flow-document';
import { isSensitive, readNames } from '../document/step-variables';
import { asksApplication, endsWell, isInstant, waysOf } from '../document/step-ways';
import type { Step } from '../document/step-schemas';
import type { FlowError } from './flow-errors';
import { bounded, formErrors, pointerTo } from './flow-errors';
import { closure, onCycles } from './reach';

type Steps = FlowDocument['steps'];

const has = (steps: Steps, name: string): boolean => Object.hasOwn(steps, name);

/**
 * Reads a flow document: its form, then whether every step that is named is there, every step can be reached, no loop goes
 * on for ever, and nothing that is sensitive is spoken. Never throws; the errors say where, by JSON pointer.
 */
export function checkFlow(input: unknown): Result<FlowDocument, readonly FlowError[]> {
  const formed = flowDocument.safeParse(input);
  if (!formed.success) return err(formErrors(formed.error));
  const document = formed.data;
  const missing = missingSteps(document);
  const errors = missing.length > 0 ? missing : [...stranded(document), ...endless(document)];
  const all = [...errors, ...exposed(document.steps)];
  return all.length > 0 ? err(bounded(all)) : ok(document);
}

function missingSteps({ start, steps }: FlowDocument): FlowError[] {
  const named = Object.entries(steps).flatMap(([name, step]) => [
    ...waysOf(step).map(({ at, to }) => ({ path: ['steps', name, ...at], to })),
    ...(step.type === 'branch' && step.outcome_of !== undefined
      ? [{ path: ['steps', name, 'outcome_of'], to: step.outcome_of }]
      : []),
  ]);
  return [{ path: ['start'], to: start }, ...named]
    .filter(({ to }) => !has(steps, to))
    .map(({ path, to }) => ({ pointer: pointerTo(path), detail: `there is no step ${to}` }));
}

const targets = (step: Step | undefined): string[] => (step ? waysOf(step).map(({ to }) => to) : []);

/** An application may name any step, so all may be reached where one is asked. */
const mayGoAnywhere = (steps: Steps): boolean => Object.values(steps).some(asksApplication);

function stranded({ start, steps }: FlowDocument): FlowError[] {
  const reached = closure([start], (name) => targets(steps[name]));
  if (mayGoAnywhere(Object.fromEntries([...reached].map((name) => [name, steps[name] as Step])))) return [];
  return Object.keys(steps)
    .filter((name) => !reached.has(name))
    .map((name) => ({ pointer: pointerTo(['steps', name]), detail: 'no step leads here' }));
}

/** Loops that no outcome leaves, unless the author bounds them, and loops that never wait for anything. */
function endless({ steps, max_steps }: FlowDocument): FlowError[] {
  const spinning = onCycles(
    Object.keys(steps).filter((name) => isInstant(steps[name] as Step)),
    (name) => targets(steps[name]).filter((to) => isInstant(steps[to] as Step)),
  );
  const spins = [...spinning].map((name) => ({
    pointer: pointerTo(['steps', name]),
    detail: 'is in a loop that waits for nothing',
  }));
  return max_steps === undefined ? [...spins, ...withoutExit(steps)] : spins;
}

function withoutExit(steps: Steps): FlowError[] {
  const names = Object.keys(steps);
  const before = new Map(names.map((name) => [name, [] as string[]]));
  for (const name of names) for (const to of targets(steps[name])) before.get(to)?.push(name);
  const ends = names.filter((name) => endsWell(steps[name] as Step) || asksApplication(steps[name] as Step));
  const leaving = closure(ends, (name) => before.get(name) ?? []);
  return names
    .filter((name) => !leaving.has(name))
    .map((name) => ({
      pointer: pointerTo(['steps', name]),
      detail: 'is in a loop without an exit, or leads to one: add an exit, or max_steps',
    }));
}

/** Sensitive digits may be compared and sent to an application that is named for it; nobody else hears of them. */
function exposed(steps: Steps): FlowError[] {
  const all = Object.entries(steps);
  const secret = new Set(all.flatMap(([, step]) => (isSensitive(step) ? [step.into ?? 'digits'] : [])));
  return all.flatMap(([name, step]) =>
    readNames(step)
      .filter(({ variable }) => secret.has(variable))
      .map(({ at, variable }) => ({
        pointer: pointerTo(['steps', name, ...at]),
        detail: `${variable} is sensitive: it can be compared or sent to a webhook only`,
      })),
  );
}
