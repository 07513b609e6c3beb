import { DatagramRing } from './datagram-ring';
import type { LibC } from './libc';
import { loadLibC } from './libc';

/** The C library of this machine, with some of its functions replaced. */
function libCWith(changes: Partial<LibC>): LibC {
  const libc = loadLibC();
  if (!libc) throw new Error('there is none here');
  return { ...libc, ...changes };
}

const REGISTER = 427;

describe('datagrams over io_uring', () => {
  it('are not offered where the kernel forbids it or is too old', () => {
    expect(DatagramRing.open(libCWith({ syscall: () => -1 }))).toBeUndefined();
  });

  it('are not offered where it has no rings of buffers, and nothing stays open', () => {
    const real = libCWith({});
    const opened: number[] = [];
    const closed: number[] = [];
    const ring = DatagramRing.open({
      ...real,
      syscall: (number, ...takes) => {
        const result = number === REGISTER ? -1 : real.syscall(number, ...takes);
        opened.push(result);
        return result;
      },
      close: (descriptor) => {
        closed.push(descriptor);
        return real.close(descriptor);
      },
    });
    expect(ring).toBeUndefined();
    expect(closed).toEqual([opened[0]]);
  });

  it('are not offered where memory can not be mapped', () => {
    expect(DatagramRing.open(libCWith({ mmap: () => -1 }))).toBeUndefined();
  });
});
