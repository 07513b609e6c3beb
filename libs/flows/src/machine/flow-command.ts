import type { PromptSource } from '../document/prompt-source';
import type { StepOf } from '../document/step-schemas';
import type { FlowState } from './flow-state';

type Options<Type extends 'gather' | 'record'> = Omit<
  StepOf<Type>,
  'type' | 'next' | 'on' | 'into' | 'prompt' | 'what'
>;

/** What an application is told by a webhook step. */
export interface WebhookQuestion {
  readonly step: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly last: FlowState['last'];
}

/** What a step wants done; its outcome takes the flow on. Placeholders are filled. */
export type FlowCommand =
  | {
      readonly do: 'play';
      readonly sources: readonly PromptSource[];
      readonly loop?: number;
      readonly barge?: boolean;
    }
  | ({ readonly do: 'gather'; readonly prompt: readonly PromptSource[] } & Options<'gather'>)
  | ({ readonly do: 'record'; readonly what: 'message' | 'call' } & Options<'record'>)
  | { readonly do: 'dial'; readonly to: string; readonly timeout_s?: number }
  | { readonly do: 'conference'; readonly name: string; readonly muted?: boolean }
  | {
      readonly do: 'webhook';
      readonly url: string;
      readonly timeout_s?: number;
      readonly question: WebhookQuestion;
    };
