import type { Primitive, PrimitiveKind } from './primitive';

/** What a send can address (RFC 5707 §9.6.3); `collect` and `dtmf` are two names of one thing (§9.7.5). */
const KINDS: Readonly<Record<string, PrimitiveKind>> = {
  play: 'play',
  record: 'record',
  dtmf: 'dtmf',
  collect: 'dtmf',
  dtmfgen: 'dtmfgen',
  tonegen: 'tonegen',
  group: 'group',
  vad: 'vad',
  gain: 'gain',
  agc: 'agc',
  gate: 'gate',
  clamp: 'clamp',
  relay: 'relay',
};

/** What an audit can say of a dialog (§10.4.2). */
const AUDITED: readonly PrimitiveKind[] = ['play', 'dtmf', 'dtmfgen', 'tonegen', 'record'];

/** A target inside of the dialog, with or without the id of a primitive. */
export interface InnerTarget {
  readonly kind: PrimitiveKind;
  readonly id?: string;
}

/** `play` or `play.intro` of a send; undefined for what is meant for the world outside. */
export function innerTarget(target: string): InnerTarget | undefined {
  const dot = target.indexOf('.');
  const name = dot < 0 ? target : target.slice(0, dot);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) return undefined;
  return dot < 0 ? { kind } : { kind, id: target.slice(dot + 1) };
}

/** The primitives and groups of a dialog that run: only they receive events (§9.8). */
export class ActivePrimitives {
  private readonly running = new Set<Primitive>();

  add(primitive: Primitive): void {
    this.running.add(primitive);
  }

  remove(primitive: Primitive): void {
    this.running.delete(primitive);
  }

  /** Those that a target means; of a group without an id the innermost one, "the currently executing group". */
  find({ kind, id }: InnerTarget): Primitive[] {
    const found = [...this.running].filter(
      (primitive) => primitive.kind === kind && (id === undefined || primitive.id === id),
    );
    return kind === 'group' && id === undefined ? found.slice(-1) : found;
  }

  /** The kind of what runs, for audits (§10.4.2): the latest that audits have a word for. */
  get current(): PrimitiveKind | undefined {
    return [...this.running].findLast(({ kind }) => AUDITED.includes(kind))?.kind;
  }
}
