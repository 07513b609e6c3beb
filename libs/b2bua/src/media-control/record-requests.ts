import type { MsmlOperation } from '@legato/msml';
import type { Call } from '../call/call';
import type { RecordingSnapshot } from '../call/call-snapshot';
import { connectionId } from './join-connections';

/** Shadow variables that a finished record dialog reports (RFC 5707 §9.7.4). */
const REPORTED = 'record.len record.end record.recordid';

/** The MSML name of the conference that mixes the parties of a call. */
export const conferenceName = (call: Call): string => call.snapshot.id;

/** Takes the parties out of their join and into a conference, whose mix can be recorded. */
function gather(call: Call): MsmlOperation[] {
  const conference = `conf:${conferenceName(call)}`;
  const caller = connectionId(call, 'caller media');
  if (!call.usage('callee media')) {
    return [createConference(call), { element: 'join', id1: caller, id2: conference }];
  }
  const callee = connectionId(call, 'callee media');
  return [
    createConference(call),
    { element: 'unjoin', id1: caller, id2: callee },
    { element: 'join', id1: caller, id2: conference },
    { element: 'join', id1: callee, id2: conference },
  ];
}

function createConference(call: Call): MsmlOperation {
  return {
    element: 'createconference',
    name: conferenceName(call),
    // It goes when the parties do, even if we are no longer there to say so.
    deletewhen: 'nomedia',
    term: false,
    audiomix: {},
  };
}

/** Undoes a {@link gather} that a media server did not carry through. */
export function scatter(call: Call): MsmlOperation[][] {
  const caller = connectionId(call, 'caller media');
  const callee = connectionId(call, 'callee media');
  return [
    [{ element: 'destroyconference', id: `conf:${conferenceName(call)}` }],
    [{ element: 'join', id1: caller, id2: callee }],
  ];
}

function dialogStart(recording: RecordingSnapshot, target: string): MsmlOperation {
  return {
    element: 'dialogstart',
    target,
    type: 'application/moml+xml',
    name: recording.id,
    content: [
      {
        element: 'record',
        dest: `file://${recording.id}.wav`,
        format: 'audio/wav;codecs=L16',
        maxtime: `${Math.ceil(recording.maxMs / 1000)}s`,
        ...(recording.channels === 'dual' ? { channels: '2' as const } : {}),
        recordexit: [{ element: 'exit', namelist: REPORTED }],
      },
    ],
  };
}

/**
 * The operations that start a recording. Dual channel records the caller's connection: left what the caller says,
 * right what it hears. Mono records the mix of a conference, which any MSML server can do.
 */
export function startOperations(call: Call, recording: RecordingSnapshot): MsmlOperation[] {
  if (recording.channels === 'dual') return [dialogStart(recording, connectionId(call, 'caller media'))];
  const conference = `conf:${conferenceName(call)}`;
  const start = dialogStart(recording, conference);
  return call.snapshot.conference === undefined ? [...gather(call), start] : [start];
}

export function stopOperations(call: Call, recording: RecordingSnapshot): MsmlOperation[] {
  const target =
    recording.channels === 'dual' ? connectionId(call, 'caller media') : `conf:${conferenceName(call)}`;
  return [{ element: 'dialogend', id: `${target}/dialog:${recording.id}` }];
}
