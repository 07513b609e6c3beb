import type { TransformPlace, Transformer } from '@legato/media';
import { AudioTransformer, inParallel, inSerial } from '@legato/media';
import type { DialogStep, MomlGroup } from '@legato/msml';
import { shapeOf } from './transformer-shape';

type Child = MomlGroup['content'][number];
type Fullduplex = MomlGroup & { readonly topology: 'fullduplex' };

/** Where the output of a dialog's outermost step goes. */
export interface Outlet {
  readonly place: TransformPlace;
  readonly transformer: Transformer;
}

/**
 * How audio flows through the transformers of a dialog (RFC 5707 §9.8): groups say what follows what. What a one-dimensional group or a
 * transformer puts out goes back to the target, the halves of a full-duplex group stand in the two directions of the target's streams.
 */
export class MediaFlow {
  private readonly leaves = new Map<Child, AudioTransformer>();
  private readonly chains = new Map<Child, Transformer>();
  private readonly outlets = new Map<DialogStep, readonly Outlet[]>();

  constructor(steps: readonly DialogStep[]) {
    for (const step of steps) this.outlets.set(step, this.outletsOf(step));
  }

  /** The transformer that an element is; undefined when it is none. */
  transformerOf(element: Child): AudioTransformer | undefined {
    return this.leaves.get(element);
  }

  /** What lies before a recording, or behind something that is played; undefined when nothing does. */
  chainOf(element: Child): Transformer | undefined {
    return this.chains.get(element);
  }

  /** Where the outermost steps put their audio; none for all other elements. */
  outletsFrom(element: Child): readonly Outlet[] {
    return this.outlets.get(element) ?? [];
  }

  private outletsOf(step: DialogStep): readonly Outlet[] {
    if (step.element === 'group' && step.topology === 'fullduplex') return this.halvesOf(step as Fullduplex);
    const transformer = isFlowElement(step) ? this.outputOf(step) : undefined;
    return transformer ? [{ place: 'returned', transformer }] : [];
  }

  /** A half that puts nothing out lets nothing pass. */
  private halvesOf({ content }: Fullduplex): readonly Outlet[] {
    const halves = content.filter((child) => child.element !== 'extension');
    return (['said', 'heard'] as const).map((place, at) => {
      const half = halves[at];
      return { place, transformer: (half && this.outputOf(half)) ?? inParallel([]) };
    });
  }

  /** What comes out of an element; undefined when it has no output, or one that goes to the target anyway. */
  private outputOf(element: Child): Transformer | undefined {
    if (element.element === 'group') {
      return element.topology === 'serial' ? this.serial(element) : this.parallel(element);
    }
    const shape = shapeOf(element);
    if (!shape) return undefined;
    const transformer = new AudioTransformer(shape);
    this.leaves.set(element, transformer);
    return transformer;
  }

  private parallel({ content }: MomlGroup): Transformer | undefined {
    const outputs = content.map((child) => this.outputOf(child)).filter((output) => output !== undefined);
    return outputs.length > 0 ? inParallel(outputs) : undefined;
  }

  /** Recognizers hear the target; what lies before a recording leads into it, what lies behind a source leads from it to the target. */
  private serial({ content }: MomlGroup): Transformer | undefined {
    let source: Child | undefined;
    let passed: Transformer[] = [];
    for (const child of content) {
      const output = this.outputOf(child);
      if (output) passed.push(output);
      else if (child.element === 'play' || child.element === 'tonegen') {
        source = child;
        passed = [];
      } else if (child.element === 'record') {
        this.lead(child, passed);
        passed = [];
      }
    }
    if (source) this.lead(source, passed);
    return source === undefined && passed.length > 0 ? inSerial(passed) : undefined;
  }

  private lead(child: Child, passed: readonly Transformer[]): void {
    if (passed.length > 0) this.chains.set(child, inSerial(passed));
  }
}

const ACTIONS: readonly string[] = ['send', 'exit', 'disconnect'];
const isFlowElement = (step: DialogStep): step is Extract<DialogStep, Child> =>
  !ACTIONS.includes(step.element);
