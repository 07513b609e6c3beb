import { join } from 'node:path';
import { Child } from './child';
import { workerPort } from '@legato/testing';

const SCENARIOS = join(__dirname, '../../scenarios');

export interface SippOptions {
  /** File name below test/scenarios, without `.xml`. */
  readonly scenario: string;
  readonly remote?: string;
  readonly cwd: string;
  readonly calls?: number;
  /** `-s`: the user part of the Request-URI. */
  readonly service?: string;
  readonly port?: number;
  /** Address it has and speaks from; default 127.0.0.1. */
  readonly host?: string;
  readonly extra?: readonly string[];
  readonly timeoutS?: number;
}

/** SIPp as caller or callee, in the foreground of its own process, bounded in calls and time. */
export async function sipp(options: SippOptions): Promise<{ child: Child; port: number }> {
  const { host = '127.0.0.1' } = options;
  const port = options.port ?? (await workerPort());
  const args = [
    ...(options.remote === undefined ? [] : [options.remote]),
    '-sf',
    join(SCENARIOS, `${options.scenario}.xml`),
    ...['-i', host, '-mi', host, '-p', String(port), '-nostdin'],
    ...['-m', String(options.calls ?? 1), '-timeout', `${options.timeoutS ?? 60}s`, '-timeout_error'],
    ...(options.service === undefined ? [] : ['-s', options.service]),
    ...['-trace_err', '-trace_msg'],
    ...(options.extra ?? []),
  ];
  return { child: new Child(`sipp ${options.scenario}`, 'sipp', args, { cwd: options.cwd }), port };
}
