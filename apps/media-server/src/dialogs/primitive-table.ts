import type { MomlGroup, MomlPrimitive } from '@legato/msml';
import type { DialogScope, EndPrimitive, Primitive } from './primitive';
import { CollectPrimitive } from './primitives/collect';
import { DtmfGenPrimitive } from './primitives/dtmfgen';
import { GroupPrimitive } from './primitives/group';
import { PlayPrimitive } from './primitives/play';
import { RecordPrimitive } from './primitives/record';
import { ToneGenPrimitive } from './primitives/tonegen';
import { TransformPrimitive } from './primitives/transform';
import { isTransformer } from './transformer-shape';
import { VadPrimitive } from './primitives/vad';

/** The primitive that an element asks for; undefined for one that is not served (402, refused before). */
export function createPrimitive(
  element: MomlPrimitive | MomlGroup,
  scope: DialogScope,
  end: EndPrimitive,
): Primitive | undefined {
  if (isTransformer(element)) return new TransformPrimitive(element, scope, end);
  switch (element.element) {
    case 'play':
      return new PlayPrimitive(element, scope, end);
    case 'record':
      return new RecordPrimitive(element, scope, end);
    case 'collect':
    case 'dtmf':
      return new CollectPrimitive(element, scope, end);
    case 'dtmfgen':
      return new DtmfGenPrimitive(element, scope, end);
    case 'tonegen':
      return new ToneGenPrimitive(element, scope, end);
    case 'group':
      return new GroupPrimitive(element, scope, end);
    case 'vad':
      return new VadPrimitive(element, scope, end);
    default:
      return undefined;
  }
}
