import { contactTowards, defaultContact } from './own-contact';
import type { UsageOutput } from './usage-output';
import type { UsageRunner, UsageRunnerOptions } from './usage-runner';
import { DEFAULT_TIMERS } from '../transaction/timer-values';

/** The output of a runner, which carries out at once. */
export function runnerOutput(runner: UsageRunner, options: UsageRunnerOptions): UsageOutput {
  const { layer, contactUser } = options;
  const { clock, ids, allow, timers, supported, outlivesTimeouts, sessionTimer, authorize } = options;
  return {
    sendRequest: (usageId, request, how) => runner.sendRequest(usageId, request, how),
    sendCancel: (usageId, headers) => runner.sendCancel(usageId, headers),
    sendAck: (_usageId, request, { target }) => runner.sendAck(request, target),
    sendResponse: (_usageId, transactionKey, response) => runner.sendResponse(transactionKey, response),
    startTimer: (usageId, name, delayMs) => runner.startTimer(usageId, name, delayMs),
    stopTimer: (usageId, name) => runner.stopTimer(usageId, name),
    dialogAdded: (usageId, dialog) => runner.dialogAdded(usageId, dialog),
    dialogRemoved: (usageId, dialog) => runner.dialogRemoved(usageId, dialog),
    now: () => clock.wallTime(),
    ids,
    get contact() {
      return defaultContact(layer, contactUser);
    },
    contactFor: (requestUri, flow) => contactTowards(layer, requestUri, flow, contactUser),
    allow: allow.join(', '),
    supported,
    outlivesTimeouts,
    sessionTimer,
    authorize,
    timers: { T1: timers?.T1 ?? DEFAULT_TIMERS.T1, T2: timers?.T2 ?? DEFAULT_TIMERS.T2 },
  };
}
