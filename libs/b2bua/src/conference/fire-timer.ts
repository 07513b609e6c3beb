import { announcementGraceOver } from './announcements';
import type { Conference } from './conference';
import { giveUpControl } from './control-events';
import { recordingGraceOver } from './recordings';
import { letGo, releaseMixer } from './release';
import { stopTrackSet } from './track-sets';

/** What is done when a timer of the conference runs out; a name with a colon carries its object behind it. */
const onTimer: Readonly<Record<string, (conference: Conference, object: string) => void>> = {
  empty: (conference) => conference.end('empty'),
  duration: (conference) => conference.end('timeout'),
  'control answer': giveUpControl,
  retry: (conference) => conference.trigger('retry'),
  audit: (conference) => conference.trigger('doubted'),
  report: releaseMixer,
  release: letGo,
  tracks: (conference, id) => {
    const set = conference.snapshot.trackSets?.find((each) => each.id === id);
    if (set) stopTrackSet(conference, set);
  },
  'exit grace': (conference, id) => {
    if (id.startsWith('rec_')) recordingGraceOver(conference, id);
    else announcementGraceOver(conference, id);
  },
};

/** Fires `name`, unless it was stopped while it waited in the mailbox. */
export function fireConferenceTimer(conference: Conference, name: string): void {
  const { timers } = conference.snapshot;
  if (!(name in timers)) return;
  delete timers[name];
  const colon = name.indexOf(':');
  onTimer[colon < 0 ? name : name.slice(0, colon)]?.(conference, colon < 0 ? '' : name.slice(colon + 1));
}
