import { release } from '../use-cases/hang-up';
import type { Call } from './call';
import type { CallAction } from './call.machine';
import { RING_TIMER, DURATION_TIMER } from './call-timer-names';

const describe = (call: Call) => ({
  direction: call.snapshot.direction,
  mode: call.snapshot.mode,
  from: call.snapshot.from,
  to: call.snapshot.to,
  target: call.snapshot.target,
});

/** What the arrows of the call's machine do. */
export const callActions: Readonly<Record<CallAction, (call: Call) => void>> = {
  'log call.ringing': (call) => call.log('call.ringing', describe(call)),
  'log call.early_media': (call) => call.log('call.early_media', describe(call)),
  'log call.answered': (call) => {
    call.snapshot.answeredAt = call.runtime.clock.wallTime();
    call.log('call.answered', describe(call));
  },
  'log call.held': (call) => call.log('call.held', { command_id: call.snapshot.hold?.command?.id }),
  'log call.resumed': (call) => call.log('call.resumed', { command_id: call.snapshot.hold?.command?.id }),
  'log call.ended': (call) => {
    const { snapshot } = call;
    snapshot.endedAt = call.runtime.clock.wallTime();
    call.runtime.callEnded(snapshot);
    const { direction, mode, from, to, target, answeredAt: since } = snapshot;
    call.log('call.ended', {
      direction,
      mode,
      from,
      to,
      target,
      ended_reason: snapshot.endedReason,
      sip: snapshot.sip,
      duration_ms: since === undefined ? 0 : snapshot.endedAt - since,
      metadata: snapshot.metadata,
    });
  },
  'stop ring timer': (call) => call.stopTimer(RING_TIMER),
  'start duration timer': (call) => call.startTimer(DURATION_TIMER, call.snapshot.maxDurationMs),
  'stop every timer': (call) => {
    for (const name of Object.keys(call.snapshot.timers)) call.stopTimer(name);
  },
  'release everything': (call) => release(call),
};
