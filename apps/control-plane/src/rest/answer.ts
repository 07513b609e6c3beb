import type { CommandRefused, RecordingView } from '@legato/b2bua';
import { isErrorCode } from '@legato/contracts';
import type { ErrorCode, ProblemDetails } from '@legato/contracts';
import { ProblemException } from '../http/problem.exception';

const FALLBACK: Readonly<Record<CommandRefused['refused'], ErrorCode>> = {
  not_found: 'not_found',
  conflict: 'conflict',
  unavailable: 'unavailable',
};

const isRefused = (outcome: object): outcome is CommandRefused => 'refused' in outcome;

function problemOfRefusal(refusal: CommandRefused & Pick<ProblemDetails, 'sip' | 'msml'>): ProblemException {
  const { refused, code, detail, sip, msml } = refusal;
  return new ProblemException(isErrorCode(code) ? code : FALLBACK[refused], {
    detail,
    ...(sip ? { sip } : {}),
    ...(msml ? { msml } : {}),
  });
}

/** What a command brought; a refusal becomes its problem. */
export function accepted<View extends object>(outcome: View | CommandRefused): View {
  if (isRefused(outcome)) throw problemOfRefusal(outcome);
  return outcome;
}

/** What was read; 404 when there is nothing. */
export function found<View>(view: View | undefined, code: Extract<ErrorCode, `${string}_not_found`>): View {
  if (view === undefined) throw new ProblemException(code);
  return view;
}

/** A recording as clients see it: the file's place stays inside. */
export function recordingDocument(view: RecordingView): Record<string, unknown> {
  const mediaUrl = view.state === 'completed' ? `/v1/recordings/${view.id}/media` : undefined;
  return { ...view, file: undefined, object: undefined, media_url: mediaUrl };
}
