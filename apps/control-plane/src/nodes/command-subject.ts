import { CALL_ID, CONFERENCE_ID, RECORDING_ID } from '@legato/contracts';

/** What a request is for that one node has: only there can it be carried out. */
export type CommandSubject =
  | { readonly kind: 'owned'; readonly id: string }
  | { readonly kind: 'recording'; readonly id: string }
  | { readonly kind: 'conference name'; readonly name: string };

interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

interface Resource {
  readonly ids: RegExp;
  readonly kind: 'owned' | 'recording';
  /** Whether only its node can do this; `rest` is what follows the id. */
  isBound(method: string, rest: readonly string[]): boolean;
}

const RESOURCES: Readonly<Record<string, Resource>> = {
  calls: {
    ids: CALL_ID,
    kind: 'owned',
    // The digits of a sensitive collection are in the memory of its node.
    isBound: (method, [what, id]) => !isRead(method) || (what === 'collects' && id !== undefined),
  },
  conferences: { ids: CONFERENCE_ID, kind: 'owned', isBound: (method) => !isRead(method) },
  // A file can be removed by anybody.
  recordings: {
    ids: RECORDING_ID,
    kind: 'recording',
    isBound: (method, rest) => !isRead(method) && rest.length > 0,
  },
};

function namedConference({ method, body }: RequestLine): CommandSubject | undefined {
  if (method !== 'POST' || typeof body !== 'object' || body === null || !('name' in body)) return undefined;
  return typeof body.name === 'string' ? { kind: 'conference name', name: body.name } : undefined;
}

/** Undefined for what any node can do: reading, making something new, removing files. */
export function commandSubject(request: RequestLine): CommandSubject | undefined {
  const [root, version, name = '', id = '', ...rest] = request.path.split('/');
  if (root !== '' || version !== 'v1') return undefined;
  if (name === 'conferences' && id === '') return namedConference(request);
  const resource = Object.hasOwn(RESOURCES, name) ? RESOURCES[name] : undefined;
  if (!resource?.ids.test(id) || !resource.isBound(request.method, rest)) return undefined;
  return { kind: resource.kind, id };
}
