import type { ApplicationServer } from './application-server';
import type { ControlledDialog } from './controlled-dialog';
import { accepted } from './expectation';
import type { Line } from './line';

/** A party of a check: a dialog with audio. */
export type Party = ControlledDialog & { readonly line: Line };

/** One requirement, and how it is looked at from outside. */
export interface Check {
  /** Number in the list of requirements that are easily missed; a flow of the RFC has none. */
  readonly point?: number;
  /** Of RFC 5707 unless it says otherwise. */
  readonly section: string;
  readonly title: string;
  /** Throws when the server does not do it. */
  readonly run?: (bench: Bench) => Promise<void>;
  /** Why it can not be seen from outside. */
  readonly notRun?: string;
}

const PROMPT_HZ = 600;
const PROMPT_MS = 1_500;

/** What checks work with: the application server, and a prompt that the server has recorded for us. */
export class Bench {
  private recorded: string | undefined;
  private names = 0;

  constructor(
    readonly server: ApplicationServer,
    private readonly givenPrompt?: string,
  ) {}

  /** The tone that {@link prompt} holds when it was not given. */
  readonly promptHz = PROMPT_HZ;

  get waiting(): ApplicationServer['waiting'] {
    return this.server.waiting;
  }

  party(): Promise<Party> {
    return this.server.party();
  }

  /** A name that no other check uses. */
  name(kind: string): string {
    return `${kind}${process.pid}x${(this.names += 1)}`;
  }

  /** The URI of audio that the server can play: recorded once, where none was named. */
  async prompt(): Promise<string> {
    if (this.givenPrompt !== undefined) return this.givenPrompt;
    this.recorded ??= await this.record();
    return this.recorded;
  }

  private async record(): Promise<string> {
    const party = await this.party();
    party.line.say(PROMPT_HZ);
    const uri = `file://${this.name('prompt')}.wav`;
    const dialog = this.name('d');
    const maxtime = `${PROMPT_MS}ms`;
    accepted('recording a prompt', await party.request(recordDialog(party.id, dialog, uri, maxtime)));
    await party.exit(`${party.id}/dialog:${dialog}`, PROMPT_MS * 4);
    party.line.silence();
    return uri;
  }
}

/** `<dialogstart>` of a MOML body. */
export const dialogstart = (target: string, name: string, content: string): string =>
  `<dialogstart target="${target}" type="application/moml+xml" name="${name}">${content}</dialogstart>`;

/** A dialog that plays once, or `iterate` times, and says how it ended. */
export const playDialog = (target: string, name: string, uri: string, attributes = ''): string =>
  dialogstart(
    target,
    name,
    `<play ${attributes}><audio uri="${uri}"/><playexit><exit namelist="play.end play.amt"/></playexit></play>`,
  );

/** A dialog that records and says how it ended. */
export const recordDialog = (
  target: string,
  name: string,
  uri: string,
  maxtime: string,
  attributes = '',
): string =>
  dialogstart(
    target,
    name,
    `<record dest="${uri}" format="audio/wav" maxtime="${maxtime}" ${attributes}>` +
      '<recordexit><exit namelist="record.len record.end record.recordid"/></recordexit></record>',
  );

/** A conference with an audio mixer of the defaults. */
export const createconference = (name: string, attributes = '', content = '<audiomix/>'): string =>
  `<createconference name="${name}" ${attributes}>${content}</createconference>`;

export const destroyconference = (name: string): string => `<destroyconference id="conf:${name}"/>`;

export const join = (id1: string, id2: string, streams = ''): string =>
  `<join id1="${id1}" id2="${id2}">${streams}</join>`;
export const unjoin = (id1: string, id2: string, streams = ''): string =>
  `<unjoin id1="${id1}" id2="${id2}">${streams}</unjoin>`;
