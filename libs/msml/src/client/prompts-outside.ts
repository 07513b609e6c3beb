import type { MsmlOperation } from '../core/operations';
import type { MomlCollect } from '../dialog/collect';
import type { MomlElement } from '../dialog/dialogstart';
import type { MomlPlay } from '../dialog/play';

/**
 * The operations for a media server that takes no prompt inside collect and record: the prompt of a collection plays beside it in a
 * group, and starts its timer when it ends (RFC 5707 §9.8, §13.5); that of a recording plays before it.
 */
export function promptsOutside(operations: readonly MsmlOperation[]): MsmlOperation[] {
  return operations.map((operation) =>
    operation.element === 'dialogstart'
      ? { ...operation, content: operation.content.flatMap(outside) }
      : operation,
  );
}

function outside(step: MomlElement): MomlElement[] {
  if (step.element === 'collect' || step.element === 'dtmf') return besideCollect(step);
  if (step.element !== 'record' || !step.play) return [step];
  const { play, ...record } = step;
  return [...play, record];
}

function besideCollect({ play = [], ...collect }: MomlCollect): MomlElement[] {
  const prompt = play.at(-1);
  if (!prompt) return [collect];
  const target = collect.id ?? collect.element;
  const startsTimer: MomlPlay = {
    ...prompt,
    playexit: [...(prompt.playexit ?? []), { element: 'send', target, event: 'starttimer' }],
  };
  const waiting: MomlCollect = { ...collect, starttimer: false };
  return [...play.slice(0, -1), { element: 'group', topology: 'parallel', content: [startsTimer, waiting] }];
}
