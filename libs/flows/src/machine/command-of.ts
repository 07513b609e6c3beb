import type { Step, StepOf } from '../document/step-schemas';
import { DIALED_URI, ROOM_NAME } from '../document/step-schemas';
import { fill, fillSources, fillSpoken, valueOf } from './fill';
import type { FlowCommand } from './flow-command';
import type { FlowState, Secrets } from './flow-state';

/** A step whose outcome has to be waited for. */
type AskingStep = Exclude<Step, StepOf<'branch' | 'set' | 'flow' | 'reject' | 'hangup'>>;

/** What of a flow under way a step may use. */
interface Sight {
  readonly state: FlowState;
  readonly secrets: Secrets;
}

type Builder<Type extends AskingStep['type']> = (step: StepOf<Type>, sight: Sight) => FlowCommand | undefined;

/** Only what is there: a member that is undefined is told apart from one that is missing. */
const present = <const Members extends object>(members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;

/** Members that say where a step leads, and are no options of what it wants done. */
const ABOUT_THE_WAY = ['type', 'next', 'on', 'into', 'prompt', 'what'] as const;

function options<S extends object>(step: S): Omit<S, (typeof ABOUT_THE_WAY)[number]> {
  const kept = Object.entries(step).filter(([name]) => !(ABOUT_THE_WAY as readonly string[]).includes(name));
  return Object.fromEntries(kept) as Omit<S, (typeof ABOUT_THE_WAY)[number]>;
}

const BUILDERS: { readonly [Type in AskingStep['type']]: Builder<Type> } = {
  play: (step, { state }) => {
    const sources = fillSources(step.sources, state.variables);
    return sources && present({ do: 'play', sources, loop: step.loop, barge: step.barge });
  },
  say: (step, { state }) => {
    const value = fillSpoken(step.as, step.value, state.variables);
    if (value === undefined) return undefined;
    const spoken = present({ as: step.as, value, language: step.language });
    return present({ do: 'play', sources: [{ say: spoken }], barge: step.barge });
  },
  gather: (step, { state }) => {
    const prompt = fillSources(step.prompt ?? [], state.variables);
    return prompt && { do: 'gather', prompt, ...options(step) };
  },
  record: (step) => ({ do: 'record', what: step.what ?? 'message', ...options(step) }),
  dial: (step, { state }) => {
    const to = fill(step.to, state.variables, (uri) => DIALED_URI.test(uri));
    return to === undefined ? undefined : present({ do: 'dial', to, timeout_s: step.timeout_s });
  },
  conference: (step, { state }) => {
    const name = fill(step.name, state.variables, (given) => ROOM_NAME.test(given));
    return name === undefined ? undefined : present({ do: 'conference', name, muted: step.muted });
  },
  webhook: (step, sight) => {
    const { step: name, last, redirected = {} } = sight.state;
    const question = { step: name, variables: told(step, sight), last };
    const url = valueOf(redirected, name) ?? step.url;
    return present({ do: 'webhook', url, timeout_s: step.timeout_s, question });
  },
  redirect: ({ url, timeout_s }, { state: { step, variables, last } }) => {
    const question = { step, variables: { ...variables }, last };
    return present({ do: 'webhook', url, timeout_s, question });
  },
};

/** What the step under way wants done, or undefined when a variable does not fit the field that it is for. */
export const commandOf = (step: AskingStep, sight: Sight): FlowCommand | undefined =>
  (BUILDERS[step.type] as Builder<AskingStep['type']>)(step, sight);

/** Sensitive variables are told to an application that the step names them for, and to no other. */
function told({ send }: StepOf<'webhook'>, { state, secrets }: Sight): Record<string, string> {
  if (!send) return { ...state.variables };
  const named = send.map((name) => [name, valueOf(secrets, name) ?? valueOf(state.variables, name)] as const);
  return Object.fromEntries(named.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
