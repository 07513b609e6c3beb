import * as fc from 'fast-check';
import { Mailbox } from './mailbox';

/** A promise that a test settles. */
function deferred() {
  let resolve!: () => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a mailbox', () => {
  const failures: unknown[] = [];
  let mailbox: Mailbox;

  beforeEach(() => {
    failures.length = 0;
    mailbox = new Mailbox((error) => failures.push(error));
  });

  it('runs a task at once when nothing runs', () => {
    let ran = false;
    mailbox.post(() => {
      ran = true;
    });
    expect(ran).toBe(true);
  });

  it('runs a task that is posted by a running one after it, not inside it', () => {
    const order: string[] = [];
    mailbox.post(() => {
      mailbox.post(() => void order.push('second'));
      order.push('first');
      expect(mailbox.depth).toBe(1);
    });
    expect(order).toEqual(['first', 'second']);
    expect(mailbox.depth).toBe(0);
  });

  it('keeps every task waiting while one waits for its promise', async () => {
    const gate = deferred();
    const order: string[] = [];
    mailbox.post(() => gate.promise.then(() => void order.push('slow')));
    mailbox.post(() => void order.push('next'));
    mailbox.post(() => void order.push('last'));
    await settled();
    expect(order).toEqual([]);
    expect(mailbox.depth).toBe(2);
    gate.resolve();
    await settled();
    expect(order).toEqual(['slow', 'next', 'last']);
  });

  it('reports what a task throws and goes on with the next', () => {
    const order: string[] = [];
    mailbox.post(() => {
      mailbox.post(() => void order.push('next'));
      throw new Error('a task fails');
    });
    expect(failures).toEqual([new Error('a task fails')]);
    expect(order).toEqual(['next']);
  });

  it('reports what a task rejects with and goes on with the next', async () => {
    const gate = deferred();
    const order: string[] = [];
    mailbox.post(() => gate.promise);
    mailbox.post(() => void order.push('next'));
    gate.reject(new Error('a task fails later'));
    await settled();
    expect(failures).toEqual([new Error('a task fails later')]);
    expect(order).toEqual(['next']);
  });

  it('runs at once again after everything is done', async () => {
    mailbox.post(() => Promise.resolve());
    await settled();
    let ran = false;
    mailbox.post(() => {
      ran = true;
    });
    expect(ran).toBe(true);
  });

  it('runs any mix of tasks once each and in the order of their posting', async () => {
    const kind = fc.constantFrom('now', 'later', 'throws', 'rejects', 'posts');
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { maxLength: 30 }), async (kinds) => {
        const failed: unknown[] = [];
        const box = new Mailbox((error) => failed.push(error));
        const posted: number[] = [];
        const ran: number[] = [];
        let inside = 0;
        let numbers = 0;
        const post = (of: string) => {
          const number = numbers++;
          posted.push(number);
          box.post(() => {
            inside += 1;
            expect(inside).toBe(1);
            ran.push(number);
            if (of === 'posts') post('now');
            if (of === 'later' || of === 'rejects') {
              return Promise.resolve().then(() => {
                inside -= 1;
                if (of === 'rejects') throw new Error('rejected');
              });
            }
            inside -= 1;
            if (of === 'throws') throw new Error('thrown');
            return undefined;
          });
        };
        for (const of of kinds) post(of);
        await settled();
        expect(ran).toEqual(posted);
        expect(failed).toHaveLength(kinds.filter((of) => of === 'throws' || of === 'rejects').length);
      }),
    );
  });
});
