import type { MomlGroup, MomlPrimitive } from '@legato/msml';
import { longestMatch } from '../longest-match';
import type { DialogScope, EndPrimitive, Primitive } from '../primitive';

/**
 * Runs its children together and ends when all of them have ended (RFC 5707 §9.8.1). What its topology says of the flow of media is for its
 * transformers; everything else works on the target.
 */
export class GroupPrimitive implements Primitive {
  readonly kind = 'group';
  readonly id: string | undefined;
  private readonly slots: { running?: Primitive }[] = [];
  private pending = 0;
  private detach: (() => void) | undefined;

  constructor(
    private readonly element: MomlGroup,
    private readonly scope: DialogScope,
    private readonly end: EndPrimitive,
  ) {
    this.id = element.id;
  }

  start(): void {
    const children = this.element.content.filter((child) => child.element !== 'extension');
    this.pending = children.length;
    this.detach = this.scope.attach(this.element);
    if (this.pending === 0) this.finish();
    for (const child of children) this.runChild(child);
  }

  receiveEvent(event: string): void {
    longestMatch({ terminate: () => this.terminate(event) }, event)?.();
  }

  private runChild(child: MomlPrimitive | MomlGroup): void {
    const slot: { running?: Primitive } = {};
    this.slots.push(slot);
    slot.running = this.scope.run(child, () => {
      slot.running = undefined;
      this.pending -= 1;
      if (this.pending === 0) this.finish();
    });
  }

  private finish(): void {
    this.detach?.();
    this.end(this.element.groupexit);
  }

  private terminate(event: string): void {
    for (const { running } of this.slots) running?.receiveEvent(event);
  }
}
