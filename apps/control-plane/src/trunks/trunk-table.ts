import type { CallTarget, OutboundTrunks } from '@legato/b2bua';
import type { Clock, Log } from '@legato/kernel';
import { SipUri } from '@legato/sip';
import type { Trunk } from './trunks-file';

/** A target can ask to be left alone for so long at most. */
const MAX_RETRY_AFTER_MS = 3_600_000;

interface TargetState {
  /** What OPTIONS, or the last call, found. */
  up: boolean;
  /** Monotonic time until which it wants no calls (RFC 3261 §21.5.4). */
  leftAloneUntil: number;
}

const addressOf = (text: string): string => {
  const uri = SipUri.parse(text);
  return uri ? `${uri.host.toLowerCase()}:${uri.port ?? ''}` : '';
};

/** The trunks of this node and which of their targets take calls. */
export class TrunkTable implements OutboundTrunks {
  private readonly byName: ReadonlyMap<string, Trunk>;
  /** By host and port: what leads to a target of a trunk is a call over the trunk. */
  private readonly byAddress = new Map<string, Trunk>();
  private readonly states = new Map<string, TargetState>();
  /** Longest first. */
  private readonly prefixes: readonly { readonly prefix: string; readonly trunk: Trunk }[];

  constructor(
    private readonly options: { readonly trunks: readonly Trunk[]; readonly clock: Clock; readonly log: Log },
  ) {
    const { trunks } = options;
    this.byName = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.prefixes = trunks
      .flatMap((trunk) => trunk.prefixes.map((prefix) => ({ prefix, trunk })))
      .sort((a, b) => b.prefix.length - a.prefix.length);
    for (const trunk of trunks) {
      for (const target of trunk.targets) {
        const address = addressOf(target);
        if (!this.byAddress.has(address)) this.byAddress.set(address, trunk);
        this.states.set(address, { up: true, leftAloneUntil: 0 });
      }
    }
  }

  /** Every target once. */
  get targets(): string[] {
    return [...new Set(this.options.trunks.flatMap(({ targets }) => targets))];
  }

  forNumber(number: string): Trunk | undefined {
    return this.prefixes.find(({ prefix }) => number.startsWith(prefix))?.trunk;
  }

  /** The trunk whose name or whose target stands as the host of a URI. */
  forUri(uri: string): Trunk | undefined {
    const parsed = SipUri.parse(uri);
    if (!parsed) return undefined;
    const named = parsed.port === undefined ? this.byName.get(parsed.host.toLowerCase()) : undefined;
    return named ?? this.byAddress.get(addressOf(uri));
  }

  /** Where to try a number, in order: targets that work, then those that seemed not to; none that wants to be left alone. */
  targetsFor(trunk: Trunk, user: string): CallTarget[] {
    const now = this.options.clock.now();
    const willing = trunk.targets.filter((target) => (this.stateOf(target)?.leftAloneUntil ?? 0) <= now);
    const isUp = (target: string) => this.stateOf(target)?.up ?? true;
    const ordered = [...willing.filter(isUp), ...willing.filter((target) => !isUp(target))];
    return ordered.map((target, index) => ({
      uri: target.replace(/^(sips?:)/i, `$1${user}@`),
      to: `sip:${user}@${trunk.domain}`,
      account: trunk.name,
      ...(trunk.isTrusted && { isTrusted: true as const }),
      ...(index > 0 && { isBackup: true }),
    }));
  }

  followsRedirects(trunk: string): boolean {
    return this.byName.get(trunk)?.followsRedirects ?? false;
  }

  reportFailure(uri: string, status: number, retryAfterMs?: number): void {
    const state = this.stateOf(uri);
    if (!state) return;
    const { clock, log } = this.options;
    if (status === 503 && retryAfterMs !== undefined) {
      state.leftAloneUntil = clock.now() + Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    } else if (status === 408 || status === 503) state.up = false;
    log.warn('trunk.target_failed', { target: addressOf(uri), status, retry_after_ms: retryAfterMs });
  }

  /** From OPTIONS. */
  reportHealth(target: string, up: boolean): void {
    const state = this.stateOf(target);
    if (state) state.up = up;
  }

  private stateOf(uri: string): TargetState | undefined {
    return this.states.get(addressOf(uri));
  }
}
