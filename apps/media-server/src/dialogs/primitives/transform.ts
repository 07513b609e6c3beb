import type { AudioTransformer, StreamShape } from '@legato/media';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';
import type { MomlTransformer } from '../transformer-shape';

const DEFAULT_STEP_DB = 3;
const MOST_DB = 96;
const AMOUNT_EVENT = 'amt.';
const AMOUNT = /^[+-]?\d{1,3}$/;

type Handlers = Readonly<Record<string, (event: string, values?: string) => void>>;

const clampDb = (db: number): number => Math.max(-MOST_DB, Math.min(MOST_DB, db));

/** Changes audio that passes, until it is terminated (RFC 5707 §9.9.2 to §9.9.6). */
export class TransformPrimitive implements Primitive {
  readonly kind: MomlTransformer['element'];
  readonly id: string | undefined;
  private readonly transformer: AudioTransformer | undefined;
  /** What unmute goes back to. */
  private audible: StreamShape;
  private detach: (() => void) | undefined;

  constructor(
    private readonly element: MomlTransformer,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.kind = element.element;
    this.id = element.id;
    this.transformer = scope.flow.transformerOf(element);
    const shape = this.transformer?.shape ?? {};
    this.audible = shape.gain === 'mute' ? {} : shape;
  }

  start(): void {
    this.detach = this.scope.attach(this.element);
  }

  receiveEvent(event: string, values?: string): void {
    longestMatch(this.handlers, event)?.(event, values);
  }

  private get handlers(): Handlers {
    const terminate = (): void => this.finish();
    if (this.element.element === 'clamp' || this.element.element === 'relay') return { terminate };
    const mutes = {
      mute: () => this.mute(),
      unmute: () => this.shape(this.audible),
    };
    return { terminate, ...mutes, ...(this.element.element === 'gain' ? this.gainHandlers : {}) };
  }

  private readonly gainHandlers: Handlers = {
    reset: () => this.amplify(0),
    louder: () => this.amplify(this.gainDb + this.stepDb),
    softer: () => this.amplify(this.gainDb - this.stepDb),
    amt: (event, values) => this.setAmount(values ?? event.slice(AMOUNT_EVENT.length)),
  };

  private get gainDb(): number {
    return typeof this.audible.gain === 'number' ? this.audible.gain : 0;
  }

  private get stepDb(): number {
    return this.element.element === 'gain' ? Number(this.element.incr ?? DEFAULT_STEP_DB) : 0;
  }

  /** The amount is a value of the send of a client; a send within the dialog has none, and says `amt.-6`. */
  private setAmount(text: string): void {
    if (AMOUNT.test(text.trim())) this.amplify(Number(text));
  }

  private amplify(db: number): void {
    const isMuted = this.transformer?.shape.gain === 'mute';
    this.audible = { gain: clampDb(db) };
    if (!isMuted) this.shape(this.audible);
  }

  private mute(): void {
    this.shape({ ...this.audible, gain: 'mute' });
  }

  private shape(shape: StreamShape): void {
    if (this.transformer) this.transformer.shape = shape;
  }

  /** One that has ended puts nothing out any more. */
  private finish(): void {
    this.mute();
    this.detach?.();
    this.end();
  }
}
