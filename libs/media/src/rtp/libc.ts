import { constants } from 'node:os';

/** What is called of the C library; all of it answers -1 on failure. Addresses in memory are numbers. */
export interface LibC {
  socket(family: number, type: number, protocol: number): number;
  bind(descriptor: number, address: Uint8Array, length: number): number;
  connect(descriptor: number, address: Uint8Array, length: number): number;
  getsockname(descriptor: number, address: Uint8Array, length: Uint8Array): number;
  setsockopt(descriptor: number, level: number, name: number, value: Uint8Array, length: number): number;
  close(descriptor: number): number;
  mmap(
    address: number,
    length: number,
    protection: number,
    flags: number,
    descriptor: number,
    offset: number,
  ): number;
  /** The system's call of that number. */
  syscall(number: number, ...takes: [number, number, number, number, number, number]): number;
  /** Of the last call that failed. */
  errno(): number;
  /** Memory that was mapped, as JavaScript sees it. It must stay mapped. */
  view(address: number, length: number): ArrayBuffer;
}

type Signature = readonly [returns: string, name: Exclude<keyof LibC, 'errno' | 'view'>, ...takes: string[]];

const SIGNATURES: readonly Signature[] = [
  ['int', 'socket', 'int', 'int', 'int'],
  ['int', 'bind', 'int', 'void *', 'uint'],
  ['int', 'connect', 'int', 'void *', 'uint'],
  ['int', 'getsockname', 'int', 'void *', 'void *'],
  ['int', 'setsockopt', 'int', 'int', 'int', 'void *', 'uint'],
  ['int', 'close', 'int'],
  ['long', 'mmap', 'long', 'ulong', 'int', 'int', 'int', 'long'],
  ['long', 'syscall', 'long', 'long', 'long', 'long', 'long', 'long', 'long'],
];

interface Ffi {
  load(path: null): { func(name: string, returns: string, takes: string[]): unknown };
  errno(): number;
  view(address: bigint, length: number): ArrayBuffer;
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
    return {
      ...(Object.fromEntries(functions) as Omit<LibC, 'errno' | 'view'>),
      errno: () => ffi.errno(),
      view: (address, length) => ffi.view(BigInt(address), length),
    };
  } catch {
    return undefined;
  }
}

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** `EADDRINUSE` and the like, as Node names them. */
export const errorName = (errno: number): string => NAMES.get(errno) ?? `errno ${errno}`;
