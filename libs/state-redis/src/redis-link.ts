import type { Clock, Log, Timer } from '@legato/kernel';
import { StoreUnavailable } from '@legato/b2bua';
import { Redis } from 'ioredis';
import type { FunctionName } from './functions/library';
import { functionName, librarySource } from './functions/library';
import { redisAddress } from './redis-address';
import type { RedisCounters } from './redis-counters';
import { zeroCounters } from './redis-counters';

export interface RedisLinkOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Shown by CLIENT LIST. */
  readonly connectionName: string;
  /** How long an answer may take while the connection stands. */
  readonly deadlineMs: number;
  /** How long a command may take when the connection is down in between. */
  readonly outageMs: number;
  /** Commands under way and waiting at most. */
  readonly maxPending: number;
}

type Send = (redis: Redis) => Promise<unknown>;

/** One command until it is settled; it may be sent more than once. */
interface Command {
  readonly name: string;
  readonly send: Send;
  readonly once: boolean;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly startedAt: number;
  timer: Timer;
  /** Counts the times it was sent: an answer to an earlier one is stale. */
  attempt: number;
  reloaded: boolean;
}

const RECONNECT_MS = 50;
const MAX_RECONNECT_MS = 500;
/** A peer that has commands and says nothing for so long is taken for gone. */
const SILENCE_MS = 5_000;
/** How long a socket may take to close. */
const CLOSE_MS = 500;

/**
 * The connection for commands. ioredis only reconnects; waiting, sending again and giving up are done here, so that
 * every command is settled by its deadline and none is carried out by surprise long after. Commands sent
 * by `call` and `send` must bear being carried out twice. The functions are loaded before anything else on each connection.
 */
export class RedisLink {
  readonly counters: RedisCounters = zeroCounters();
  readonly address: string;
  private readonly redis: Redis;
  private readonly pending = new Set<Command>();
  private readonly readyListeners = new Set<() => void>();
  private open = false;
  private closed = false;
  private retryTimer: Timer | undefined;
  private lastError = 'no answer';

  constructor(private readonly options: RedisLinkOptions) {
    this.address = redisAddress(options.url);
    this.redis = new Redis(options.url, {
      lazyConnect: true,
      connectionName: options.connectionName,
      maxRetriesPerRequest: null,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      connectTimeout: 2_000,
      disconnectTimeout: CLOSE_MS,
      // Redis 7.0 does not know it, and its rights would have to be given.
      disableClientInfo: true,
      socketTimeout: SILENCE_MS,
      retryStrategy: (times) => Math.min(times * RECONNECT_MS, MAX_RECONNECT_MS),
      // A master that became a replica: look for the new one.
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
    });
    this.redis.on('error', (error: Error) => this.connectionFailed(error));
    this.redis.on('ready', () => this.connected());
    this.redis.on('close', () => this.disconnected());
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** Connects and loads the functions. Rejects with StoreUnavailable, in one line, when that takes longer than `deadlineMs`. */
  start(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.onReady(() => {
        timer.cancel();
        stop();
        resolve();
      });
      const timer = this.options.clock.schedule(deadlineMs, () => {
        stop();
        reject(
          new StoreUnavailable(
            `Redis at ${this.address} is not usable within ${deadlineMs} ms: ${this.lastError}`,
          ),
        );
      });
      // Reported as 'error' events, and tried again.
      this.redis.connect().catch(() => undefined);
    });
  }

  /** Called on every connection, once the functions are there and before any waiting command is sent. */
  onReady(listener: () => void): () => void {
    this.readyListeners.add(listener);
    return () => void this.readyListeners.delete(listener);
  }

  /** Calls a function of the library. Rejects with StoreUnavailable. */
  call(name: FunctionName, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.send(name, (redis) => redis.fcall(functionName(name), keys.length, ...keys, ...args));
  }

  /** As `call`, for what must not be done twice: it rejects when the connection breaks before the answer. */
  callOnce(
    name: FunctionName,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    const send: Send = (redis) => redis.fcall(functionName(name), keys.length, ...keys, ...args);
    return this.send(name, send, true);
  }

  /** Sends a command of Redis itself. Rejects with StoreUnavailable. */
  send(name: string, send: Send, once = false): Promise<unknown> {
    this.counters.commands += 1;
    if (this.closed) return Promise.reject(new StoreUnavailable(`the connection to Redis is closed`));
    if (this.pending.size >= this.options.maxPending) {
      this.counters.overflowed += 1;
      return Promise.reject(new StoreUnavailable(`${this.pending.size} commands wait for Redis already`));
    }
    return new Promise((resolve, reject) => {
      const { clock, deadlineMs } = this.options;
      const command: Command = {
        name,
        send,
        once,
        resolve,
        reject,
        startedAt: clock.now(),
        timer: clock.schedule(deadlineMs, () => this.late(command)),
        attempt: 0,
        reloaded: false,
      };
      this.pending.add(command);
      if (this.open) this.transmit(command);
    });
  }

  /** Settles what waits and ends the connection. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.open = false;
    for (const command of this.pending) this.fail(command, 'the connection to Redis was closed');
    this.retryTimer?.cancel();
    await this.disconnect();
  }

  private disconnect(): Promise<void> {
    const { status } = this.redis;
    // While it waits to try again there is no socket whose end could be told.
    const hasSocket = status === 'ready' || status === 'connect' || status === 'connecting';
    return new Promise((resolve) => {
      const timer = this.options.clock.schedule(CLOSE_MS, resolve);
      this.redis.once('end', () => {
        timer.cancel();
        resolve();
      });
      this.redis.disconnect();
      if (!hasSocket) {
        timer.cancel();
        resolve();
      }
    });
  }

  /** What one turn of the event loop asks for leaves as one write, and is mostly answered by one. */
  private gather(): void {
    const { stream } = this.redis;
    if (!stream || stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  private transmit(command: Command): void {
    this.gather();
    command.attempt += 1;
    const { attempt } = command;
    const isCurrent = () => this.pending.has(command) && command.attempt === attempt;
    command.send(this.redis).then(
      (answer) => {
        if (!isCurrent()) return;
        this.forget(command);
        command.resolve(answer);
      },
      (error: Error) => {
        if (isCurrent()) this.refused(command, error);
      },
    );
  }

  private refused(command: Command, error: Error): void {
    // The connection broke under it: it goes again on the next one.
    if (error.name !== 'ReplyError') return;
    if (/function not found/i.test(error.message) && !command.reloaded) {
      // Redis keeps the order of a connection: the command finds what is loaded before it.
      command.reloaded = true;
      void this.loadFunctions();
      this.transmit(command);
      return;
    }
    this.fail(command, `Redis refused ${command.name}: ${error.message}`);
  }

  private late(command: Command): void {
    const { clock, outageMs } = this.options;
    const leftMs = command.startedAt + outageMs - clock.now();
    if (!this.open && leftMs > 0) {
      command.timer = clock.schedule(leftMs, () => this.late(command));
      return;
    }
    const waitedMs = Math.round(clock.now() - command.startedAt);
    this.fail(command, `Redis did not answer ${command.name} within ${waitedMs} ms`);
  }

  private fail(command: Command, reason: string): void {
    this.counters.unavailable += 1;
    this.forget(command);
    command.reject(new StoreUnavailable(reason));
  }

  private forget(command: Command): void {
    command.timer.cancel();
    this.pending.delete(command);
  }

  private connected(): void {
    if (this.closed) return;
    this.counters.connections += 1;
    this.options.log.info('connected to Redis', { address: this.address });
    this.prepare(this.counters.connections);
  }

  /** Opens once the functions are there; tries again while the connection stands. */
  private prepare(connection: number): void {
    const stands = () => connection === this.counters.connections && this.redis.status === 'ready';
    void this.loadFunctions().then((loaded) => {
      if (this.closed || !stands()) return;
      if (loaded) this.begin();
      else this.retryTimer = this.options.clock.schedule(MAX_RECONNECT_MS, () => this.prepare(connection));
    });
  }

  private begin(): void {
    const waiting = [...this.pending];
    this.open = true;
    for (const listener of [...this.readyListeners]) listener();
    for (const command of waiting) {
      if (!this.pending.has(command)) continue;
      if (command.attempt > 0) this.counters.resent += 1;
      this.transmit(command);
    }
  }

  private disconnected(): void {
    if (this.open) this.options.log.warn('the connection to Redis is lost', { address: this.address });
    this.open = false;
    this.retryTimer?.cancel();
    for (const command of this.pending) {
      if (command.once && command.attempt > 0)
        this.fail(command, `the answer of Redis to ${command.name} is lost`);
    }
  }

  private async loadFunctions(): Promise<boolean> {
    try {
      await this.redis.function('LOAD', librarySource);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      if (reason.includes('already exists')) return true;
      this.lastError = reason;
      this.options.log.error('Redis did not take the function library', { address: this.address, reason });
      return false;
    }
  }

  private connectionFailed(error: Error): void {
    this.counters.connectionErrors += 1;
    // Only the message: a reply error carries the command, and that may be AUTH.
    this.lastError = error.message || error.name;
    this.options.log.debug('Redis connection failed', { address: this.address, reason: this.lastError });
  }
}
