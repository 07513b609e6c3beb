import { mixture } from '../schema/content';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { ExtensionElement } from '../schema/extension';
import type { ContentField } from '../schema/field';
import { elementsOf } from '../schema/field';
import type { DialogDisconnect } from './disconnect';
import { disconnect } from './disconnect';
import type { DialogExit } from './exit';
import { exit } from './exit';
import type { DialogSend } from './send';
import { send } from './send';

/** What a handler of a dialog can do. */
export type MomlAction = DialogSend | DialogExit | DialogDisconnect;

/** The definitions of the actions. */
export const actionDefinitions: readonly ElementDefinition[] = [send, exit, disconnect];

/** The actions directly inside an element. */
export const actionContent = (): ContentField<MomlAction[]> =>
  mixture(() => actionDefinitions, { always: true });

interface Handler {
  content: (MomlAction | ExtensionElement)[];
}

/** Defines an element that holds nothing but actions: the exit handlers and `detect`. */
export function defineHandler(name: string, section: string): ElementDefinition<Handler> {
  return defineElement<Handler>(name, section, {
    content: mixture(() => actionDefinitions, { always: true, open: true }),
  });
}

/** A handler as a property: the list of its actions. */
export function handler(definition: ElementDefinition<Handler>): ContentField<MomlAction[]> {
  return {
    kind: 'content',
    names: () => [definition.name],
    occurrence: { most: 1 },
    decode: (nodes, context) =>
      elementsOf(nodes).map((xml) => definition.decode(xml, context).content as MomlAction[])[0],
    encode: (content) => [definition.encode({ content })],
  };
}
