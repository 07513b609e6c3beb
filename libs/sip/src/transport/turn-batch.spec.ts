import { AsyncLocalStorage } from 'node:async_hooks';
import { TurnBatch } from './turn-batch';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turn batch', () => {
  it('takes what was added in one turn together, in order, and later', async () => {
    const taken: (readonly number[])[] = [];
    const batch = new TurnBatch<number>((items) => taken.push(items));
    batch.add(1);
    batch.add(2);
    await Promise.resolve();
    batch.add(3);
    expect(taken).toEqual([]);
    await turn();
    batch.add(4);
    await turn();
    expect(taken).toEqual([[1, 2, 3], [4]]);
  });

  it('takes at once when told to, and nothing twice', async () => {
    const taken: (readonly number[])[] = [];
    const batch = new TurnBatch<number>((items) => taken.push(items));
    batch.add(1);
    batch.flush();
    batch.flush();
    expect(taken).toEqual([[1]]);
    await turn();
    expect(taken).toEqual([[1]]);
  });

  it('takes in the context it was made in, whoever adds first', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const batch = new TurnBatch<number>(() => seen.push(storage.getStore()));
    storage.run('of somebody', () => batch.add(1));
    await turn();
    expect(seen).toEqual([undefined]);
  });

  it('takes what is added while it takes in the next turn', async () => {
    const taken: (readonly number[])[] = [];
    const batch = new TurnBatch<number>((items) => {
      taken.push(items);
      if (taken.length === 1) batch.add(2);
    });
    batch.add(1);
    await turn();
    await turn();
    expect(taken).toEqual([[1], [2]]);
  });
});
