import { silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { NodeWatch } from './node-watch';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the watch over other nodes', () => {
  let clock: FakeClock;
  let peers: { nodeId: string; alive: boolean; liveCalls: number }[];
  let fenced: string[];
  let taken: string[];
  let isFenced: boolean;
  let watch: NodeWatch;

  beforeEach(() => {
    clock = new FakeClock();
    [fenced, taken, isFenced] = [[], [], true];
    peers = [
      { nodeId: 'me', alive: false, liveCalls: 3 },
      { nodeId: 'alive', alive: true, liveCalls: 3 },
      { nodeId: 'empty', alive: false, liveCalls: 0 },
    ];
    watch = new NodeWatch({
      nodes: {
        peers: () => Promise.resolve(peers.map((peer) => ({ ...peer, epoch: 1, fenced: false }))),
        fence: (id) => {
          fenced.push(id);
          return Promise.resolve(isFenced);
        },
      },
      nodeId: 'me',
      clock,
      log: silentLog,
      takeOver: (id) => {
        taken.push(id);
        return Promise.resolve(1);
      },
    });
    watch.start();
  });
  afterEach(() => watch.stop());

  async function look(): Promise<void> {
    clock.advance(1_000);
    await settled();
  }

  it('leaves those alone that live, or have nothing, and this node itself', async () => {
    await look();
    expect([fenced, taken]).toEqual([[], []]);
  });

  it('takes the calls of one that is dead, once it is fenced', async () => {
    isFenced = false;
    peers.push({ nodeId: 'dead', alive: false, liveCalls: 2 });
    await look();
    expect([fenced, taken]).toEqual([['dead'], []]);
    isFenced = true;
    await look();
    expect(taken).toEqual(['dead']);
  });

  it('looks again after the store was away, and no more once it is stopped', async () => {
    peers = undefined as unknown as typeof peers;
    await look();
    peers = [{ nodeId: 'dead', alive: false, liveCalls: 2 }];
    await look();
    expect(taken).toEqual(['dead']);
    await watch.stop();
    await look();
    expect(taken).toEqual(['dead']);
  });
});
