import * as clock from './clock';
import * as crashPoints from './crash-point';
import * as commands from './current-command';
import * as idSources from './ids';
import * as pieces from './in-one-piece';
import * as logs from './log';
import * as machines from './machine';
import * as mailboxes from './mailbox';
import * as results from './result';

// Taken apart, not exported from where they are: the compiler makes getters of such exports, on an object that is a
// dictionary then, and every step of every machine comes through here.
export type { Clock, Timer } from './clock';
export const { systemClock } = clock;
export type { CrashPoint } from './crash-point';
export const { armCrashPoint, CRASH_POINTS, crashPoint } = crashPoints;
export const { currentCommand, runAsCommand } = commands;
export type { Branded, IdSource } from './ids';
export const { randomIds } = idSources;
export const { inOnePiece } = pieces;
export type { Log, LogFields } from './log';
export const { silentLog } = logs;
export type { Arrow, MachineTable } from './machine';
export const { arrowFor, reachableStates, toMermaid } = machines;
export type { MailboxTask } from './mailbox';
export const { Mailbox } = mailboxes;
export type Mailbox = mailboxes.Mailbox;
export type { Result } from './result';
export const { err, ok } = results;
