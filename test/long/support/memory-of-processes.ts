import { readdirSync, readFileSync } from 'node:fs';

const PAGE_KIB = /^VmRSS:\s+(\d+) kB$/m;

/** A process and all that it began, on Linux. */
export function processTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processTree)];
}

/** The resident memory of each process of a tree, in bytes. */
export function residentBytes(pid: number): number[] {
  return processTree(pid).map(
    (each) => Number(PAGE_KIB.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1]) * 1024,
  );
}
