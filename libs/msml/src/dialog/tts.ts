import { rawContent } from '../schema/content';
import { anyText } from '../schema/datatype';
import { iterations } from '../schema/datatypes';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { optional } from '../schema/field';
import type { XmlNode } from '../xml/xml-element';

/** Text that is spoken (§9.10.2.1): by reference, or as text or SSML inside, which passes through as it is. */
export interface PlaySpeech extends Extensible {
  uri?: string;
  iterate?: string;
  'xml:lang'?: string;
  content?: XmlNode[];
}

export const tts = defineElement<PlaySpeech>('tts', '9.10.2.1', {
  uri: optional(anyText),
  iterate: optional(iterations),
  'xml:lang': optional(anyText),
  content: rawContent(),
});
