import type { MsmlOperation } from '@legato/msml';
import type { Call } from '../call/call';
import type { RecordingSnapshot } from '../call/call-snapshot';
import { mediaOf } from '../call/call-snapshot';
import { audioOf, connectionId } from './join-connections';
import type { PartyAudio } from './party-audio';
import { audioChanges } from './party-audio';
import { recordOperations } from './record-requests';

/** The MSML name of the conference that mixes the parties of a call. */
export const conferenceName = (call: Call): string => call.snapshot.id;

/** Takes the parties out of their join and into a conference, whose mix can be recorded. */
export function mixOperations(name: string, apart: PartyAudio): MsmlOperation[] {
  return [createConference(name), ...audioChanges(apart, { ...apart, conference: `conf:${name}` })];
}

const createConference = (name: string): MsmlOperation => ({
  element: 'createconference',
  name,
  // It goes when the parties do, even if we are no longer there to say so.
  deletewhen: 'nomedia',
  term: false,
  audiomix: {},
});

/** Undoes {@link mixOperations} that a media server did not carry through. */
export function scatter(call: Call): MsmlOperation[][] {
  const conference = `conf:${conferenceName(call)}`;
  const { connections, held, muted } = audioOf(call);
  const apart = { connections, held, muted };
  const joins = audioChanges({ ...apart, conference }, apart).filter(({ element }) => element === 'join');
  return [[{ element: 'destroyconference', id: conference }], ...(joins.length > 0 ? [joins] : [])];
}

/** Whether it needs the mix of a conference. */
export const isMixed = ({ channels, leg }: Pick<RecordingSnapshot, 'channels' | 'leg'>): boolean =>
  channels === 'mono' && leg === undefined;

/** What is recorded: both channels of the caller's connection, what one party says, or the mix of all. */
function recordTarget(call: Call, recording: RecordingSnapshot): string {
  if (isMixed(recording)) return `conf:${conferenceName(call)}`;
  return connectionId(call, mediaOf(recording.leg ?? 'caller'));
}

/** MSML's name of the dialog that records. */
export const recordDialogId = (call: Call, recording: RecordingSnapshot): string =>
  `${recordTarget(call, recording)}/dialog:${recording.id}`;

/**
 * The operations that start a recording. Dual channel records the caller's connection: left what the caller says,
 * right what it hears. Mono records the mix of a conference, which any MSML server can do.
 */
export function startOperations(call: Call, recording: RecordingSnapshot): MsmlOperation[] {
  const names = { target: recordTarget(call, recording), name: recording.id };
  const start = recordOperations(names, recording);
  const isFirst = isMixed(recording) && call.snapshot.conference === undefined;
  return isFirst ? [...mixOperations(conferenceName(call), audioOf(call)), ...start] : start;
}
