import { arrowFor } from '@legato/kernel';
import type { UsageEvent } from '@legato/sip';
import { reasonPhrase } from '@legato/sip';
import type { Call } from '../call/call';
import type { LegRole, SipOutcome } from '../call/call-snapshot';
import { partyUri } from '../call/party-uri';
import type { RingBranch, RingSnapshot } from '../call/ring-snapshot';
import { descriptionIn, sdpBody } from '../media-control/session-description';
import type { CallTarget } from '../ports/route-table';
import { noteRefusal } from './best-refusal';
import { outgoingInvite } from './outgoing-invite';
import type { RingTogetherAction, RingTogetherTrigger } from './ring-together.machine';
import { ringTogetherMachine } from './ring-together.machine';
import { isFailure } from './trunk-refusal';

/** So that no phone shows a missed call (RFC 3326 §2). */
const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';

/** What happened, and to which of the places. */
interface Happening {
  readonly ring: RingSnapshot;
  readonly branch: RingBranch;
  readonly refusal?: SipOutcome;
}

/** The places that ring together with the one that was just called, each with its other ways. */
function takeCompanions(targets: CallTarget[]): { ownBackups: CallTarget[]; companions: CallTarget[][] } {
  const end = targets.findIndex(({ isBackup, together }) => !isBackup && !together);
  const group = end < 0 ? targets.slice() : targets.slice(0, end);
  const ownBackups: CallTarget[] = [];
  const companions: CallTarget[][] = [];
  for (const target of group) {
    if (target.together) companions.push([target]);
    else (companions.at(-1) ?? ownBackups).push(target);
  }
  if (companions.length > 0) targets.splice(0, group.length);
  return { ownBackups, companions };
}

/** Rings the places of equal preference beside the one that has just been called (RFC 3261 §16.6). */
export function ringCompanions(call: Call, leg: LegRole, offer: string | undefined): void {
  const { snapshot } = call;
  const first = snapshot.roles[leg];
  const { ownBackups, companions } = takeCompanions(snapshot.targets?.[leg] ?? []);
  if (first === undefined || companions.length === 0) return;
  const ring: RingSnapshot = { leg, branches: [{ usage: first, backups: ownBackups }] };
  snapshot.ring = ring;
  for (const ways of companions) callBeside(call, ring, ways, offer);
}

function callBeside(
  call: Call,
  ring: RingSnapshot,
  ways: readonly CallTarget[],
  offer: string | undefined,
): void {
  const [target, ...backups] = ways;
  const party = partyUri(call.snapshot, ring.leg);
  if (!target || party === undefined) return;
  const body = offer === undefined ? undefined : sdpBody(offer);
  const usage = call.openBeside(outgoingInvite(call, party, target), body);
  ring.branches.push({ usage, backups });
}

/** The offer that each place of a party gets: the same, whichever answers. */
export function offerFor({ snapshot }: Call, leg: LegRole): string | undefined {
  const { mode, descriptions } = snapshot;
  if (mode === 'anchored') return descriptions[`${leg} media`];
  return leg === 'callee' ? descriptions.caller : undefined;
}

const actions: Readonly<Record<RingTogetherAction, (call: Call, happening: Happening) => void>> = {
  'give it the part': (call, { ring, branch }) => lead(call, ring, branch),
  'note refusal': (call, { ring, refusal }) => refusal && noteRefusal(call, ring.leg, refusal),
  'drop it': (call, { ring, branch }) => {
    ring.branches = ring.branches.filter((other) => other !== branch);
    const [next] = ring.branches;
    if (next && call.snapshot.roles[ring.leg] === branch.usage) lead(call, ring, next);
  },
  'try its other way': (call, { ring, branch }) =>
    callBeside(call, ring, branch.backups, offerFor(call, ring.leg)),
  'go on with the last': ({ snapshot }, { ring }) => {
    const backups = ring.branches[0]?.backups ?? [];
    snapshot.targets = {
      ...snapshot.targets,
      [ring.leg]: [...backups, ...(snapshot.targets?.[ring.leg] ?? [])],
    };
  },
  'cancel the others': (call, { ring }) => cancelOthers(call, ring),
  'answered elsewhere': (call, { ring }) => cancelOthers(call, ring, ELSEWHERE),
};

function lead({ snapshot }: Call, { leg }: RingSnapshot, branch: RingBranch): void {
  if (snapshot.roles[leg] !== branch.usage) delete snapshot.calleeIdentity;
  snapshot.roles[leg] = branch.usage;
  if (branch.description === undefined) delete snapshot.descriptions[leg];
  else snapshot.descriptions[leg] = branch.description;
}

/** One whose 2xx has crossed our CANCEL is hung up by its dialog (RFC 3261 §9.1, §15). */
function cancelOthers(call: Call, { leg, branches }: RingSnapshot, reason?: string): void {
  for (const { usage } of branches) {
    if (usage !== call.snapshot.roles[leg]) call.usageById(usage)?.bye(reason);
  }
}

function take(call: Call, trigger: RingTogetherTrigger, happening: Happening): void {
  const arrow = arrowFor(ringTogetherMachine, 'Several ring', trigger);
  for (const action of arrow?.do ?? []) actions[action](call, happening);
  if (arrow?.to === 'One is left') delete call.snapshot.ring;
}

function triggerOfRefusal({ ring, branch, refusal }: Happening): RingTogetherTrigger {
  const status = refusal?.status ?? 0;
  if (status >= 600) return 'refuses for all';
  if (isFailure(status) && branch.backups.length > 0) return 'fails, has another way';
  return ring.branches.length > 2 ? 'refuses, several others ring' : 'refuses, one other rings';
}

/** Why a place no longer rings, if it does not. */
function refusalIn(event: UsageEvent): SipOutcome | undefined {
  if (event.type === 'ended') return { status: 480, reason: reasonPhrase(480) };
  if (event.type !== 'refused' || event.purpose === 're-INVITE') return undefined;
  return { status: event.status, reason: event.response?.reason || reasonPhrase(event.status) };
}

/** A place that rings together with others has something to tell: whether the party does is settled here. */
export function hearBranch(call: Call, usageId: string, event: UsageEvent): void {
  const { ring } = call.snapshot;
  const branch = ring?.branches.find(({ usage }) => usage === usageId);
  if (!ring || !branch) return;
  const refusal = refusalIn(event);
  if (refusal) {
    const happening = { ring, branch, refusal };
    take(call, triggerOfRefusal(happening), happening);
    return;
  }
  const description = event.type === 'provisional' ? descriptionIn(event.response) : undefined;
  if (description !== undefined) branch.description = description;
  take(call, event.type === 'accepted' ? 'accepts' : 'speaks', { ring, branch });
}

/** Nobody answered in time, or the call is over: only the place that has the part still counts. */
export function leaveRing(call: Call, why: 'ring timeout' | 'call ends'): void {
  const { ring } = call.snapshot;
  const branch = ring?.branches.find(({ usage }) => usage === call.snapshot.roles[ring.leg]);
  if (ring && branch) take(call, why, { ring, branch });
}
