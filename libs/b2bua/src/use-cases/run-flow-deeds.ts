import type { FlowCommand, FlowOutcome } from '@legato/flows';
import { SipUri } from '@legato/sip';
import type { Call } from '../call/call';
import type { AwaitedByFlow, FlowSnapshot } from '../call/flow-snapshot';
import { notAlone } from '../commands/call-refusals';
import { notConnected } from '../commands/command-refusals';
import type { FlowApplications } from '../ports/flow-applications';
import type { FlowConferences } from '../ports/flow-conferences';
import type { CallTarget, RouteTable } from '../ports/route-table';
import { requestBridge } from './bridge';
import { isCollectActive, requestCollect } from './collect';
import { isPlayActive, requestPlay } from './play';
import { requestRecording } from './record';
import { isActive } from './recording-life';
import { collectRequestOf, playOptionsOf, recordingRequestOf } from './run-flow-media';

/** What a deed has to do with. */
export interface FlowDeed {
  readonly call: Call;
  readonly flow: FlowSnapshot;
  /** Of the step. */
  readonly number: number;
  readonly applications: FlowApplications;
  readonly conferences: FlowConferences;
  readonly routes: Pick<RouteTable, 'locate'>;
  /** Runs a task in the mailbox, if the step is still under way then. */
  readonly later: (task: () => void) => void;
  /** Takes the flow on. */
  readonly tell: (outcome: FlowOutcome) => void;
}

const MS_PER_S = 1_000;

type Kind = FlowCommand['do'];
type CommandOf<Do extends Kind> = Extract<FlowCommand, { do: Do }>;

const FAILED: FlowOutcome = { outcome: 'failed' };

/** Asks for media work; its outcome can come before its id is known here. */
function awaitWork({ flow }: FlowDeed, kind: AwaitedByFlow['kind'], request: () => { id: string }): string {
  flow.awaited = { kind };
  const { id } = request();
  flow.awaited = { kind, id };
  return id;
}

const DEEDS: { readonly [Do in Kind]: (command: CommandOf<Do>, deed: FlowDeed) => void } = {
  play: (command, deed) => void awaitWork(deed, 'play', () => requestPlay(deed.call, playOptionsOf(command))),
  gather: (command, deed) =>
    void awaitWork(deed, 'collect', () => requestCollect(deed.call, collectRequestOf(command))),
  record: (command, deed) => {
    const recording = awaitWork(deed, 'recording', () =>
      requestRecording(deed.call, recordingRequestOf(command)),
    );
    // The call is recorded from here on, while the flow goes on.
    if (command.what === 'call') deed.tell({ outcome: 'started', recording });
  },
  dial,
  conference: join,
  webhook: askApplication,
};

/** Has done what a step wants. */
export function carryOut(command: FlowCommand, deed: FlowDeed): void {
  (DEEDS[command.do] as (command: FlowCommand, deed: FlowDeed) => void)(command, deed);
}

/** After a take-over: whether what the step waits for is still being done, so that its outcome will come. */
export function isUnderWay({ snapshot }: Call, awaited: AwaitedByFlow | undefined): boolean {
  const is = ({ id }: { id: string }) => id === awaited?.id;
  switch (awaited?.kind) {
    case 'collect':
      return (snapshot.collects ?? []).some((collect) => is(collect) && isCollectActive(collect));
    case 'play':
      return (snapshot.plays ?? []).some((play) => is(play) && isPlayActive(play));
    case 'recording':
      return snapshot.recordings.some((recording) => is(recording) && isActive(recording));
    case 'bridge':
      return snapshot.bridge !== undefined;
    case 'answer':
      return snapshot.procedure?.name === 'connect-media';
    case 'conference':
      return snapshot.conferenceMembership !== undefined;
    default:
      return false;
  }
}

function askApplication(command: CommandOf<'webhook'>, deed: FlowDeed): void {
  const { call, flow, number, applications, later, tell } = deed;
  const { id, direction, from, to, state } = call.snapshot;
  const { version } = flow;
  flow.awaited = { kind: 'application', id: String(number) };
  const question = {
    call: { id, direction, from, to, state },
    ...(version === undefined ? {} : { flow: { id: flow.id, version } }),
    number,
    command,
  };
  call.runtime.afterStored(id, () => {
    void applications.ask(question).then((answer) => {
      later(() =>
        tell(
          answer.ok
            ? { outcome: 'answered', answer: answer.value }
            : { outcome: 'failed', error: answer.error },
        ),
      );
    });
  });
}

/** Looks up where the second party is, and calls it. */
function dial(command: CommandOf<'dial'>, deed: FlowDeed): void {
  const { flow, number, routes, later, tell } = deed;
  flow.awaited = { kind: 'bridge', id: String(number) };
  const located = Promise.resolve(SipUri.parse(command.to) && routes.locate?.(command.to)).then(
    (targets) => () => bridge(command, deed, targets),
    () => () => tell(FAILED),
  );
  void located.then(later);
}

function bridge(
  { to, timeout_s: seconds }: CommandOf<'dial'>,
  { call, tell }: FlowDeed,
  targets: readonly CallTarget[] | undefined,
): void {
  const { snapshot } = call;
  if (targets?.length === 0) tell({ outcome: 'no_answer' });
  else if (!SipUri.parse(to) || notConnected(snapshot) || notAlone(snapshot)) tell(FAILED);
  else {
    const ringTimeoutMs = seconds === undefined ? snapshot.ringTimeoutMs : seconds * MS_PER_S;
    requestBridge(call, { to, stays: true, ringTimeoutMs, ...(targets && { targets }) });
  }
}

/** Puts the caller into a conference, until it is out of it: that is told by whoever lets it go. */
function join({ name, muted }: CommandOf<'conference'>, deed: FlowDeed): void {
  const { call, flow, number, conferences, later, tell } = deed;
  const { id } = call.snapshot;
  flow.awaited = { kind: 'conference', id: String(number) };
  call.runtime.afterStored(id, () => {
    void conferences.join(name, id, muted === undefined ? {} : { muted }).then((isIn) => {
      if (!isIn) later(() => tell(FAILED));
    });
  });
}
