import { currentCommand, runAsCommand } from './current-command';

describe('the current command', () => {
  it('is there while it runs, over awaits, and not outside', async () => {
    expect(currentCommand()).toBeUndefined();
    const seen = await runAsCommand('a', async () => {
      await Promise.resolve();
      return currentCommand()?.id;
    });
    expect([seen, currentCommand()]).toEqual(['a', undefined]);
  });

  it('is told apart from others that run at the same time', async () => {
    const run = (id: string) =>
      runAsCommand(id, async () => {
        await new Promise(setImmediate);
        return currentCommand()?.id;
      });
    expect(await Promise.all([run('a'), run('b')])).toEqual(['a', 'b']);
  });

  it('is over for what it leaves behind', async () => {
    let later: Promise<string | undefined> = Promise.resolve(undefined);
    await runAsCommand('a', () => {
      later = new Promise((resolve) => setImmediate(() => resolve(currentCommand()?.id)));
      return Promise.resolve();
    });
    expect(await later).toBeUndefined();
  });

  it('is over when it failed', async () => {
    let inside: ReturnType<typeof currentCommand>;
    const failed = runAsCommand('a', () => {
      inside = currentCommand();
      return Promise.reject(new Error('no'));
    });
    await expect(failed).rejects.toThrow('no');
    expect(inside?.id).toBe('a');
  });

  it('names its steps by resource, the same in each run', async () => {
    const run = () =>
      runAsCommand('a', () => {
        const command = currentCommand();
        return Promise.resolve([command?.step('call_1'), command?.step('call_2'), command?.step('call_1')]);
      });
    expect(await run()).toEqual(['a/1', 'a/1', 'a/2']);
    expect(await run()).toEqual(await run());
  });
});
