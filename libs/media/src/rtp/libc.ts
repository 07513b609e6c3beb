import { constants } from 'node:os';

/** What is called of the C library; all of it answers -1 on failure. */
export interface LibC {
  socket(family: number, type: number, protocol: number): number;
  bind(descriptor: number, address: Uint8Array, length: number): number;
  getsockname(descriptor: number, address: Uint8Array, length: Uint8Array): number;
  setsockopt(descriptor: number, level: number, name: number, value: Uint8Array, length: number): number;
  sendto(
    descriptor: number,
    bytes: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: number,
  ): number;
  recvfrom(
    descriptor: number,
    bytes: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: Uint8Array,
  ): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, descriptor: number, event: Uint8Array): number;
  epoll_wait(epoll: number, events: Uint8Array, most: number, timeoutMs: number): number;
  close(descriptor: number): number;
  /** Of the last call that failed. */
  errno(): number;
}

type Signature = readonly [returns: string, name: Exclude<keyof LibC, 'errno'>, ...takes: string[]];

const SIGNATURES: readonly Signature[] = [
  ['int', 'socket', 'int', 'int', 'int'],
  ['int', 'bind', 'int', 'void *', 'uint'],
  ['int', 'getsockname', 'int', 'void *', 'void *'],
  ['int', 'setsockopt', 'int', 'int', 'int', 'void *', 'uint'],
  ['long', 'sendto', 'int', 'void *', 'ulong', 'int', 'void *', 'uint'],
  ['long', 'recvfrom', 'int', 'void *', 'ulong', 'int', 'void *', 'void *'],
  ['int', 'epoll_create1', 'int'],
  ['int', 'epoll_ctl', 'int', 'int', 'int', 'void *'],
  ['int', 'epoll_wait', 'int', 'void *', 'int', 'int'],
  ['int', 'close', 'int'],
];

interface Ffi {
  load(path: null): { func(name: string, returns: string, takes: string[]): unknown };
  errno(): number;
}

/** The functions that sockets need, by foreign function interface; undefined where that is not possible. */
export function loadLibC(): LibC | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    // Loaded late: it has a native part, which is not built for every platform.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const ffi = require('koffi') as Ffi;
    const library = ffi.load(null);
    const functions = SIGNATURES.map(([returns, name, ...takes]) => [
      name,
      library.func(name, returns, takes),
    ]);
    return { ...(Object.fromEntries(functions) as Omit<LibC, 'errno'>), errno: () => ffi.errno() };
  } catch {
    return undefined;
  }
}

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** `EADDRINUSE` and the like, as Node names them. */
export const errorName = (errno: number): string => NAMES.get(errno) ?? `errno ${errno}`;
