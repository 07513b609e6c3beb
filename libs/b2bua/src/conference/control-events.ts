import type { MsmlEvent } from '@legato/msml';
import { decodeMsml, isMsmlContentType } from '@legato/msml';
import type { SipRequest, UsageEvent } from '@legato/sip';
import type { Conference } from './conference';
import { CONTROL_TIMER } from './conference-timers';
import { controlDescription } from '../media-control/session-description';
import { receiveConferenceEvent, receiveOutcome } from './control-msml';
import { finishWhenReleased } from './release';

type Kind = UsageEvent['type'];
type Of<K extends Kind> = Extract<UsageEvent, { type: K }>;

/** MSML and keep-alives are all that a media server has to say here. */
function receiveRequest(conference: Conference, request: SipRequest, transactionKey: string): void {
  const { control } = conference;
  if (request.method !== 'INFO') {
    const isProbe =
      request.method === 'OPTIONS' || (request.method === 'UPDATE' && request.body.length === 0);
    control?.respond(transactionKey, isProbe ? 200 : 488);
  } else if (request.body.length === 0) control?.respond(transactionKey, 200);
  else if (isMsmlContentType(request.contentType ?? '')) receiveMsml(conference, request, transactionKey);
  else control?.respond(transactionKey, 415, undefined, [['Accept', 'application/msml+xml']]);
}

function receiveMsml(conference: Conference, request: SipRequest, transactionKey: string): void {
  const event = eventIn(request);
  conference.control?.respond(transactionKey, event ? 200 : 400);
  if (event) receiveConferenceEvent(conference, event);
}

function eventIn({ body }: SipRequest): MsmlEvent | undefined {
  const decoded = decodeMsml(body, { mode: 'lenient' });
  return decoded.ok && decoded.value.kind === 'event' ? decoded.value.event : undefined;
}

/** The BYE of the media server may bring a last event (RFC 5707 §3.1). */
function receiveBye(conference: Conference, request: SipRequest): void {
  const event = isMsmlContentType(request.contentType ?? '') ? eventIn(request) : undefined;
  if (event) receiveConferenceEvent(conference, event);
}

function lose(conference: Conference): void {
  const { mediaServer, mixer } = conference.snapshot;
  conference.stopTimer(CONTROL_TIMER);
  if (mediaServer !== undefined && mixer !== 'Closing')
    conference.runtime.mediaServers.reportFailure(mediaServer);
  conference.trigger('control lost');
}

const receivers: { readonly [K in Kind]?: (conference: Conference, event: Of<K>) => void } = {
  accepted: (conference, { purpose }) => {
    const { mediaServer } = conference.snapshot;
    conference.stopTimer(CONTROL_TIMER);
    if (purpose === 're-INVITE') {
      conference.control?.acknowledge();
      return;
    }
    if (mediaServer !== undefined) conference.runtime.mediaServers.reportSuccess(mediaServer);
    conference.trigger('control accepted');
  },
  refused: (conference, { purpose }) => {
    if (purpose === 'INVITE') lose(conference);
  },
  're-INVITE': (conference, { transactionKey }) =>
    conference.control?.answerReinvite(transactionKey, 200, controlDescription(conference.runtime.address)),
  request: (conference, { request, transactionKey }) => receiveRequest(conference, request, transactionKey),
  bye: (conference, { request }) => receiveBye(conference, request),
  answered: (conference, { token, status, response }) => {
    const outcome = conference.exchange.receiveAnswer(token, status, response?.body);
    if (outcome) receiveOutcome(conference, outcome);
    // No answer, or none of this dialog, has ended it: the BYE that is on its way need not be waited for.
    if (conference.control?.state.phase === 'Mortal' && conference.snapshot.mixer !== 'Closing')
      lose(conference);
  },
  ended: (conference) => {
    if (conference.snapshot.mixer === 'Closing') {
      conference.abandonControl();
      conference.trigger('control ended');
    } else lose(conference);
    finishWhenReleased(conference);
  },
};

/** The media server `uri` is silent for long: what waits for its answer will have none. */
export function loseSilentControl(conference: Conference, uri: string): void {
  const { mediaServer, mixer } = conference.snapshot;
  if (mediaServer !== uri || !conference.control || mixer === 'Opening control' || mixer === 'Closing')
    return;
  if (!conference.exchange.isBusy) return;
  conference.control.bye();
  lose(conference);
}

/** What the control dialog has to tell. */
export function receiveControlEvent<K extends Kind>(conference: Conference, event: Of<K>): void {
  receivers[event.type]?.(conference, event);
}

/** The media server did not answer the INVITE in time. */
export function giveUpControl(conference: Conference): void {
  conference.control?.cancel();
  lose(conference);
}
