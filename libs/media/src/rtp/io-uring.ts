import type { LibC } from './libc';

/** Of the kernel's headers, the same on every architecture that Node runs on under Linux. */
const SYS_SETUP = 425;
const SYS_ENTER = 426;
const SYS_REGISTER = 427;
const SETUP_CQSIZE = 1 << 3;
const SETUP_SINGLE_ISSUER = 1 << 12;
const SETUP_DEFER_TASKRUN = 1 << 13;
const FEATURE_SINGLE_MMAP = 1;
const FEATURE_CQE_SKIP = 1 << 11;
const NEEDED_FEATURES = FEATURE_SINGLE_MMAP | FEATURE_CQE_SKIP;
const ENTER_GETEVENTS = 1;
const OFFSET_SQES = 0x1000_0000;
const PARAMS_BYTES = 120;
const CQE_BYTES = 16;
const CQE_WORDS = CQE_BYTES / 4;

const PROT_READ_WRITE = 3;
const MAP_SHARED_POPULATE = 0x8001;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** 32-bit words of `struct io_uring_params`. */
const PARAM = { cqEntries: 1, flags: 2, features: 5, sq: 10, cq: 20 } as const;
/** Of its `sq_off` and `cq_off`. */
const SQ = { head: 0, tail: 1, mask: 2, array: 6 } as const;
const CQ = { head: 0, tail: 1, mask: 2, cqes: 5 } as const;

const SQE_BYTES = 64;
/** A submission is so many 32-bit words. */
export const SQE_WORDS = SQE_BYTES / 4;
/** Where its fields are, in such words; addresses take two. */
export const SQE = {
  opcode: 0,
  descriptor: 1,
  address2: 2,
  address: 4,
  length: 6,
  operationFlags: 7,
  userData: 8,
  bufferGroup: 10,
  addressLength: 11,
} as const;

/** The first word of a submission. */
export const sqeHead = (opcode: number, flags: number, ioprio = 0): number =>
  opcode | (flags << 8) | (ioprio << 16);

/** Memory outside of the collector's reach, all zero, with its address. It is never given back. */
export interface MappedMemory {
  address: number;
  buffer: ArrayBuffer;
}

export function mapMemory(libc: LibC, bytes: number): MappedMemory | undefined {
  const address = libc.mmap(0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  return address === -1 ? undefined : { address, buffer: libc.view(address, bytes) };
}

const LOW = 0x1_0000_0000;

/** Writes a 64-bit number that is below 2^53 into two words. */
export function writeWide(words: Int32Array, at: number, value: number): void {
  words[at] = value % LOW;
  words[at + 1] = Math.floor(value / LOW);
}

/** Told of one completion: the words of its user data, its result (negative: an errno) and its flags. */
export type CompletionListener = (low: number, high: number, result: number, flags: number) => void;

/**
 * The two queues that a thread shares with the kernel (io_uring(7)): many calls of the system are begun by one, and what has
 * completed is read from memory. Completions come only while it is asked for them, from the thread that opened it.
 */
export class IoUring {
  /** The submissions, {@link SQE_WORDS} words each; which of them are meant is told by their number. */
  readonly sqes: Int32Array;
  private readonly sq: Int32Array;
  private readonly sqTail: number;
  private readonly sqHead: number;
  private readonly sqMask: number;
  private readonly sqArray: number;
  private readonly cqHead: number;
  private readonly cqTail: number;
  private readonly cqMask: number;
  private readonly cqes: number;

  private constructor(
    private readonly libc: LibC,
    private readonly descriptor: number,
    params: Int32Array,
    ring: ArrayBuffer,
    sqes: ArrayBuffer,
  ) {
    this.sq = new Int32Array(ring);
    this.sqes = new Int32Array(sqes);
    const word = (table: number, field: number): number => (params[table + field] as number) / 4;
    this.sqHead = word(PARAM.sq, SQ.head);
    this.sqTail = word(PARAM.sq, SQ.tail);
    this.sqMask = this.sq[word(PARAM.sq, SQ.mask)] as number;
    this.sqArray = word(PARAM.sq, SQ.array);
    this.cqHead = word(PARAM.cq, CQ.head);
    this.cqTail = word(PARAM.cq, CQ.tail);
    this.cqMask = this.sq[word(PARAM.cq, CQ.mask)] as number;
    this.cqes = word(PARAM.cq, CQ.cqes);
  }

  /** Undefined where the kernel is too old (before 6.1) or forbids it, as many containers do. Sizes are powers of two. */
  static open(libc: LibC, submissions: number, completions: number): IoUring | undefined {
    const memory = mapMemory(libc, PARAMS_BYTES);
    if (!memory) return undefined;
    const params = new Int32Array(memory.buffer);
    params[PARAM.flags] = SETUP_CQSIZE | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN;
    params[PARAM.cqEntries] = completions;
    const descriptor = libc.syscall(SYS_SETUP, submissions, memory.address, 0, 0, 0, 0);
    if (descriptor < 0) return undefined;
    const map = (bytes: number, offset: number): ArrayBuffer | undefined => {
      const at = libc.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, descriptor, offset);
      return at === -1 ? undefined : libc.view(at, bytes);
    };
    const field = (at: number): number => params[at] as number;
    const capable = (field(PARAM.features) & NEEDED_FEATURES) === NEEDED_FEATURES;
    const ringBytes = Math.max(
      field(PARAM.sq + SQ.array) + submissions * 4,
      field(PARAM.cq + CQ.cqes) + completions * CQE_BYTES,
    );
    const ring = capable ? map(ringBytes, 0) : undefined;
    const sqes = ring && map(submissions * SQE_BYTES, OFFSET_SQES);
    if (ring && sqes) return new IoUring(libc, descriptor, params, ring, sqes);
    libc.close(descriptor);
    return undefined;
  }

  close(): void {
    this.libc.close(this.descriptor);
  }

  /** `io_uring_register(2)`; negative on failure. */
  register(operation: number, address: number, count: number): number {
    return this.libc.syscall(SYS_REGISTER, this.descriptor, operation, address, count, 0, 0);
  }

  /** Begins the submissions `first` to `first + count - 1`, in order. What the kernel does not take is dropped. */
  submit(first: number, count: number): void {
    const { sq } = this;
    const tail = sq[this.sqTail] as number;
    for (let n = 0; n < count; n++) sq[this.sqArray + ((tail + n) & this.sqMask)] = first + n;
    sq[this.sqTail] = tail + count;
    this.libc.syscall(SYS_ENTER, this.descriptor, count, 0, 0, 0, 0);
    sq[this.sqTail] = sq[this.sqHead] as number;
  }

  /** Lets the kernel complete what it can, and tells of it; returns how many there were. */
  reap(listener: CompletionListener): number {
    this.libc.syscall(SYS_ENTER, this.descriptor, 0, 0, ENTER_GETEVENTS, 0, 0);
    const { sq } = this;
    let count = 0;
    while (sq[this.cqHead] !== sq[this.cqTail]) {
      const head = sq[this.cqHead] as number;
      const at = this.cqes + (head & this.cqMask) * CQE_WORDS;
      const low = sq[at] as number;
      const high = sq[at + 1] as number;
      const result = sq[at + 2] as number;
      const flags = sq[at + 3] as number;
      // Given back first: the listener may come back here.
      sq[this.cqHead] = head + 1;
      listener(low, high, result, flags);
      count += 1;
    }
    return count;
  }
}
