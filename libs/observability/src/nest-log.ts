import type { Log } from '@legato/kernel';
import type { LoggerService } from '@nestjs/common';

const text = (message: unknown): string => {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
};

/** Lets Nest write into a {@link Log}: its start-up chatter at level debug, what it warns of as it is. */
export class NestLog implements LoggerService {
  constructor(private readonly sink: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.sink.debug(text(message), this.fields(rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.sink.debug(text(message), this.fields(rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.sink.debug(text(message), this.fields(rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.sink.warn(text(message), this.fields(rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const error = message instanceof Error ? { error: message } : {};
    this.sink.error(text(message), { ...this.fields(rest), ...error });
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }

  /** Nest passes the name of the class that speaks last, and a stack before it at times. */
  private fields(rest: unknown[]): Record<string, unknown> {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    return { ...(context === undefined ? {} : { context }), ...(stack === undefined ? {} : { stack }) };
  }
}
