import type { Call } from '../call/call';
import { openMedia, owe, settle, tryNextMediaServer } from '../media-control/media-session';
import { sdpBody } from '../media-control/session-description';
import type { ConnectMediaAction } from './connect-media.machine';
import { connected } from './connected';
import { cancelledByCaller, failAs, failForWantOfMedia, giveUpRinging } from './fail-connecting';
import { inviteParty } from './invite-party';
import { leaveTarget, tryNextTarget } from './try-next-target';

export const connectMediaActions: Readonly<Record<ConnectMediaAction, (call: Call) => void>> = {
  'open caller media': (call) => openMedia(call, 'caller', offerOfCaller(call)),
  'answer caller': (call) => answerCaller(call),
  'check answer of caller': (call) => checkAnswer(call),
  'invite caller': (call) => {
    owe(call, 'caller media');
    inviteParty(call, 'caller', call.snapshot.descriptions['caller media']);
  },
  'note caller alerting': (call) => call.move('alerting'),
  'settle caller media': (call) => {
    call.usage('caller')?.acknowledge();
    settle(call, 'caller media', call.snapshot.descriptions.caller ?? '');
  },
  connect: (call) => {
    connected(call);
    call.runtime.onAnswered.tell(call);
  },
  'try next media server': (call) => tryNextMediaServer(call, 'caller', offerOfCaller(call)),
  'try next caller': (call) => tryNextTarget(call, 'caller'),
  'leave caller': (call) => leaveTarget(call, 'caller'),
  'fail as caller': (call) => failAs(call, 'caller'),
  'fail for want of media': (call) => failForWantOfMedia(call),
  cancel: (call) => cancelledByCaller(call),
  'give up ringing': (call) => giveUpRinging(call),
};

const offerOfCaller = (call: Call) =>
  call.snapshot.direction === 'inbound' ? call.snapshot.descriptions.caller : undefined;

/**
 * The caller gets what the media server said: the answer to its offer, and then nothing is open any more; or, without an offer,
 * one whose answer comes in its ACK (RFC 3261 §13.3.1.4).
 */
function answerCaller(call: Call): void {
  const { descriptions } = call.snapshot;
  call.usage('caller')?.accept(sdpBody(descriptions['caller media'] ?? ''));
  call.move('connected');
  if (descriptions.caller === undefined) owe(call, 'caller media');
  else {
    call.usage('caller media')?.acknowledge();
    call.trigger('caller media settled');
  }
}

/** An ACK without the answer that it owes: there is nothing to talk by. */
function checkAnswer(call: Call): void {
  if (call.snapshot.descriptions.caller !== undefined) return;
  call.end('failed', { status: 488, reason: 'No answer to our offer' });
}
