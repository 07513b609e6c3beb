import type { InviteUsage, ServerTransaction } from '@legato/sip';
import { Call } from '../call/call';
import type { CallRuntime, CallTimings } from '../call/call-runtime';
import type { CallSnapshot, SipOutcome } from '../call/call-snapshot';
import { fireCallTimer } from '../call/fire-call-timer';
import { loseSilentMedia } from '../call/usage-events';
import type { CallSeats } from '../ports/call-seats';
import type { CallRecord } from '../ports/call-store';
import type { MediaServerPool } from '../ports/media-server-pool';
import type { OutboundTrunks } from '../ports/outbound-trunks';
import { MediaWorkListeners } from '../use-cases/media-work-finished';
import { OnAnswered } from '../use-cases/on-answered';
import { OnBridged } from '../use-cases/on-bridged';
import { OnConferenceLeft } from '../use-cases/on-conference-left';
import { OnReleased } from '../use-cases/on-released';
import { OnSecretKeying } from '../use-cases/on-secret-keying';
import { OnTakenUp } from '../use-cases/on-taken-up';
import { resume } from '../use-cases/resume';
import type { AggregateRegistryOptions } from './aggregate-registry';
import { AggregateRegistry } from './aggregate-registry';
import type { RecordingIndex } from './recording-index';
import type { RestoredBeside } from './restored-beside';

export interface CallRegistryOptions extends Omit<AggregateRegistryOptions, 'retentionMs'> {
  readonly mediaServers: MediaServerPool;
  readonly trunks?: OutboundTrunks;
  readonly timings: CallTimings;
  /** `host:port` of this user agent. */
  readonly address: string;
  /** See {@link CallRuntime.isTrustedPeer}; missing: nobody is trusted. */
  readonly isTrustedPeer?: (host: string) => boolean;
  readonly index: RecordingIndex;
  readonly seats?: CallSeats | undefined;
  /** Finished recordings go to an archive before they are complete. */
  readonly archivesRecordings?: boolean;
}

/** The live calls of this node. */
export class CallRegistry extends AggregateRegistry<Call> {
  /** Those who take calls of one party in hand register here before the node takes calls. */
  readonly onAnswered = new OnAnswered();
  /** Those who have to know what became of a second party. */
  readonly onBridged = new OnBridged();
  readonly onTakenUp = new OnTakenUp();
  readonly onConferenceLeft = new OnConferenceLeft();
  /** Those who keep what is keyed in a sensitive collection from others. */
  readonly onSecretKeying = new OnSecretKeying();
  readonly mediaWorkListeners = new MediaWorkListeners();
  /** Those who have to know that a call lets go of its media. */
  readonly onReleased = new OnReleased();
  /** Events of media servers about objects that no call knows, since the start. */
  unknownMsmlEvents = 0;
  private readonly runtime: CallRuntime;

  constructor(private readonly options: CallRegistryOptions) {
    super(
      { ...options, retentionMs: options.timings.retentionMs },
      {
        prefix: 'call_',
        restore: (state) => new Call(JSON.parse(state) as CallSnapshot, this.runtime),
        timersOf: (call) => call.snapshot.timers,
        resume,
        fireTimer: fireCallTimer,
        forgotten: (usageIds) => {
          for (const id of usageIds) options.mediaServers.release(id);
        },
      },
    );
    const { clock, ids, log, timings, mediaServers, address } = options;
    this.runtime = {
      clock,
      ids,
      log,
      timings,
      mediaServers,
      ...(options.trunks && { trunks: options.trunks }),
      archivesRecordings: options.archivesRecordings ?? false,
      isTrustedPeer: options.isTrustedPeer ?? (() => false),
      callEnded: ({ id, account, hasSeat }) => {
        if (!hasSeat || account === undefined) return;
        options.seats?.giveBack(account, id).catch((error: unknown) => {
          log.warn('seat is not given back', { call_id: id, error: String(error) });
        });
      },
      onAnswered: this.onAnswered,
      mediaWorkListeners: this.mediaWorkListeners,
      onReleased: this.onReleased,
      onBridged: this.onBridged,
      onTakenUp: this.onTakenUp,
      onConferenceLeft: this.onConferenceLeft,
      onSecretKeying: this.onSecretKeying,
      address,
      outputFor: (id) => this.output(id),
      afterStored: (id, effect) => this.output(id).also(effect),
      startTimer: (id, name, delayMs) => this.startTimer(id, name, delayMs),
      stopTimer: (id, name) => this.stopTimer(id, name),
      unknownMsmlEvent: () => void (this.unknownMsmlEvents += 1),
      recordingCreated: (id, recording) => {
        options.index.point(recording, id).catch((error: unknown) => {
          log.error('recording is not indexed', {
            call_id: id,
            recording_id: recording,
            error: String(error),
          });
        });
      },
    };
  }

  snapshot(id: string): CallSnapshot | undefined {
    return this.find(id)?.snapshot;
  }

  *snapshots(): IterableIterator<CallSnapshot> {
    for (const { snapshot } of this.all()) yield snapshot;
  }

  /** Takes a new call and runs `begin` as the first task of its mailbox. */
  create(snapshot: CallSnapshot, begin: (call: Call) => void): void {
    this.admit(snapshot.id, () => new Call(snapshot, this.runtime));
    this.post(snapshot.id, begin);
  }

  /** The caller's INVITE: its dialog is number one of the call. */
  createInbound(
    snapshot: CallSnapshot,
    transaction: ServerTransaction,
    begin: (call: Call, caller: InviteUsage) => void,
  ): void {
    const live = this.admit(snapshot.id, () => new Call(snapshot, this.runtime));
    const usageId = live.aggregate.nextUsageId();
    const usage = this.options.signalling.receiveInvite(usageId, this.output(snapshot.id), transaction);
    live.invite = transaction;
    this.post(snapshot.id, (call) => begin(call, usage));
  }

  /** Takes up the calls that an earlier life of `nodeId` left behind, and then what others keep in the same store. */
  async restore(nodeId: string, others: readonly RestoredBeside[] = []): Promise<number> {
    return (await this.takeUpAll(nodeId, [this, ...others])).length;
  }

  /** The same of another node, which is dead and fenced: peers are told that it is this one that has their dialogs now. */
  async takeOver(nodeId: string, others: readonly RestoredBeside[] = []): Promise<number> {
    const registries = [this, ...others];
    const records = await this.takeUpAll(nodeId, registries);
    for (const registry of registries) {
      for (const { id } of records) if (registry.owns(id)) registry.announce(id);
    }
    return records.length;
  }

  private async takeUpAll(nodeId: string, registries: readonly RestoredBeside[]): Promise<CallRecord[]> {
    const records = await this.options.store.claim(nodeId);
    for (const registry of registries) {
      for (const record of records) if (registry.owns(record.id)) registry.takeUp(record);
    }
    return records;
  }

  /** The media server `uri` has been silent for long. */
  loseMediaServer(uri: string): void {
    this.postAll((call) => loseSilentMedia(call, uri));
  }

  /** Ends every call, because none can outlive this process. */
  endAll(outcome: SipOutcome): void {
    this.postAll((call) => call.end('failed', outcome));
  }
}
