import { arrowFor } from '@legato/kernel';
import type { MsmlEvent, MsmlOutcome } from '@legato/msml';
import { isGone } from '@legato/msml';
import { isStarted, refusalOf } from '../media-control/dialog-report';
import { endOperations } from '../media-control/play-requests';
import type { PromptSource } from '../media-control/prompt-source';
import type { PlayState, PlayTrigger } from '../use-cases/play.machine';
import { playMachine } from '../use-cases/play.machine';
import type { Conference } from './conference';
import type { AnnouncementSnapshot, ParticipantId } from './conference-snapshot';
import { mixerId } from './conference-snapshot';
import { exitGraceTimer } from './conference-timers';
import { announcesExit, failureIn } from './dialog-exit';
import { announceOperations } from './streams';

/** Those that are over and can still be read. */
const KEPT = 50;
const FINAL: readonly PlayState[] = ['completed', 'barged', 'stopped', 'failed'];

export const isPlayActive = ({ state }: AnnouncementSnapshot): boolean => !FINAL.includes(state);

const describe = ({ id, participant, error }: AnnouncementSnapshot) => ({
  play_id: id,
  participant_id: participant,
  error,
});

type Action = (conference: Conference, announcement: AnnouncementSnapshot) => void;
const logged =
  (type: string): Action =>
  (conference, announcement) =>
    conference.log(type, describe(announcement));

/** What the arrows of a play's machine do for a conference. */
const actions: Readonly<Record<string, Action>> = {
  'send dialogstart': (conference, announcement) => {
    const { id, target = '', sources, loop } = announcement;
    conference.submit(`play start ${id}`, announceOperations(target, id, sources, loop));
  },
  'send dialogend': (conference, { id, target = '' }) =>
    conference.submit(`play stop ${id}`, endOperations({ targets: [target], name: id })),
  'log play.started': logged('play.started'),
  'log play.completed': logged('play.completed'),
  'log play.stopped': logged('play.stopped'),
  'log play.failed': logged('play.failed'),
};

function trigger(conference: Conference, announcement: AnnouncementSnapshot, what: PlayTrigger): void {
  const arrow = arrowFor(playMachine, announcement.state, what);
  if (!arrow) return;
  announcement.state = arrow.to;
  for (const action of arrow.do) actions[action]?.(conference, announcement);
}

/** An announcement to everybody, or to one participant; begins as soon as there is somebody to hear it. */
export function announce(
  conference: Conference,
  options: {
    readonly sources: readonly PromptSource[];
    readonly loop: number;
    readonly participant?: ParticipantId;
  },
): AnnouncementSnapshot {
  const { snapshot, runtime } = conference;
  const announcement: AnnouncementSnapshot = {
    ...options,
    id: `play_${runtime.ids.uuidv7()}`,
    createdAt: runtime.clock.wallTime(),
    values: [],
    state: 'queued',
  };
  const over = snapshot.announcements.filter((each) => !isPlayActive(each));
  const oldest = over.length > KEPT ? over[0] : undefined;
  snapshot.announcements = [...snapshot.announcements.filter((each) => each !== oldest), announcement];
  beginAnnouncements(conference);
  return announcement;
}

/** Starts what waits for the media server. */
export function beginAnnouncements(conference: Conference): void {
  const { snapshot } = conference;
  for (const announcement of snapshot.announcements) {
    if (announcement.state !== 'queued') continue;
    const target = targetOf(conference, announcement);
    if (target === undefined) continue;
    announcement.target = target;
    trigger(conference, announcement, 'its turn');
  }
}

function targetOf(conference: Conference, { participant }: AnnouncementSnapshot): string | undefined {
  const { snapshot } = conference;
  if (participant === undefined) return snapshot.mixer === 'Mixing' ? mixerId(snapshot) : undefined;
  const hasControl = snapshot.mixer === 'Mixing' || snapshot.mixer === 'Idle';
  return hasControl ? conference.participant(participant)?.connection : undefined;
}

export const stopAnnouncement = (conference: Conference, announcement: AnnouncementSnapshot): void =>
  trigger(conference, announcement, 'stop');

/** The conference ends, and what is played in it with it. */
export function stopAnnouncements(conference: Conference): void {
  for (const announcement of conference.snapshot.announcements)
    trigger(conference, announcement, 'call ends');
}

export function loseAnnouncement(conference: Conference, announcement: AnnouncementSnapshot): void {
  announcement.error ??= { code: 'media_server_lost', detail: 'The media server no longer plays it' };
  trigger(conference, announcement, 'lost');
}

/** The control dialog is gone: what was started on it reports to nobody. What has not begun waits for the next one. */
export function loseAnnouncements(conference: Conference): void {
  for (const announcement of conference.snapshot.announcements) {
    if (isPlayActive(announcement) && announcement.state !== 'queued')
      loseAnnouncement(conference, announcement);
  }
}

/** The answer to a request in flight was lost with the process that asked: it is asked again. What has begun would begin anew. */
export function resumeAnnouncements(conference: Conference): void {
  for (const announcement of conference.snapshot.announcements)
    if (announcement.state !== 'playing') trigger(conference, announcement, 'taken over');
}

const find = (conference: Conference, id: string) =>
  conference.snapshot.announcements.find((announcement) => announcement.id === id);

/** The media server answered the request that starts, or ends, an announcement. */
export function receiveAnnouncementOutcome(
  conference: Conference,
  verb: string,
  id: string,
  outcome: MsmlOutcome,
): void {
  const announcement = find(conference, id);
  if (!announcement) return;
  if (verb === 'start') {
    if (isStarted(outcome)) trigger(conference, announcement, 'started');
    else {
      announcement.error = refusalOf(outcome);
      trigger(conference, announcement, 'start refused');
    }
  } else if (!outcome.ok && isGone(outcome)) trigger(conference, announcement, 'ended');
}

/** An event of a play dialog; false when no announcement of this conference is meant. */
export function receiveAnnouncementEvent(conference: Conference, dialog: string, event: MsmlEvent): boolean {
  const announcement = find(conference, dialog);
  if (!announcement) return false;
  announcement.values.push(...event.values);
  if (event.name === 'msml.dialog.exit') finish(conference, announcement);
  else if (announcesExit(event.name))
    conference.startTimer(exitGraceTimer(announcement.id), conference.runtime.timings.exitGraceMs);
  return true;
}

/** msml.dialog.exit did not come after what announced it. */
export function announcementGraceOver(conference: Conference, id: string): void {
  const announcement = find(conference, id);
  if (announcement) finish(conference, announcement);
}

function finish(conference: Conference, announcement: AnnouncementSnapshot): void {
  conference.stopTimer(exitGraceTimer(announcement.id));
  const failure = failureIn(announcement.values);
  if (failure) announcement.error = failure;
  const isStopping = announcement.state === 'stopping';
  trigger(conference, announcement, failure ? 'broke off' : isStopping ? 'ended' : 'all played');
}
