import type { Log, LogFields } from '@legato/kernel';
import { destination, pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { scrubFields, scrubText } from './scrub';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Which application writes: member `name` of every line. */
  readonly name: string;
  /** Where lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/** A {@link Log} whose lines are JSON, one object per line. */
export interface JsonLog extends Log {
  /** A log that adds `fields` (call_id, leg, transport) to each of its lines. */
  child(fields: LogFields): JsonLog;
}

class PinoLog implements JsonLog {
  constructor(private readonly logger: Logger) {}

  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields);
  }

  child(fields: LogFields): JsonLog {
    return new PinoLog(this.logger.child(scrubFields(fields)));
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields): void {
    if (!this.logger.isLevelEnabled(level)) return;
    this.logger[level](fields ? scrubFields(fields) : {}, scrubText(message));
  }
}

/**
 * A JSON log on standard output: level as a word, RFC 3339 time, secrets redacted, each value 2,048 characters at most.
 * Writes are synchronous, so that the lines before a crash are there.
 */
export function createLogger(options: LoggerOptions): JsonLog {
  const logger = pino(
    {
      level: options.level,
      name: options.name,
      base: undefined,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    options.destination ?? destination({ fd: 1, sync: true }),
  );
  return new PinoLog(logger);
}
