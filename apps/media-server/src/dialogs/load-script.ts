import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { DialogStep, MsmlDialogStart } from '@legato/msml';
import { decodeMsml } from '@legato/msml';
import { readFileSync } from 'node:fs';
import { isWebUri } from '../files/remote-audio';
import type { MediaFolders } from '../files/media-folders';
import type { ContentServices } from './check-content';
import { checkContent } from './check-content';

/** Why a dialog can not run what it was started with: a code of RFC 5707 §11 and a text. */
export interface ScriptFault {
  readonly status: string;
  readonly description: string;
}

const DECLARATION = /^\uFEFF?\s*<\?xml[^>]*\?>/;

/** The steps of a dialog; a `moml` around them changes nothing (RFC 5707 §9.7.6). */
export function stepsOf({ content }: MsmlDialogStart): DialogStep[] {
  return content.flatMap((step) => (step.element === 'moml' ? step.content : [step]));
}

function readText(src: string, folders: MediaFolders): Result<string, ScriptFault> {
  const path = folders.scriptPath(src);
  if (!path.ok) return err({ status: '423', description: path.error });
  try {
    return ok(readFileSync(path.value, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not readable';
    return err({ status: '423', description: `${src}: ${code}` });
  }
}

async function fetchText(src: string, { remote }: ContentServices): Promise<Result<string, ScriptFault>> {
  try {
    return ok(Buffer.from(await remote.fetch(src)).toString('utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not there';
    return err({ status: '423', description: `${src}: ${reason}` });
  }
}

/** Hands the steps of the document that `src` names to `loaded`: at once for a file here, later for one of the web. */
export function loadScript(
  src: string,
  target: string,
  services: ContentServices,
  loaded: (steps: Result<DialogStep[], ScriptFault>) => void,
): void {
  const read = (text: Result<string, ScriptFault>): void =>
    loaded(text.ok ? readScript(text.value, src, target, services) : text);
  if (!isWebUri(src)) read(readText(src, services.folders));
  else {
    const url = services.remote.check(src);
    if (url.ok) void fetchText(url.value, services).then(read);
    else read(err({ status: '423', description: url.error }));
  }
}

/** Reads the document that `src` names as if it stood in the request: the same rules hold for it (§9.6.1). Never throws. */
function readScript(
  text: string,
  src: string,
  target: string,
  services: ContentServices,
): Result<DialogStep[], ScriptFault> {
  const script = text.replace(DECLARATION, '');
  const request = `<msml version="1.1"><dialogstart target="${target}" type="application/moml+xml">${script}</dialogstart></msml>`;
  const decoded = decodeMsml(Buffer.from(request));
  if (!decoded.ok) return err({ status: decoded.error.response, description: decoded.error.description });
  const [operation, ...others] = decoded.value.kind === 'request' ? decoded.value.operations : [];
  if (operation?.element !== 'dialogstart' || others.length > 0 || operation.content[0]?.element !== 'moml') {
    return err({ status: '400', description: `${src} is no moml document` });
  }
  const steps = stepsOf(operation);
  const refusal = checkContent(steps, target, services);
  return refusal ? err({ status: refusal.response, description: refusal.description }) : ok(steps);
}
