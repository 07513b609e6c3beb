import type { Clock, IdSource, Log } from '@legato/kernel';
import type { CallTimings } from '../call/call-runtime';
import type { ConferenceCommands } from '../commands/conference-commands';
import { LiveConferenceCommands } from '../commands/conference-commands';
import { EveryRecording } from '../commands/every-recording';
import type { ParticipantCommands } from '../commands/participant-commands';
import { LiveParticipantCommands } from '../commands/participant-commands';
import type { RecordingCommands } from '../commands/recording-commands';
import type { CallStore } from '../ports/call-store';
import type { DocumentStore } from '../ports/document-store';
import type { MediaServerPool } from '../ports/media-server-pool';
import type { RouteTable } from '../ports/route-table';
import type { CallReader } from '../registry/call-reader';
import type { RecordingIndex } from '../registry/recording-index';
import type { CallRegistry } from '../registry/call-registry';
import type { Signalling } from '../registry/signalling';
import { ConferenceCalls } from './conference-calls';
import { ConferenceNames } from './conference-names';
import { ConferencePlaces } from './conference-places';
import { ConferenceReader } from './conference-reader';
import { ConferenceRegistry } from './conference-registry';
import type { ConferenceOptions } from './conference-snapshot';
import { connectConferences } from './connect-conferences';

export interface ConferencesParts {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly store: CallStore;
  /** Names of conferences are kept there. */
  readonly documents: DocumentStore;
  readonly signalling: Signalling;
  readonly mediaServers: MediaServerPool;
  readonly timings: CallTimings;
  /** `host:port` of this user agent. */
  readonly address: string;
  readonly calls: CallRegistry;
  readonly callReader: CallReader;
  readonly index: RecordingIndex;
  /** Finished recordings go to an archive before they are complete. */
  readonly archivesRecordings?: boolean;
  readonly routes: RouteTable;
}

/** The conferences of a node. */
export interface Conferences {
  readonly registry: ConferenceRegistry;
  readonly commands: ConferenceCommands;
  readonly participants: ParticipantCommands;
  readonly names: ConferenceNames;
  /** Those of calls among them. */
  readonly recordings: RecordingCommands;
}

/** What a conference is without a word about it. */
export const DEFAULT_CONFERENCE: ConferenceOptions = {
  maxParticipants: 200,
  startOn: 'join',
  endOn: 'empty',
  lingerMs: 0,
  maxDurationMs: 12 * 3_600_000,
  tones: { enter: false, leave: false },
  music: [{ file: 'please-hold.wav' }],
  speakersMs: 1_000,
  metadata: {},
};

/** Puts the conferences of a node beside its calls, in the same store. */
export function createConferences(parts: ConferencesParts): Conferences {
  const { ids, clock, log, store, timings, calls, callReader, routes } = parts;
  const participantCalls = new ConferenceCalls({ clock, registry: calls, routes, timings });
  const registry = new ConferenceRegistry({
    ...parts,
    calls: participantCalls,
    recordingCreated: (conference, recording) => {
      parts.index.point(recording, conference).catch((error: unknown) => {
        log.error('recording is not indexed', {
          conference_id: conference,
          recording_id: recording,
          error: String(error),
        });
      });
    },
  });
  const reader = new ConferenceReader(store, (id) => registry.snapshot(id));
  const isOpen = (id: string) => {
    const conference = registry.find(id);
    return conference && !conference.isEnding && !conference.isEnded;
  };
  const names = new ConferenceNames({ documents: parts.documents, store, ids, isOpen });
  const commands = new LiveConferenceCommands({ clock, registry, reader, names });
  const participants = new LiveParticipantCommands({
    ids,
    conferences: registry,
    reader,
    calls,
    callReader,
  });
  const places = new ConferencePlaces(clock, parts.mediaServers, (name) => registry.named(name)?.mediaServer);
  connectConferences({
    places,
    log,
    calls,
    participantCalls,
    conferences: registry,
    commands,
    participants,
    defaults: DEFAULT_CONFERENCE,
  });
  const recordings = new EveryRecording({
    registry: calls,
    reader: callReader,
    index: parts.index,
    conferences: registry,
    conferenceReader: reader,
  });
  return { registry, commands, participants, names, recordings };
}
