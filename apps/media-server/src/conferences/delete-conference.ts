import type { ControlContext } from '../objects/control-context';
import type { Conference } from './conference';
import { removeStream } from './participants';

/** Takes a conference away with its streams; its dialogs end gracefully. The SIP dialogs of its participants stay or go as `term` says (RFC 5707 §8.5). */
export function deleteConference(
  context: ControlContext,
  conference: Conference,
  term = conference.options.term,
): void {
  const { participants } = conference;
  context.dialogs.endAllOn(conference.id);
  for (const stream of context.streams.of(conference.id)) removeStream(context, stream);
  context.conferences.delete(conference.id);
  context.media.destroyConference(conference.id);
  if (term) for (const participant of participants) participant.disconnect();
}

/** Deletes the conferences whose last participant has left, and tells who made them (§8.3). */
export function deleteDeserted(context: ControlContext): void {
  for (const conference of [...context.conferences.values()]) {
    if (conference.options.deletewhen !== 'nomedia' || !conference.isDeserted) continue;
    deleteConference(context, conference);
    conference.options.origin.send({ name: 'msml.conf.nomedia', id: conference.id, values: [] });
  }
}

/** The SIP dialog that controlled them is gone: conferences that go with it take their participants along, whatever `term` says (§8.3). */
export function deleteUncontrolled(context: ControlContext, controller: string): void {
  for (const conference of [...context.conferences.values()]) {
    const { deletewhen, origin } = conference.options;
    if (deletewhen === 'nocontrol' && origin.controller === controller)
      deleteConference(context, conference, true);
  }
}
