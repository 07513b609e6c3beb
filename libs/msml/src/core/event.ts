import { eventName } from '../schema/datatypes';
import type { DecodeContext } from '../schema/decode-context';
import type { ElementDefinition } from '../schema/element-definition';
import { defineElement } from '../schema/element-definition';
import type { Extensible } from '../schema/extension';
import { mandatory } from '../schema/field';
import { eventSource } from '../schema/identifier-types';
import type { ContentField } from '../schema/field';
import { elementsOf } from '../schema/field';
import type { XmlElement } from '../xml/xml-element';
import { textOf } from '../xml/xml-element';

/** An item of an event, a shadow variable of a dialog and its value. */
export interface NameValue {
  name: string;
  value: string;
}

/** What a media server notifies (§7.4): items keep their order, and a name may come more than once (msml.conf.asn). */
export interface MsmlEvent extends Extensible {
  name: string;
  /** The conference or dialog that caused it. */
  id: string;
  values: NameValue[];
}

/** `name` and `value` take turns; a name without a value is an empty one, a value without a name is a fault. */
const items: ContentField<NameValue[]> = {
  kind: 'content',
  names: () => ['name', 'value'],
  occurrence: {},
  decode: (nodes, context) => pairs(elementsOf(nodes), context),
  encode: (values) =>
    values.flatMap(({ name, value }) => [textElement('name', name), textElement('value', value)]),
};

function pairs(elements: readonly XmlElement[], context: DecodeContext): NameValue[] {
  const read: NameValue[] = [];
  let open: NameValue | undefined;
  for (const element of elements) {
    if (element.name === 'name') {
      open = { name: textOf(element).trim(), value: '' };
      read.push(open);
    } else if (open) {
      open.value = textOf(element);
      open = undefined;
    } else {
      context.fail('405', 'event has a value without a name');
    }
  }
  return read;
}

function textElement(name: string, text: string): XmlElement {
  return { name, attributes: [], children: text === '' ? [] : [text] };
}

export const event: ElementDefinition<MsmlEvent> = defineElement<MsmlEvent>('event', '7.4', {
  name: mandatory(eventName),
  id: mandatory(eventSource),
  values: items,
});
