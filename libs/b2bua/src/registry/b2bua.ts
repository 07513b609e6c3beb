import { SipResponse, SipUri } from '@legato/sip';
import type { ServerTransaction, SipRequest } from '@legato/sip';
import type { CallId, CallSnapshot } from '../call/call-snapshot';
import type { CallTimings } from '../call/call-runtime';
import type { CallView } from '../call/call-view';
import { callView } from '../call/call-view';
import { newSnapshot } from '../call/new-call';
import { callNotFound, conflict, partyNotRegistered } from '../commands/command-refusals';
import type { CallSeats } from '../ports/call-seats';
import type { CallTarget, Route, RouteTable } from '../ports/route-table';
import { leadsToParty } from '../ports/route-table';
import { beginInbound, beginOutbound } from '../use-cases/begin-call';
import { hangUp } from '../use-cases/hang-up';
import type { CallControl, CallerAccount, CommandRefused, OriginateCommand } from './call-control';
import type { CallReader } from './call-reader';
import type { CallRegistry } from './call-registry';
import type { Clock, IdSource } from '@legato/kernel';
import { currentCommand } from '@legato/kernel';

export interface B2buaOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly registry: CallRegistry;
  readonly reader: CallReader;
  readonly routes: RouteTable;
  readonly timings: CallTimings;
  /** Missing: the calls of this node are all there are. */
  readonly seats?: CallSeats | undefined;
}

type Refusal = 403 | 404 | 480 | 483 | 501 | 503;

/** A call of the longest duration keeps its seat. */
const SEAT_MARGIN_MS = 600_000;
/** RFC 3261 §8.1.1.6 */
const INITIAL_MAX_FORWARDS = 70;
const hopsLeft = ({ maxForwards }: SipRequest): number => maxForwards ?? INITIAL_MAX_FORWARDS;

/** The back-to-back user agent as its users see it: calls come in by SIP, commands by REST. */
export class B2bua implements CallControl {
  constructor(private readonly options: B2buaOptions) {}

  receiveInvite(transaction: ServerTransaction, account?: CallerAccount): void {
    const { requestUri } = transaction.request;
    const route = this.options.routes.find(SipUri.parse(requestUri)?.dialled ?? '', requestUri);
    if (!(route instanceof Promise)) this.follow(transaction, route, account);
    else
      route.then(
        (found) => this.follow(transaction, found, account),
        () => this.refuse(transaction, 503),
      );
  }

  private refuse(transaction: ServerTransaction, status: Refusal): void {
    const headers: [string, string][] = status === 503 ? [['Retry-After', '5']] : [];
    const response = { toTag: this.options.ids.token(12), headers };
    transaction.respond(SipResponse.to(transaction.request, status, response));
  }

  private follow(
    transaction: ServerTransaction,
    route: Route | undefined,
    account: CallerAccount | undefined,
  ): void {
    const { request } = transaction;
    // The caller may have cancelled while its callee was looked for.
    if (transaction.state !== 'Trying' && transaction.state !== 'Proceeding') return;
    const refusal = this.refusalOf(request, route, account);
    if (!route || refusal !== undefined) return this.refuse(transaction, refusal ?? 404);
    const snapshot = this.snapshotOf(request, route, account);
    const { seats } = this.options;
    if (!seats || !account?.maxCalls) return this.begin(transaction, snapshot);
    const { id, maxDurationMs, ringTimeoutMs } = snapshot;
    seats.take(account.name, id, account.maxCalls, maxDurationMs + ringTimeoutMs + SEAT_MARGIN_MS).then(
      (taken) => this.beginSeated(transaction, snapshot, account.name, taken),
      // The store is away: the calls of this node have been counted. It may have given the seat all the same.
      () => this.beginSeated(transaction, snapshot, account.name, true),
    );
  }

  private beginSeated(
    transaction: ServerTransaction,
    snapshot: CallSnapshot,
    account: string,
    taken: boolean,
  ): void {
    if (!taken) return this.refuse(transaction, 403);
    snapshot.hasSeat = true;
    if (transaction.state === 'Proceeding') this.begin(transaction, snapshot);
    else this.options.seats?.giveBack(account, snapshot.id).catch(() => undefined);
  }

  private begin(transaction: ServerTransaction, snapshot: CallSnapshot): void {
    this.options.registry.createInbound(snapshot, transaction, (call, caller) =>
      beginInbound(call, caller, transaction.request),
    );
  }

  private snapshotOf(request: SipRequest, route: Route, account: CallerAccount | undefined): CallSnapshot {
    const { mode, to, target, flow, targets } = destination(route, request.requestUri);
    const { id, direction, now, ringTimeoutMs, maxDurationMs } = this.beginning('inbound');
    return newSnapshot({
      id,
      direction,
      mode,
      from: request.from.toString(),
      to,
      now,
      ringTimeoutMs,
      // The shorter of the two limits.
      maxDurationMs: Math.min(account?.maxDurationMs ?? maxDurationMs, maxDurationMs),
      maxForwards: hopsLeft(request) - 1,
      record: route.record,
      targets,
      target,
      flow,
      account: account?.name,
    });
  }

  /** Why a call goes nowhere, if it does not. */
  private refusalOf(
    request: SipRequest,
    route: Route | undefined,
    account: CallerAccount | undefined,
  ): Refusal | undefined {
    if (!route) return 404;
    if (leadsToParty(route)) {
      if (route.targets?.length === 0) return 480;
    } else if (!this.options.registry.onAnswered.serves(route.target)) return 501;
    if (hopsLeft(request) === 0) return 483;
    return account && this.isExhausted(account) ? 403 : undefined;
  }

  originate(command: OriginateCommand): Promise<CallView | CommandRefused> {
    const { routes, registry } = this.options;
    const { target } = command;
    if (target && !registry.onAnswered.serves(target)) return Promise.resolve(unserved(target.kind));
    const id = currentCommand()?.id;
    const ring = (located: readonly (readonly CallTarget[] | undefined)[]) =>
      id === undefined ? this.ring(command, located) : this.ringOnce(id, command, located);
    if (!routes.locate) return Promise.resolve(ring([]));
    return Promise.all(command.to.map((uri) => Promise.resolve(routes.locate?.(uri)))).then((located) =>
      located.some((targets) => targets?.length === 0) ? partyNotRegistered : ring(located),
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
      ...(command.target === undefined ? {} : { target: command.target }),
      ...(command.document &&
        command.target && {
          flow: { id: command.target.name, document: command.document },
        }),
      ...(command.metadata === undefined ? {} : { metadata: command.metadata }),
      ...(command.timeoutMs === undefined ? {} : { ringTimeoutMs: command.timeoutMs }),
      ...(command.maxDurationMs === undefined ? {} : { maxDurationMs: command.maxDurationMs }),
      ...(command.record === undefined ? {} : { record: command.record.channels }),
      targets: { ...(caller && { caller: [...caller] }), ...(callee && { callee: [...callee] }) },
    });
    this.options.registry.create(snapshot, beginOutbound);
    return callView(snapshot);
  }

  /** As `ring`; a command that may come again finds the call of its first time, and is answered when that is stored. */
  private async ringOnce(
    id: string,
    command: OriginateCommand,
    located: readonly (readonly CallTarget[] | undefined)[],
  ): Promise<CallView> {
    const { reader, registry } = this.options;
    const known = await reader.snapshot(`call_${id}`);
    if (known) {
      const answered = known.answers?.find((one) => one.step.startsWith(`${id}/`));
      return (answered?.answer as CallView | undefined) ?? callView(known);
    }
    const view = this.ring(command, located);
    return (await registry.ask(view.id, ({ snapshot }) => callView(snapshot))) ?? view;
  }

  async hangup(callId: string, options: { reason?: string } = {}): Promise<CallView | CommandRefused> {
    const answer = await this.options.registry.ask(callId, (call) => {
      hangUp(call, options.reason);
      return callView(call.snapshot);
    });
    if (answer) return answer;
    const ended = await this.options.reader.call(callId);
    return ended
      ? conflict('call_ended', `The call has ended (${ended.ended_reason ?? ended.state})`)
      : callNotFound;
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

  counts(): Record<string, number> {
    const { registry } = this.options;
    const counts: Record<string, number> = {
      calls: registry.size,
      recordings: 0,
      dialogs: 0,
      msml_unknown_events: registry.unknownMsmlEvents,
    };
    for (const snapshot of registry.snapshots()) {
      const key = `calls_${snapshot.state}`;
      counts[key] = (counts[key] ?? 0) + 1;
      counts.recordings =
        (counts.recordings ?? 0) + snapshot.recordings.filter((r) => r.endedAt === undefined).length;
    }
    return counts;
  }

  /** Stolen credentials are worth no more than so many calls (reliability, class 8). */
  private isExhausted({ name, maxCalls }: CallerAccount): boolean {
    if (maxCalls === undefined) return false;
    let calls = 0;
    for (const { account } of this.options.registry.snapshots()) if (account === name) calls += 1;
    return calls >= maxCalls;
  }

  private beginning(direction: 'inbound' | 'outbound') {
    const { ids, clock, timings } = this.options;
    return {
      id: `call_${(direction === 'outbound' && currentCommand()?.id) || ids.uuidv7()}` as CallId,
      direction,
      now: clock.wallTime(),
      ringTimeoutMs: timings.ringTimeoutMs,
      maxDurationMs: timings.maxDurationMs,
    };
  }
}

/** Where a call goes by its route. One for an application is to whom the caller has dialled. */
function destination(route: Route, dialled: string) {
  if (!leadsToParty(route)) {
    const { target, document } = route;
    const flow = document && { id: target.name, document };
    return { mode: 'anchored' as const, to: [dialled], target, flow, targets: undefined };
  }
  const { mode, to, targets } = route;
  const callee = targets && { callee: [...targets] };
  return { mode, to: [to], target: undefined, flow: undefined, targets: callee };
}

const unserved = (kind: string): CommandRefused => ({
  refused: 'unavailable',
  code: 'unavailable',
  detail: `This node takes no calls for a ${kind}`,
});
