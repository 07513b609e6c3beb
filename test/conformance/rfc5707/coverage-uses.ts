/** Who uses an element beyond reading and writing it, and the spec that shows it. */
export interface ElementUse {
  readonly by: 'control plane, media server' | 'media server' | 'control plane' | 'passed through';
  /** From the root of the repository. */
  readonly spec: string;
}

const SERVER = 'apps/media-server/src';
const PRIMITIVES = `${SERVER}/dialogs/primitives`;
const both = (spec: string): ElementUse => ({ by: 'control plane, media server', spec });
const server = (spec: string): ElementUse => ({ by: 'media server', spec });
const passed: ElementUse = { by: 'passed through', spec: 'test/conformance/rfc5707/documents.spec.ts' };

const RECORD = both('test/flow/record.spec.ts');
const PLAY = both('test/flow/play.spec.ts');
const COLLECT = both('test/flow/collect.spec.ts');
const CONFERENCE = both('test/flow/conference.spec.ts');
const MEDIA_SERVERS = both('test/flow/media-servers.spec.ts');
const COMMANDS = both('test/flow/call-commands.spec.ts');
const GENERATORS = server(`${PRIMITIVES}/generators.spec.ts`);
const VAD = server(`${PRIMITIVES}/vad.spec.ts`);
const TRANSFORM = server(`${PRIMITIVES}/transform.spec.ts`);
const AUDIT = both(`${SERVER}/msml/operations/audit.spec.ts`);

const namesOf = (names: string, use: ElementUse): Record<string, ElementUse> =>
  Object.fromEntries(names.split(' ').map((name) => [name, use]));

/** By package and element; every element of the tables has an entry, or its package has "*". */
export const ELEMENT_USES: Readonly<Record<string, Readonly<Record<string, ElementUse>>>> = {
  core: {
    msml: MEDIA_SERVERS,
    send: both('test/flow/recording-control.spec.ts'),
    result: both('test/flow/hostile-media-server.spec.ts'),
    event: both('test/flow/hostile-media-server.spec.ts'),
  },
  conference: {
    ...namesOf('createconference destroyconference audiomix n-loudest asn modifyconference', CONFERENCE),
    ...namesOf('join unjoin modifystream stream gain', CONFERENCE),
    clamp: server(`${SERVER}/conferences/mixing.spec.ts`),
    monitor: server(`${SERVER}/conferences/monitor.spec.ts`),
    ...namesOf('reserve resource', server(`${SERVER}/conferences/reservations.spec.ts`)),
    ...namesOf('videolayout root region selector visual', passed),
  },
  'dialog core': {
    ...namesOf('dialogstart dialogend exit', RECORD),
    send: server(`${SERVER}/dialogs/dialog.spec.ts`),
    disconnect: server(`${SERVER}/dialogs/dialog.spec.ts`),
    moml: server(`${SERVER}/dialogs/load-script.spec.ts`),
  },
  'dialog base': {
    ...namesOf('play audio var playexit', PLAY),
    ...namesOf('video media', server(`${PRIMITIVES}/play.spec.ts`)),
    dtmfgen: COMMANDS,
    ...namesOf('dtmfgenexit tonegen tone tone1 tone2 silence tonegenexit', GENERATORS),
    ...namesOf('record recordexit', RECORD),
    ...namesOf('collect pattern noinput nomatch dtmfexit', COLLECT),
    ...namesOf('dtmf detect', server(`${PRIMITIVES}/collect.spec.ts`)),
  },
  'dialog group': {
    group: both('libs/msml/src/client/prompts-outside.spec.ts'),
    groupexit: server(`${PRIMITIVES}/group.spec.ts`),
  },
  'dialog transform': {
    ...namesOf('vad voice silence tvoice tsilence', VAD),
    ...namesOf('gain agc gate clamp relay', TRANSFORM),
  },
  'dialog speech': { '*': passed },
  'dialog fax': { '*': passed },
  audit: { '*': AUDIT },
};

/** The use of `element` in the table of `group`. */
export function useOf(group: string, element: string): ElementUse {
  const uses = ELEMENT_USES[group] ?? {};
  const use = uses[element] ?? uses['*'];
  if (!use) throw new Error(`nobody says who uses ${element} of ${group}`);
  return use;
}
