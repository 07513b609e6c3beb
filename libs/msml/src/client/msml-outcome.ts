import type { AuditResult } from '../audit/auditresult';
import { decodeMsml } from '../core/msml';
import type { MsmlResult } from '../core/result';
import { responseText } from '../schema/response-codes';

/** What became of a request: ok only when the SIP status and the MSML response are both 2xx. */
export interface MsmlOutcome {
  token: string;
  ok: boolean;
  /** 408 or 503 when no answer came, 481 when the SIP dialog is gone. */
  sipStatus: number;
  /** The MSML code (§11); absent when the answer had no result. */
  response?: string;
  description?: string;
  /** The mark of the last operation that was carried out. */
  lastMark?: string;
  confIds: string[];
  dialogIds: string[];
  auditResults?: AuditResult[];
}

/**
 * Reads the final response to the INFO of a request. A media server answers a failure with 200 OK and the reason in the body; a 2xx
 * without a result that can be read is a failure too.
 */
export function readOutcome(token: string, sipStatus: number, body?: Uint8Array): MsmlOutcome {
  const accepted = sipStatus >= 200 && sipStatus < 300;
  if (!body || body.length === 0) {
    return failed(token, sipStatus, accepted ? 'the answer has no MSML result' : `SIP ${sipStatus}`);
  }
  const decoded = decodeMsml(body, { mode: 'lenient' });
  if (!decoded.ok) return failed(token, sipStatus, decoded.error.description);
  if (decoded.value.kind !== 'result')
    return failed(token, sipStatus, `the answer has no MSML result, but: ${decoded.value.kind}`);
  return outcomeOf(token, sipStatus, decoded.value.result);
}

/** A request without a result. */
export function failed(token: string, sipStatus: number, description: string): MsmlOutcome {
  return { token, ok: false, sipStatus, description, confIds: [], dialogIds: [] };
}

function outcomeOf(token: string, sipStatus: number, result: MsmlResult): MsmlOutcome {
  const ok = sipStatus >= 200 && sipStatus < 300 && result.response.startsWith('2');
  const description = result.description ?? (ok ? undefined : responseText(result.response));
  return {
    token,
    ok,
    sipStatus,
    response: result.response,
    ...(description !== undefined && { description }),
    ...(result.mark !== undefined && { lastMark: result.mark }),
    confIds: result.confIds,
    dialogIds: result.dialogIds,
    ...(result.auditResults && { auditResults: result.auditResults }),
  };
}
