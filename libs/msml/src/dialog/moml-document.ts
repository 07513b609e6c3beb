import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import { isMsmlElement } from '../core/elements';
import { hasDialect, readDialect } from '../dialects/read-dialect';
import type { MsmlFault } from '../schema/decode-context';
import { DecodeContext } from '../schema/decode-context';
import { responseText } from '../schema/response-codes';
import { parseXml } from '../xml/xml.parser';
import type { MomlScript } from './moml';
import { moml } from './moml';

/**
 * Reads the document that `src` of a dialogstart names (§9.7.6): a moml root, 65,536 bytes at most. Never throws; the error is for the
 * dialog's exit event, 424 where the document is no XML of the language.
 */
export function decodeMoml(
  bytes: Uint8Array,
  options: { mode?: 'strict' | 'lenient' } = {},
): Result<MomlScript, MsmlFault> {
  const parsed = parseXml(bytes);
  if (!parsed.ok) return err(syntaxError(parsed.error));
  const root = hasDialect(parsed.value) ? readDialect(parsed.value) : parsed.value;
  if (root.name !== 'moml') return err(syntaxError(`the root is ${root.name}`));
  const context = new DecodeContext(options.mode === 'lenient', isMsmlElement);
  const script = moml.decode(root, context);
  return context.fault ? err(context.fault) : ok({ ...script, element: 'moml' });
}

function syntaxError(detail: string): MsmlFault {
  return { response: '424', description: `${responseText('424')}: ${detail}` };
}
