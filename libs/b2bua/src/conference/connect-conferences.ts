import type { Log } from '@legato/kernel';
import type { Call } from '../call/call';
import type { CallId } from '../call/call-snapshot';
import type { CollectId } from '../call/collect-snapshot';
import type { LiveConferenceCommands } from '../commands/conference-commands';
import type { LiveParticipantCommands } from '../commands/participant-commands';
import { isRefused } from '../registry/call-control';
import type { CommandRefused } from '../registry/call-control';
import type { CallRegistry } from '../registry/call-registry';
import { hangUp } from '../use-cases/hang-up';
import type { ConferencePlaces } from './conference-places';
import type { ConferenceCalls } from './conference-calls';
import { leftReasonOf, partyMedia } from './conference-calls';
import type { ConferenceRegistry } from './conference-registry';
import type { ConferenceOptions } from './conference-snapshot';
import { arrive, removeParticipant } from './participants';
import { hearAgain, silence } from './silence';

export interface ConnectedConferences {
  readonly log: Log;
  readonly calls: CallRegistry;
  readonly participantCalls: ConferenceCalls;
  readonly conferences: ConferenceRegistry;
  readonly commands: LiveConferenceCommands;
  readonly participants: LiveParticipantCommands;
  readonly places: ConferencePlaces;
  /** Of a conference that comes to be because somebody calls its number. */
  readonly defaults: ConferenceOptions;
}

/** Lets conferences hear of their calls: those that are answered for them, and those that end. */
export function connectConferences(parts: ConnectedConferences): void {
  const { calls, conferences, participantCalls, places } = parts;
  const answered = (call: Call): void => {
    const { id, conferenceMembership, target } = call.snapshot;
    const media = partyMedia(call, 'caller');
    call.runtime.afterStored(id, () => {
      if (!conferenceMembership) {
        void receive(parts, id, target?.name ?? '');
        return;
      }
      const { conference, participant } = conferenceMembership;
      const isThere = conferences.post(conference, (live) => {
        const dialled = live.participant(participant);
        if (dialled && dialled.state !== 'left') arrive(live, dialled, media);
        else participantCalls.hangUp(id, participant);
      });
      if (!isThere) participantCalls.hangUp(id, participant);
    });
  };
  calls.onAnswered.register('conference', answered, (name) => places.find(name));
  calls.onReleased.listen((snapshot) => {
    const { conferenceMembership } = snapshot;
    if (!conferenceMembership) return;
    const reason = leftReasonOf(snapshot);
    conferences.post(conferenceMembership.conference, (conference) => {
      const participant = conference.participant(conferenceMembership.participant);
      if (participant) removeParticipant(conference, participant, reason);
    });
  });
  const tellKeying = (call: Call, collect: CollectId, what: typeof silence | typeof hearAgain): void => {
    const { id: callId, conferenceMembership } = call.snapshot;
    if (!conferenceMembership) return;
    const { conference: id, participant } = conferenceMembership;
    call.runtime.afterStored(callId, () => {
      const isThere = conferences.post(id, (live) => what(live, { callId, participant, collect }));
      // One that is gone lets nobody hear anything.
      if (!isThere) participantCalls.silenced({ callId, participant, collects: [collect] });
    });
  };
  calls.onSecretKeying.listen({
    begins: (call, collect) => tellKeying(call, collect, silence),
    ends: (call, collect) => tellKeying(call, collect, hearAgain),
  });
  participantCalls.onUnreachable = (id, participantId, detail) => {
    conferences.post(id, (conference) => {
      const participant = conference.participant(participantId);
      const error = { code: 'party_not_registered', detail };
      if (participant) removeParticipant(conference, participant, 'rejected', { error });
    });
  };
}

/** A call came for a conference, which may have to be made. A caller whom it does not take is hung up. */
async function receive(parts: ConnectedConferences, callId: CallId, name: string): Promise<void> {
  const { calls, commands, participants, defaults, log } = parts;
  const refuse = (why: unknown): void => {
    log.info('caller not taken into the conference', { call_id: callId, name, why });
    calls.post(callId, hangUp);
  };
  try {
    const made = await commands.createOrGet(name, defaults);
    const answer: object | CommandRefused = isRefused(made)
      ? made
      : await participants.receive(made.conference.id, callId);
    if (isRefused(answer)) refuse(answer.code);
  } catch (error) {
    refuse(String(error));
  }
}
