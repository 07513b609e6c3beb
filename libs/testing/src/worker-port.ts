import { freePort } from '@legato/sip';

/** Above what `freePort` gives by itself, so that no application under test takes what a test has put by. */
const [FIRST, COUNT_PER_WORKER, WORKERS] = [20_000, 1_000, 10];

/** Those given to this process: a port is put by for a while before somebody binds it. */
const given = new Set<number>();

/** A free port of 127.0.0.1 out of a range of this worker's own: nothing that runs beside it is given the same one. */
export async function workerPort(): Promise<number> {
  const worker = (Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % WORKERS;
  const first = FIRST + worker * COUNT_PER_WORKER;
  for (;;) {
    const port = await freePort('127.0.0.1', { first, count: COUNT_PER_WORKER });
    if (given.has(port) && given.size < COUNT_PER_WORKER / 2) continue;
    given.add(port);
    return port;
  }
}
