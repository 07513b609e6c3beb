import { children, rawContent } from '../schema/content';
import { anyText } from '../schema/datatype';
import { iterations } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { XmlNode } from '../xml/xml-element';
import type { GrammarMatch } from './match';
import { match } from './match';

/** What a speaker may say (§9.10.1.1): by reference or as SRGS inside, which passes through as it is. */
export interface SpeechGrammar extends Extensible {
  uri?: string;
  iterate?: string;
  version?: string;
  root?: string;
  'xml:lang'?: string;
  match?: GrammarMatch[];
  content?: XmlNode[];
}

export const grammar = defineElement<SpeechGrammar>('grammar', '9.10.1.1', {
  uri: optional(anyText),
  iterate: optional(iterations),
  version: optional(anyText),
  root: optional(anyText),
  'xml:lang': optional(anyText),
  content: rawContent(),
  match: children(match),
});
