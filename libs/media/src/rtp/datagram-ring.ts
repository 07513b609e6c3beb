import { IoUring, SQE, SQE_WORDS, mapMemory, sqeHead, writeWide } from './io-uring';
import type { MappedMemory } from './io-uring';
import type { LibC } from './libc';

/** Of the kernel's headers. */
const OP_RECVMSG = 10;
const OP_ASYNC_CANCEL = 14;
const OP_SEND = 26;
const SQE_BUFFER_SELECT = 1 << 5;
const SQE_SKIP_SUCCESS = 1 << 6;
const RECV_MULTISHOT = 1 << 1;
const CQE_BUFFER = 1;
const CQE_MORE = 2;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
const REGISTER_PBUF_RING = 22;
const BUFFER_REQUEST_BYTES = 40;
const BUFFER_GROUP = 1;
/** `struct io_uring_buf` and its 16-bit words; the tail of the ring lies in the first. */
const BUFFER_ENTRY_BYTES = 16;
const BUFFER_ENTRY_WORDS = BUFFER_ENTRY_BYTES / 4;
const BUFFER_TAIL_AT = 7;
const MSGHDR_BYTES = 56;

const SUBMISSIONS = 512;
const COMPLETIONS = 8192;
/** Datagrams that wait for one call: few enough that all of this stays in the cache of the processor. */
const SEND_SLOTS = 256;
const CONTROL_SLOT = SEND_SLOTS;
const RECEIVE_BUFFERS = 512;
const DATAGRAM_BYTES = 2048;
/** Room for an address of either family. */
const ADDRESS_BYTES = 32;
/** `struct io_uring_recvmsg_out`, before the address of the sender and the datagram. */
const RECEIVED_HEAD_BYTES = 16;
const RECEIVED_LENGTH_WORD = 2;
const RECEIVED_FLAGS_WORD = 3;
const PAYLOAD_AT = RECEIVED_HEAD_BYTES + ADDRESS_BYTES;
const BUFFER_BYTES = DATAGRAM_BYTES + 64;
/** Datagrams of one go: beyond that, others have their turn. */
const MOST_DATAGRAMS = 16_384;
const CANCEL_ROUNDS = 64;

/** What a completion is of, in the upper word of its user data. */
const RECEIVING = 0;
const SENDING = 1;
const CONTROLLING = 2;

/** Who receives the datagrams of one socket. */
export interface DatagramReceiver {
  readonly descriptor: number;
  /** `bytes` and `from`, a `struct sockaddr`, are only valid now. Must not throw. */
  take(bytes: Uint8Array, from: Int32Array): void;
}

/** Tells the kernel where the ring of receive buffers is, by a `struct io_uring_buf_reg`. */
function registerBuffers(libc: LibC, ring: IoUring, buffers: MappedMemory): boolean {
  const request = mapMemory(libc, BUFFER_REQUEST_BYTES);
  if (!request) return false;
  const words = new Int32Array(request.buffer);
  writeWide(words, 0, buffers.address);
  words[2] = RECEIVE_BUFFERS;
  words[3] = BUFFER_GROUP;
  return ring.register(REGISTER_PBUF_RING, request.address, 1) >= 0;
}

/** Datagrams of many sockets, sent and received with few calls of the system. One for each thread. */
export class DatagramRing {
  /** By their number; a number is given again when the kernel has let go of it. */
  private readonly receivers: (DatagramReceiver | undefined)[] = [];
  private readonly freeIds: number[] = [];
  /** Who does not receive at present, and is to. */
  private idle: number[] = [];
  private leaving = -1;
  private queued = 0;
  private bufferTail = 0;
  private readonly sqes: Int32Array;
  private readonly sendBytes: Uint8Array;
  private readonly sendAddresses: Uint8Array;
  private readonly bufferRing16: Uint16Array;
  private readonly bufferRing32: Int32Array;
  private readonly header: MappedMemory;
  private readonly received: Int32Array;
  /** One for each buffer, of the length of its last datagram: most have the same. */
  private readonly payloads: Uint8Array[] = [];
  /** Of the slots that datagrams are sent from, likewise. */
  private readonly outgoing: Uint8Array[] = [];
  private readonly addresses: Int32Array[] = [];

  private constructor(
    private readonly ring: IoUring,
    private readonly memory: Record<'bytes' | 'addresses' | 'received' | 'buffers' | 'header', MappedMemory>,
  ) {
    this.sqes = ring.sqes;
    this.sendBytes = new Uint8Array(memory.bytes.buffer);
    this.sendAddresses = new Uint8Array(memory.addresses.buffer);
    this.bufferRing16 = new Uint16Array(memory.buffers.buffer);
    this.bufferRing32 = new Int32Array(memory.buffers.buffer);
    this.received = new Int32Array(memory.received.buffer);
    this.header = memory.header;
    new Uint32Array(this.header.buffer)[2] = ADDRESS_BYTES;
    for (let slot = 0; slot < SEND_SLOTS; slot++) this.prepareSend(slot);
    for (let buffer = 0; buffer < RECEIVE_BUFFERS; buffer++) this.prepareBuffer(buffer);
  }

  /** Undefined where the kernel can not, or must not. */
  static open(libc: LibC): DatagramRing | undefined {
    const ring = IoUring.open(libc, SUBMISSIONS, COMPLETIONS);
    if (!ring) return undefined;
    const bytes = mapMemory(libc, SEND_SLOTS * DATAGRAM_BYTES);
    const addresses = mapMemory(libc, SEND_SLOTS * ADDRESS_BYTES);
    const received = mapMemory(libc, RECEIVE_BUFFERS * BUFFER_BYTES);
    const buffers = mapMemory(libc, RECEIVE_BUFFERS * BUFFER_ENTRY_BYTES);
    const header = mapMemory(libc, MSGHDR_BYTES);
    const memory = bytes && addresses && received && buffers && header;
    if (memory && registerBuffers(libc, ring, buffers))
      return new DatagramRing(ring, { bytes, addresses, received, buffers, header });
    ring.close();
    return undefined;
  }

  /** Begins to receive for a socket; returns the number that `leave` wants. */
  join(receiver: DatagramReceiver): number {
    const id = this.freeIds.pop() ?? this.receivers.length;
    this.receivers[id] = receiver;
    this.arm(id);
    return id;
  }

  /** The kernel lets go of the socket before this returns. */
  leave(id: number): void {
    const { sqes } = this;
    const at = this.control(sqeHead(OP_ASYNC_CANCEL, 0), -1);
    sqes[at + SQE.address] = id;
    sqes[at + SQE.address + 1] = RECEIVING;
    sqes[at + SQE.userData + 1] = CONTROLLING;
    this.ring.submit(CONTROL_SLOT, 1);
    this.receivers[id] = undefined;
    this.leaving = id;
    for (let round = 0; round < CANCEL_ROUNDS && this.leaving === id; round++) this.ring.reap(this.complete);
  }

  /** Memory for the next datagram: one that is written here need not be copied when it is sent. */
  lend(length: number): Uint8Array {
    if (this.queued === SEND_SLOTS) this.flush();
    const slot = this.queued;
    let bytes = this.outgoing[slot] as Uint8Array;
    if (bytes.length !== length) {
      bytes = new Uint8Array(
        this.memory.bytes.buffer,
        slot * DATAGRAM_BYTES,
        Math.min(length, DATAGRAM_BYTES),
      );
      this.outgoing[slot] = bytes;
    }
    return bytes;
  }

  /** Takes a datagram; it goes with the next `flush` at the latest. Without `address` it goes where the socket is connected to. */
  send(descriptor: number, bytes: Uint8Array, address: Uint8Array | undefined): void {
    if (bytes.length > DATAGRAM_BYTES) return;
    if (this.queued === SEND_SLOTS) this.flush();
    const slot = this.queued++;
    const { sqes } = this;
    const at = slot * SQE_WORDS;
    if (bytes !== this.outgoing[slot]) this.sendBytes.set(bytes, slot * DATAGRAM_BYTES);
    sqes[at + SQE.descriptor] = descriptor;
    sqes[at + SQE.length] = bytes.length;
    sqes[at + SQE.addressLength] = address ? address.length : 0;
    if (address) {
      this.sendAddresses.set(address, slot * ADDRESS_BYTES);
      writeWide(sqes, at + SQE.address2, this.memory.addresses.address + slot * ADDRESS_BYTES);
    } else {
      sqes[at + SQE.address2] = 0;
      sqes[at + SQE.address2 + 1] = 0;
    }
  }

  flush(): void {
    if (this.queued === 0) return;
    const count = this.queued;
    this.queued = 0;
    this.ring.submit(0, count);
  }

  /** Hands out what has arrived. */
  drain(): void {
    for (const id of this.idle.splice(0)) this.arm(id);
    for (let taken = 0; taken < MOST_DATAGRAMS;) {
      const count = this.ring.reap(this.complete);
      if (count === 0) return;
      taken += count;
    }
  }

  private readonly complete = (id: number, kind: number, result: number, flags: number): void => {
    if (kind !== RECEIVING) return;
    const receiver = this.receivers[id];
    if ((flags & CQE_BUFFER) !== 0) {
      const buffer = flags >>> 16;
      if (result >= PAYLOAD_AT && receiver) this.deliver(buffer, receiver);
      this.giveBuffer(buffer);
    }
    if ((flags & CQE_MORE) !== 0) return;
    // It ends when buffers run out, and when somebody refused what was sent.
    if (receiver) return void this.idle.push(id);
    this.freeIds.push(id);
    if (id === this.leaving) this.leaving = -1;
  };

  private deliver(buffer: number, receiver: DatagramReceiver): void {
    const word = (buffer * BUFFER_BYTES) / 4;
    if (((this.received[word + RECEIVED_FLAGS_WORD] as number) & MSG_TRUNC) !== 0) return;
    const length = this.received[word + RECEIVED_LENGTH_WORD] as number;
    let bytes = this.payloads[buffer] as Uint8Array;
    if (bytes.length !== length) {
      bytes = new Uint8Array(this.memory.received.buffer, buffer * BUFFER_BYTES + PAYLOAD_AT, length);
      this.payloads[buffer] = bytes;
    }
    receiver.take(bytes, this.addresses[buffer] as Int32Array);
  }

  private arm(id: number): void {
    const descriptor = this.receivers[id]?.descriptor;
    if (descriptor === undefined) return void this.freeIds.push(id);
    const { sqes } = this;
    const at = this.control(sqeHead(OP_RECVMSG, SQE_BUFFER_SELECT, RECV_MULTISHOT), descriptor);
    writeWide(sqes, at + SQE.address, this.header.address);
    sqes[at + SQE.length] = 1;
    sqes[at + SQE.bufferGroup] = BUFFER_GROUP;
    sqes[at + SQE.userData] = id;
    sqes[at + SQE.userData + 1] = RECEIVING;
    this.ring.submit(CONTROL_SLOT, 1);
  }

  /** The submission that is not one of a datagram, cleared. */
  private control(head: number, descriptor: number): number {
    const at = CONTROL_SLOT * SQE_WORDS;
    this.sqes.fill(0, at, at + SQE_WORDS);
    this.sqes[at + SQE.opcode] = head;
    this.sqes[at + SQE.descriptor] = descriptor;
    return at;
  }

  private prepareSend(slot: number): void {
    const { sqes } = this;
    const at = slot * SQE_WORDS;
    sqes[at + SQE.opcode] = sqeHead(OP_SEND, SQE_SKIP_SUCCESS);
    writeWide(sqes, at + SQE.address, this.memory.bytes.address + slot * DATAGRAM_BYTES);
    sqes[at + SQE.operationFlags] = MSG_DONTWAIT_NOSIGNAL;
    sqes[at + SQE.userData + 1] = SENDING;
    this.outgoing.push(new Uint8Array(0));
  }

  private prepareBuffer(buffer: number): void {
    const { buffer: memory } = this.memory.received;
    const start = buffer * BUFFER_BYTES;
    this.payloads.push(new Uint8Array(memory, start + PAYLOAD_AT, 0));
    this.addresses.push(new Int32Array(memory, start + RECEIVED_HEAD_BYTES, ADDRESS_BYTES / 4));
    this.giveBuffer(buffer);
  }

  /** Lets the kernel use a buffer again. */
  private giveBuffer(buffer: number): void {
    const entry = this.bufferTail & (RECEIVE_BUFFERS - 1);
    const at = entry * BUFFER_ENTRY_WORDS;
    writeWide(this.bufferRing32, at, this.memory.received.address + buffer * BUFFER_BYTES);
    this.bufferRing32[at + 2] = BUFFER_BYTES;
    this.bufferRing16[entry * (BUFFER_ENTRY_BYTES / 2) + 6] = buffer;
    this.bufferTail = (this.bufferTail + 1) & 0xffff;
    this.bufferRing16[BUFFER_TAIL_AT] = this.bufferTail;
  }
}
