import { SipResponse, SipUri } from '@legato/sip';
import type { ServerTransaction } from '@legato/sip';
import type { CallId, CallSnapshot, RecordingChannels } from '../call/call-snapshot';
import type { CallTimings } from '../call/call-runtime';
import type { CallView, RecordingView } from '../call/call-view';
import { callView, recordingView } from '../call/call-view';
import { newSnapshot } from '../call/new-call';
import type { CallTarget, Route, RouteTable } from '../ports/route-table';
import { beginInbound, beginOutbound } from '../use-cases/begin-call';
import { hangUp } from '../use-cases/hang-up';
import { requestRecording, stopRecording } from '../use-cases/record';
import type { CallControl, CommandRefused, OriginateCommand } from './call-control';
import type { CallReader } from './call-reader';
import type { CallRegistry } from './call-registry';
import type { Clock, IdSource } from '@legato/kernel';

export interface B2buaOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly registry: CallRegistry;
  readonly reader: CallReader;
  readonly routes: RouteTable;
  readonly timings: CallTimings;
}

const callNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'call_not_found',
  detail: 'No call of this id is known',
};
const notRegistered: CommandRefused = {
  refused: 'conflict',
  code: 'party_not_registered',
  detail: 'A party is a user of this registrar without bindings',
};
const recordingNotFound: CommandRefused = {
  refused: 'not_found',
  code: 'recording_not_found',
  detail: 'No recording of this id is known',
};

/** The back-to-back user agent as its users see it: calls come in by SIP, commands by REST. */
export class B2bua implements CallControl {
  constructor(private readonly options: B2buaOptions) {}

  receiveInvite(transaction: ServerTransaction): void {
    const { requestUri } = transaction.request;
    const route = this.options.routes.find(SipUri.parse(requestUri)?.user ?? '', requestUri);
    if (!(route instanceof Promise)) this.follow(transaction, route);
    else
      route.then(
        (found) => this.follow(transaction, found),
        () => this.refuse(transaction, 503),
      );
  }

  private refuse(transaction: ServerTransaction, status: 404 | 480 | 483 | 503): void {
    const headers: [string, string][] = status === 503 ? [['Retry-After', '5']] : [];
    const response = { toTag: this.options.ids.token(12), headers };
    transaction.respond(SipResponse.to(transaction.request, status, response));
  }

  private follow(transaction: ServerTransaction, route: Route | undefined): void {
    const { request } = transaction;
    // The caller may have cancelled while its callee was looked for.
    if (transaction.state !== 'Trying' && transaction.state !== 'Proceeding') return;
    if (!route) return this.refuse(transaction, 404);
    if (route.targets?.length === 0) return this.refuse(transaction, 480);
    const maxForwards = request.maxForwards ?? 70;
    if (maxForwards === 0) return this.refuse(transaction, 483);
    const snapshot = newSnapshot({
      ...this.beginning('inbound'),
      mode: route.mode,
      from: request.from.toString(),
      to: [route.to],
      maxForwards: maxForwards - 1,
      ...(route.record === undefined ? {} : { record: route.record }),
      ...(route.targets === undefined ? {} : { targets: { callee: [...route.targets] } }),
    });
    this.options.registry.createInbound(snapshot, transaction, (call, caller) =>
      beginInbound(call, caller, request),
    );
  }

  originate(command: OriginateCommand): Promise<CallView | CommandRefused> {
    const { routes } = this.options;
    if (!routes.locate) return Promise.resolve(this.ring(command, []));
    return Promise.all(command.to.map((uri) => Promise.resolve(routes.locate?.(uri)))).then((located) =>
      located.some((targets) => targets?.length === 0) ? notRegistered : this.ring(command, located),
    );
  }

  private ring(
    command: OriginateCommand,
    [caller, callee]: readonly (readonly CallTarget[] | undefined)[],
  ): CallView {
    const snapshot = newSnapshot({
      ...this.beginning('outbound'),
      mode: command.mode,
      from: command.from,
      to: command.to,
      ...(command.metadata === undefined ? {} : { metadata: command.metadata }),
      ...(command.timeoutMs === undefined ? {} : { ringTimeoutMs: command.timeoutMs }),
      ...(command.maxDurationMs === undefined ? {} : { maxDurationMs: command.maxDurationMs }),
      ...(command.record === undefined ? {} : { record: command.record.channels }),
      targets: { ...(caller && { caller: [...caller] }), ...(callee && { callee: [...callee] }) },
    });
    this.options.registry.create(snapshot, beginOutbound);
    return callView(snapshot);
  }

  async hangup(callId: string): Promise<CallView | CommandRefused> {
    const answer = await this.options.registry.ask(callId, (call) => {
      hangUp(call);
      return callView(call.snapshot);
    });
    if (answer) return answer;
    const ended = await this.options.reader.call(callId);
    return ended
      ? conflict('call_ended', `The call has ended (${ended.ended_reason ?? ended.state})`)
      : callNotFound;
  }

  async startRecording(
    callId: string,
    options: { channels: RecordingChannels; maxMs?: number },
  ): Promise<RecordingView | CommandRefused> {
    const answer = await this.options.registry.ask(callId, (call) => {
      const refusal = notRecordable(call.snapshot);
      return refusal ?? recordingView(call.snapshot, requestRecording(call, options));
    });
    if (answer) return answer;
    const ended = await this.options.reader.call(callId);
    return ended ? conflict('call_ended', 'The call has ended') : callNotFound;
  }

  async stopRecording(recordingId: string): Promise<RecordingView | CommandRefused> {
    const { registry, reader } = this.options;
    const callId = await reader.callOfRecording(recordingId);
    if (callId === undefined) return recordingNotFound;
    const answer = await registry.ask(callId, (call) => {
      const recording = call.snapshot.recordings.find(({ id }) => id === recordingId);
      if (!recording) return recordingNotFound;
      stopRecording(call, recording);
      return recordingView(call.snapshot, recording);
    });
    return answer ?? (await reader.recording(recordingId)) ?? recordingNotFound;
  }

  getCall(id: string): Promise<CallView | undefined> {
    return this.options.reader.call(id);
  }

  listCalls(options: {
    after?: string;
    limit: number;
    state?: string;
  }): Promise<{ data: CallView[]; next?: string }> {
    return this.options.reader.list(options);
  }

  getRecording(id: string): Promise<RecordingView | undefined> {
    return this.options.reader.recording(id);
  }

  async listRecordings(callId: string): Promise<RecordingView[] | undefined> {
    const snapshot = await this.options.reader.snapshot(callId);
    return snapshot?.recordings.map((recording) => recordingView(snapshot, recording));
  }

  counts(): Record<string, number> {
    const counts: Record<string, number> = { calls: this.options.registry.size, recordings: 0, dialogs: 0 };
    for (const snapshot of this.options.registry.snapshots()) {
      const key = `calls_${snapshot.state}`;
      counts[key] = (counts[key] ?? 0) + 1;
      counts.recordings =
        (counts.recordings ?? 0) + snapshot.recordings.filter((r) => r.endedAt === undefined).length;
    }
    return counts;
  }

  private beginning(direction: 'inbound' | 'outbound') {
    const { ids, clock, timings } = this.options;
    return {
      id: `call_${ids.uuidv7()}` as CallId,
      direction,
      now: clock.wallTime(),
      ringTimeoutMs: timings.ringTimeoutMs,
      maxDurationMs: timings.maxDurationMs,
    };
  }
}

const conflict = (code: string, detail: string): CommandRefused => ({ refused: 'conflict', code, detail });

/** A call can be recorded from its answer to its end. */
function notRecordable({ state }: CallSnapshot): CommandRefused | undefined {
  if (state === 'in_progress' || state === 'held') return undefined;
  if (state === 'ending' || state === 'ended') return conflict('call_ended', `The call is ${state}`);
  return conflict('call_not_connected', `The call is ${state}: a recording starts when it is in_progress`);
}
