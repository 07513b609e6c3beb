import { audit } from '../audit/audit';
import { auditresult } from '../audit/auditresult';
import { confconfig } from '../audit/confconfig';
import { dialog } from '../audit/dialog';
import { sipdialog } from '../audit/sipdialog';
import { stream as auditStream } from '../audit/stream';
import { asn } from '../conference/asn';
import { audiomix } from '../conference/audiomix';
import { clamp as streamClamp } from '../conference/clamp';
import { createconference } from '../conference/createconference';
import { destroyconference } from '../conference/destroyconference';
import { gain as streamGain } from '../conference/gain';
import { join } from '../conference/join';
import { modifyconference } from '../conference/modifyconference';
import { modifystream } from '../conference/modifystream';
import { monitor } from '../conference/monitor';
import { nLoudest } from '../conference/n-loudest';
import { region } from '../conference/region';
import { reserve } from '../conference/reserve';
import { resource } from '../conference/resource';
import { root } from '../conference/root';
import { selector } from '../conference/selector';
import { stream } from '../conference/stream';
import { unjoin } from '../conference/unjoin';
import { videolayout } from '../conference/videolayout';
import { visual } from '../conference/visual';
import { dialogElements } from '../dialog/elements';
import type { ElementDefinition } from '../schema/element-definition';
import { event } from './event';
import { result } from './result';
import { send } from './send';

/** Every element of RFC 5707 that has attributes or children, by package. */
export const ELEMENTS: Readonly<Record<string, readonly ElementDefinition[]>> = {
  core: [send, result, event],
  conference: [
    createconference,
    reserve,
    resource,
    modifyconference,
    destroyconference,
    audiomix,
    nLoudest,
    asn,
    videolayout,
    root,
    region,
    selector,
    join,
    modifystream,
    unjoin,
    monitor,
    stream,
    streamGain,
    streamClamp,
    visual,
  ],
  ...dialogElements,
  audit: [audit, auditresult, confconfig, sipdialog, dialog, auditStream],
};

const KNOWN: ReadonlySet<string> = new Set([
  'msml',
  ...Object.values(ELEMENTS).flatMap((definitions) =>
    definitions.flatMap(({ name, aliases, fields }) => [
      name,
      ...aliases,
      ...[...fields.values()].flatMap((field) => (field.kind === 'content' ? field.names() : [])),
    ]),
  ),
]);

/** Whether `name` is an element of MSML, wherever it belongs. */
export function isMsmlElement(name: string): boolean {
  return KNOWN.has(name);
}
