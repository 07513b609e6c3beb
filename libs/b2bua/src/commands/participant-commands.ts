import type { IdSource } from '@legato/kernel';
import type { Call } from '../call/call';
import { partyUri } from '../call/party-uri';
import type { CallId } from '../call/call-snapshot';
import type { PartyMedia } from '../conference/conference-calls';
import { partyMedia, storeMembership } from '../conference/conference-calls';
import type { Conference } from '../conference/conference';
import type { ConferenceReader } from '../conference/conference-reader';
import type { ConferenceRegistry } from '../conference/conference-registry';
import type { ConferenceId, ParticipantId, ParticipantRole } from '../conference/conference-snapshot';
import type { ParticipantView } from '../conference/conference-view';
import { participantView } from '../conference/conference-view';
import type { Arrival, ParticipantChange } from '../conference/participants';
import { admit, arrive, change, removeParticipant } from '../conference/participants';
import type { CommandRefused } from '../registry/call-control';
import { isRefused } from '../registry/call-control';
import type { CallReader } from '../registry/call-reader';
import type { CallRegistry } from '../registry/call-registry';
import { notAlone } from './call-refusals';
import { callNotFound, conflict, notConnected } from './command-refusals';
import { conferenceNotFound, elsewhere, hasEnded, notOpen, participantNotFound } from './conference-refusals';

type Answer<View> = Promise<View | CommandRefused>;

/** How somebody takes part. */
export interface Attendance {
  readonly role?: ParticipantRole;
  readonly muted?: boolean;
  readonly deaf?: boolean;
  readonly hold?: boolean;
  readonly gainDb?: number;
  readonly coachOf?: string;
}

/** What can be changed of somebody; `coachOf: null` lets everybody hear a coach. */
export interface AttendanceChange extends Omit<Attendance, 'role' | 'coachOf'> {
  readonly coachOf?: string | null;
}

/** What can be asked of participants; each command goes through the mailbox of their conference. */
export interface ParticipantCommands {
  /** A call of one party that is connected to the media server of the conference. */
  add(conferenceId: string, callId: string, attendance: Attendance): Answer<ParticipantView>;
  /** Rings somebody for the conference. */
  dial(
    conferenceId: string,
    to: { readonly from: string; readonly to: string; readonly timeoutMs?: number },
    attendance: Attendance,
  ): Answer<ParticipantView>;
  update(conferenceId: string, id: string, change: AttendanceChange): Answer<ParticipantView>;
  /** Takes somebody out; `hangUp` ends its call, too. */
  remove(conferenceId: string, id: string, options: { readonly hangUp: boolean }): Answer<ParticipantView>;
  getParticipant(conferenceId: string, id: string): Promise<ParticipantView | undefined>;
  /** Those who left among them; undefined without such a conference. */
  listParticipants(conferenceId: string): Promise<ParticipantView[] | undefined>;
}

type Newcomer = Omit<Arrival, 'role'>;
/** A call that is spoken for, and where its media are. */
type TakenCall = Omit<Newcomer, 'ownsCall'> & { readonly media: PartyMedia };

export interface ParticipantCommandsOptions {
  readonly ids: IdSource;
  readonly conferences: ConferenceRegistry;
  readonly reader: ConferenceReader;
  readonly calls: CallRegistry;
  readonly callReader: CallReader;
}

/** The participants of this node's conferences. */
export class LiveParticipantCommands implements ParticipantCommands {
  constructor(private readonly options: ParticipantCommandsOptions) {}

  async add(conferenceId: string, callId: string, attendance: Attendance): Answer<ParticipantView> {
    const { calls, callReader } = this.options;
    const taken = await this.takeCall(conferenceId, callId);
    if (!taken) {
      const known = await callReader.call(callId);
      if (!known) return callNotFound;
      return known.state === 'ended'
        ? conflict('call_ended', 'The call has ended')
        : conflict('call_elsewhere', 'Another node has the call: it can not be mixed on this one');
    }
    if (isRefused(taken)) return taken;
    const answer = await this.enter(conferenceId, { ...taken, ownsCall: false }, attendance);
    if (isRefused(answer)) calls.post(callId, (call) => giveBack(call, taken.id));
    return answer;
  }

  /** A call that is in the hands of the conference from its beginning: it ends with the participation. */
  async receive(conferenceId: string, callId: CallId): Answer<ParticipantView> {
    const taken = await this.takeCall(conferenceId, callId);
    if (!taken || isRefused(taken)) return taken ?? callNotFound;
    return this.enter(conferenceId, { ...taken, ownsCall: true }, {});
  }

  /** A command that comes again finds the call taken, and goes on with the same participant. */
  private takeCall(conferenceId: string, callId: string): Promise<TakenCall | CommandRefused | undefined> {
    const id = `part_${this.options.ids.uuidv7()}` as ParticipantId;
    const taken = this.options.calls.ask(callId, (call) => this.take(call, conferenceId as ConferenceId, id));
    return Promise.resolve(taken);
  }

  async dial(
    conferenceId: string,
    { from, to, timeoutMs }: { readonly from: string; readonly to: string; readonly timeoutMs?: number },
    attendance: Attendance,
  ): Answer<ParticipantView> {
    const callId = `call_${this.options.ids.uuidv7()}` as CallId;
    const id = `part_${this.options.ids.uuidv7()}` as ParticipantId;
    const answer = await this.options.conferences.ask(conferenceId, (conference) => {
      const refusal = notOpen(conference) ?? badCoach(conference, attendance.coachOf);
      if (refusal) return refusal;
      const { snapshot, runtime } = conference;
      // All of them have to be at one media server.
      snapshot.mediaServer ??= runtime.mediaServers.choose([])?.uri;
      const arrival: Newcomer = { id, callId, leg: 'caller', uri: to, ownsCall: true };
      const participant = admit(conference, { ...arrival, ...wanted(attendance) });
      const { id: conferenceKey, name } = snapshot;
      runtime.afterStored(snapshot.id, () =>
        runtime.calls.dial({
          callId,
          from,
          to,
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
          conference: { id: conferenceKey, name },
          participant: id,
        }),
      );
      return participantView(snapshot, participant);
    });
    return answer ?? this.gone(conferenceId);
  }

  async update(conferenceId: string, id: string, asked: AttendanceChange): Answer<ParticipantView> {
    const { coachOf, ...flags } = asked;
    const answer = await this.options.conferences.ask(conferenceId, (conference) => {
      const participant = conference.participant(id);
      const ended = hasEnded(conference);
      if (ended) return ended;
      if (!participant) return participantNotFound;
      if (participant.state === 'left') return conflict('participant_left', 'The participant has left');
      const coach = coachOf === null ? undefined : badCoach(conference, coachOf, participant.id);
      if (coach) return coach;
      const to: ParticipantChange =
        coachOf === undefined ? flags : { ...flags, coachOf: coachOf as ParticipantId | null };
      change(conference, participant, to);
      return participantView(conference.snapshot, participant);
    });
    return answer ?? this.gone(conferenceId);
  }

  async remove(
    conferenceId: string,
    id: string,
    { hangUp }: { readonly hangUp: boolean },
  ): Answer<ParticipantView> {
    const answer = await this.options.conferences.ask(conferenceId, (conference) => {
      const participant = conference.participant(id);
      if (!participant) return participantNotFound;
      removeParticipant(conference, participant, 'kicked', { hangUp });
      return participantView(conference.snapshot, participant);
    });
    return answer ?? this.gone(conferenceId);
  }

  async getParticipant(conferenceId: string, id: string): Promise<ParticipantView | undefined> {
    return (await this.listParticipants(conferenceId))?.find((participant) => participant.id === id);
  }

  async listParticipants(conferenceId: string): Promise<ParticipantView[] | undefined> {
    const snapshot = await this.options.reader.snapshot(conferenceId);
    return snapshot?.participants.map((participant) => participantView(snapshot, participant));
  }

  /** Marks a call as taken, in its mailbox, and says where its media are. */
  private take(call: Call, conference: ConferenceId, participant: ParticipantId): TakenCall | CommandRefused {
    const { snapshot } = call;
    // One that an earlier process did not carry through.
    if (!this.isMember(snapshot.conferenceMembership)) delete snapshot.conferenceMembership;
    const refusal = notConnected(snapshot) ?? notAlone(snapshot);
    if (refusal) return refusal;
    if (snapshot.mode !== 'anchored') return conflict('call_not_anchored', 'The call is direct');
    snapshot.conferenceMembership = { conference, participant };
    storeMembership(call);
    const uri = partyUri(snapshot, 'caller') ?? snapshot.from;
    return { id: participant, callId: snapshot.id, leg: 'caller', uri, media: partyMedia(call, 'caller') };
  }

  private isMember(membership: Call['snapshot']['conferenceMembership']): boolean {
    if (!membership) return false;
    const conference = this.options.conferences.find(membership.conference);
    const state = conference?.participant(membership.participant)?.state;
    return state === 'joining' || state === 'connected';
  }

  private async enter(
    conferenceId: string,
    { media, ...arrival }: TakenCall & Pick<Arrival, 'ownsCall'>,
    attendance: Attendance,
  ): Answer<ParticipantView> {
    const answer = await this.options.conferences.ask(conferenceId, (conference) => {
      const refusal =
        notOpen(conference) ?? badCoach(conference, attendance.coachOf) ?? otherServer(conference, media);
      if (refusal) return refusal;
      const participant = admit(conference, { ...arrival, ...wanted(attendance) });
      arrive(conference, participant, media);
      return participantView(conference.snapshot, participant);
    });
    return answer ?? this.gone(conferenceId);
  }

  private async gone(id: string): Promise<CommandRefused> {
    const snapshot = await this.options.reader.snapshot(id);
    if (!snapshot) return conferenceNotFound;
    return snapshot.state === 'ended'
      ? conflict('conference_ended', 'The conference has ended')
      : elsewhere(snapshot.name);
  }
}

function giveBack({ snapshot }: Call, participant: ParticipantId): void {
  if (snapshot.conferenceMembership?.participant === participant) delete snapshot.conferenceMembership;
}

/** Only somebody who is there can be coached, and nobody coaches itself. */
function badCoach(
  conference: Conference,
  coachOf: string | undefined,
  coach?: ParticipantId,
): CommandRefused | undefined {
  if (coachOf === undefined) return undefined;
  const coached = conference.participant(coachOf);
  if (coached && coached.state !== 'left' && coached.id !== coach) return undefined;
  return conflict('participant_not_coachable', 'Nobody else who is there has this id');
}

function otherServer({ snapshot }: Conference, { mediaServer }: PartyMedia): CommandRefused | undefined {
  if (snapshot.mediaServer === undefined || snapshot.mediaServer === mediaServer) return undefined;
  return conflict(
    'media_server_differs',
    `The media of the call are at ${mediaServer}, those of the conference at ${snapshot.mediaServer}`,
  );
}

const wanted = ({ role = 'member', coachOf, ...flags }: Attendance) => ({
  role,
  ...flags,
  ...(coachOf === undefined ? {} : { coachOf: coachOf as ParticipantId }),
});
