import type { ClientTransactionUser, TransactionLayer, UsageOutput, UsageRunner } from '@legato/sip';
import { SipResponse } from '@legato/sip';

const TIMED_OUT = 504;

/**
 * Lets a dialog outlive an INFO that nobody answers. Deviates from RFC 3261 §12.2.1.2 because the controller may be a node that
 * died: its successor takes the dialog over, and the recording in it must go on until then. What ends such a dialog is BYE, a 481,
 * or the probe that finds it dead.
 */
export function patientOutput(runner: UsageRunner, layer: TransactionLayer): UsageOutput {
  const { output } = runner;
  return {
    ...output,
    get contact() {
      return output.contact;
    },
    sendRequest(usageId, request, options) {
      if (request.method !== 'INFO') {
        output.sendRequest(usageId, request, options);
        return;
      }
      const feed = (response: SipResponse): void =>
        runner.deliver(usageId, (usage) => usage.receiveResponse(response));
      const user: ClientTransactionUser = {
        receiveResponse: (response) => feed(response.status === 408 ? withoutAnswer(response) : response),
        receiveTimeout: () => feed(SipResponse.to(request, TIMED_OUT)),
        receiveTransportError: () => feed(SipResponse.to(request, TIMED_OUT)),
      };
      layer.sendRequest(request, user, options.target === undefined ? {} : { target: options.target });
    },
  };
}

/** A proxy says that it timed out: the same. */
function withoutAnswer(response: SipResponse): SipResponse {
  response.status = TIMED_OUT;
  return response;
}
