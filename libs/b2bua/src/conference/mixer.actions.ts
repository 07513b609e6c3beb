import type { AudioMix } from '@legato/msml';
import { controlDescription } from '../media-control/session-description';
import { loseAnnouncements } from './announcements';
import type { Conference } from './conference';
import { mixerId, present } from './conference-snapshot';
import {
  AUDIT_MS,
  AUDIT_TIMER,
  CONTROL_TIMER,
  MAX_ATTEMPTS,
  RETRY_MS,
  RETRY_TIMER,
} from './conference-timers';
import type { MixerAction } from './mixer.machine';
import { reconcile } from './reconcile';
import { finishWhenReleased } from './release';
import { loseEveryRecording } from './track-sets';

/** dBm0 above which somebody speaks. */
const SPEECH_DBM0 = '-45';
const DIALOGS = 'audit.conf.dialog';
const STREAMS = 'audit.conf.stream audit.conf.stream.gain';
/** More would not fit into a datagram: the answer to a request goes back the way that came (RFC 3261 §18.2.2). */
const MOST_WITH_STREAMS = 250;

function openControl(conference: Conference): void {
  const { snapshot, runtime } = conference;
  const { mediaServers, timings, address } = runtime;
  if (snapshot.mediaServer === undefined) {
    const choice = mediaServers.choose([]);
    if (!choice) {
      conference.end('failed', { code: 'no_media_server', detail: 'There is no media server' });
      return;
    }
    snapshot.mediaServer = choice.uri;
  }
  const known = mediaServers.find(snapshot.mediaServer);
  if (known) snapshot.mediaDialect = known.dialect;
  conference.openControl(snapshot.mediaServer, controlDescription(address));
  conference.startTimer(CONTROL_TIMER, known?.answerMs ?? timings.mediaAnswerMs);
}

/** What was asked gets no answer any more, and what was started reports to nobody. */
function awaitRetry(conference: Conference): void {
  const { snapshot } = conference;
  conference.abandonControl();
  conference.stopTimer(AUDIT_TIMER);
  for (const participant of snapshot.participants) delete participant.pending;
  loseAnnouncements(conference);
  loseEveryRecording(conference);
  snapshot.attempts += 1;
  if (snapshot.attempts >= MAX_ATTEMPTS) conference.trigger('too many attempts');
  else conference.startTimer(RETRY_TIMER, RETRY_MS * 2 ** (snapshot.attempts - 1));
}

function create(conference: Conference): void {
  const { id, options } = conference.snapshot;
  const audiomix: AudioMix =
    options.speakersMs > 0 ? { asn: { ri: `${options.speakersMs}ms`, asth: SPEECH_DBM0 } } : {};
  conference.submit('create', [
    {
      element: 'createconference',
      name: id,
      // It goes with the last who is in it, even if we are no longer there to say so; nobody is hung up for that.
      deletewhen: 'nomedia',
      term: false,
      audiomix,
    },
  ]);
}

function audit(conference: Conference): void {
  const { snapshot } = conference;
  const isSmall = present(snapshot).length <= MOST_WITH_STREAMS;
  const statelist = isSmall ? `${STREAMS} ${DIALOGS}` : DIALOGS;
  const operation = { element: 'audit', queryid: mixerId(snapshot), statelist } as const;
  conference.submit(isSmall ? 'audit streams' : 'audit dialogs', [operation]);
}

/** What the arrows of the mixer's machine do. */
export const mixerActions: Readonly<Record<MixerAction, (conference: Conference) => void>> = {
  'open control': openControl,
  acknowledge: (conference) => conference.control?.acknowledge(),
  'await retry': awaitRetry,
  'give up media server': (conference) =>
    conference.end('media_lost', {
      code: 'media_server_lost',
      detail: 'The media server does not take the control dialog of the conference',
    }),
  audit,
  create,
  fail: (conference) => conference.end('failed'),
  reconcile: (conference) => {
    conference.snapshot.attempts = 0;
    if (conference.snapshot.mixer === 'Mixing') conference.startTimer(AUDIT_TIMER, AUDIT_MS);
    reconcile(conference);
  },
  destroy: (conference) =>
    conference.submit('destroy', [{ element: 'destroyconference', id: mixerId(conference.snapshot) }]),
  'close control': (conference) => {
    if (conference.control) conference.control.bye();
    else conference.trigger('control ended');
  },
  release: (conference) => {
    conference.abandonControl();
    loseAnnouncements(conference);
    loseEveryRecording(conference);
    finishWhenReleased(conference);
  },
};
