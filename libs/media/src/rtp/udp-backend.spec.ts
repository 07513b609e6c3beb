import { silentLog } from '@legato/kernel';
import type { Log } from '@legato/kernel';
import { BatchedUdpIo } from './batched-sockets';
import { DgramIo } from './dgram-socket';
import { udpIoOf } from './udp-backend';

const told: string[] = [];
const log: Log = { ...silentLog, info: (message: string) => void told.push(message) };

describe('the choice of a backend', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    told.length = 0;
  });

  it('takes Node’s sockets when told to', () => {
    expect(udpIoOf('dgram', log)).toBeInstanceOf(DgramIo);
  });

  it('takes the batched one by itself where it works, as here', () => {
    expect(udpIoOf('auto', log)).toBeInstanceOf(BatchedUdpIo);
    expect(udpIoOf('batched', log)).toBeInstanceOf(BatchedUdpIo);
    expect(told).toEqual([]);
  });

  it('falls back by itself, and says so, where the kernel forbids it', () => {
    jest.spyOn(BatchedUdpIo, 'load').mockReturnValue(undefined);
    expect(udpIoOf('auto', log)).toBeInstanceOf(DgramIo);
    expect(told).toEqual(['RTP goes through the sockets of Node']);
    expect(() => udpIoOf('batched', log)).toThrow('choose the backend "dgram"');
  });
});
