/** Fields of a log line beside its message: call_id, leg, transport and the like. Never a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the protocol core writes; the applications back it with pino. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
