import { responseText } from './response-codes';

/** Why a request is refused: the MSML response code to answer with (§11) and a description. Nothing was executed, hence no mark. */
export interface MsmlFault {
  response: string;
  description: string;
  lastMark?: string;
}

/** What a decoder needs to know and where it reports; the first fault of a document counts. */
export class DecodeContext {
  private first: MsmlFault | undefined;

  /** `isKnown` says whether a name is an element of MSML somewhere: misplaced is 404, unknown is 401. */
  constructor(
    readonly lenient: boolean,
    readonly isKnown: (elementName: string) => boolean,
  ) {}

  get fault(): MsmlFault | undefined {
    return this.first;
  }

  fail(response: string, detail: string): void {
    this.first ??= { response, description: `${responseText(response)}: ${detail}` };
  }
}
