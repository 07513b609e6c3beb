import type { AuditResult, MsmlEvent, MsmlOutcome } from '@legato/msml';
import { parseObjectId } from '@legato/msml';
import { refusalOf } from '../media-control/dialog-report';
import { receiveAnnouncementEvent, receiveAnnouncementOutcome } from './announcements';
import { adoptAudit } from './adopt-audit';
import type { Conference } from './conference';
import { mixerId } from './conference-snapshot';
import { noteSpeakers } from './participants';
import { receiveLeaveOutcome, receiveStreamsOutcome, reconcile } from './reconcile';
import { receiveRecordingEvent, receiveRecordingOutcome } from './recordings';

/** The name is ours alone: a conference that has it is this one (RFC 5707 §11). */
const CONFERENCE_NAME_IN_USE = '432';
/** No answer, or no dialog: it ends for that (RFC 3261 §12.2.1.2), and that is heard of by itself. */
const DIALOG_ENDS: readonly number[] = [408, 481];

function receiveAudit(conference: Conference, outcome: MsmlOutcome, asked: string): void {
  const isUnsupported = !outcome.ok && outcome.response !== '430';
  if (isUnsupported) {
    conference.trigger('audit refused');
    return;
  }
  const found = outcome.auditResults?.find(
    ({ targetid }: AuditResult) => targetid === mixerId(conference.snapshot),
  );
  adoptAudit(conference, found, asked === 'streams');
  conference.trigger(found ? 'audited present' : 'audited absent');
}

function receiveCreated(conference: Conference, outcome: MsmlOutcome): void {
  if (outcome.ok || outcome.response === CONFERENCE_NAME_IN_USE) conference.trigger('created');
  else {
    conference.snapshot.error = refusalOf(outcome);
    conference.trigger('create refused');
  }
}

type Receiver = (conference: Conference, outcome: MsmlOutcome, verb: string, id: string) => void;

/** By the first word of the token of the request. */
const receivers: Readonly<Record<string, Receiver>> = {
  audit: receiveAudit,
  create: receiveCreated,
  destroy: (conference) => conference.trigger('destroyed'),
  streams: (conference, outcome, id) => receiveStreamsOutcome(conference, id, outcome),
  leave: receiveLeaveOutcome,
  play: (conference, outcome, verb, id) => receiveAnnouncementOutcome(conference, verb, id, outcome),
  record: (conference, outcome, verb, id) => receiveRecordingOutcome(conference, verb, id, outcome),
};

/** Routes the outcome of a request to what its token names. */
export function receiveOutcome(conference: Conference, outcome: MsmlOutcome): void {
  if (DIALOG_ENDS.includes(outcome.sipStatus)) return;
  const [topic = '', verb = '', id = ''] = outcome.token.split(' ');
  receivers[topic]?.(conference, outcome, verb, id);
}

/** Music that ended by itself can not be played here: it would end again. */
function noteMusicEnded(conference: Conference, dialog: string): boolean {
  const listener = conference.snapshot.participants.find(
    ({ applied, pending }) => applied.music === dialog || pending?.music === dialog,
  );
  if (!listener) return false;
  const isWanted = listener.pending === undefined && listener.state !== 'left';
  delete listener.applied.music;
  if (isWanted) listener.silentHold = true;
  return true;
}

/** An event that the media server sends on the control dialog (RFC 5707 §7.4). */
export function receiveConferenceEvent(conference: Conference, event: MsmlEvent): void {
  const dialog = parseObjectId(event.id)?.dialog;
  if (event.name === 'msml.conf.asn') {
    const speakers = event.values.filter(({ name }) => name === 'speaker').map(({ value }) => value);
    noteSpeakers(conference, speakers);
  } else if (event.name === 'msml.conf.nomedia') {
    conference.trigger('doubted');
    reconcile(conference);
  } else if (dialog !== undefined) {
    const isKnown =
      receiveAnnouncementEvent(conference, dialog, event) ||
      receiveRecordingEvent(conference, dialog, event) ||
      (event.name === 'msml.dialog.exit' && noteMusicEnded(conference, dialog)) ||
      dialog.startsWith('tone-');
    if (!isKnown) noteUnknown(conference, event);
  } else noteUnknown(conference, event);
}

function noteUnknown({ runtime, snapshot }: Conference, event: MsmlEvent): void {
  runtime.unknownMsmlEvent();
  runtime.log.info('MSML event for no object of this conference', {
    conference_id: snapshot.id,
    event: event.name,
    object: event.id,
  });
}
