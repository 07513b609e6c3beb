import { openConference } from '../conferences/open-conference';
import { addStream } from '../conferences/participants';
import type { Connection } from '../objects/connection';
import type { ControlContext } from '../objects/control-context';
import type { SessionService } from './session-service';

/** Takes connections into the conference that their Request-URI names; it is there as long as one of them is (RFC 4240 §5). */
export class Bridge implements SessionService {
  constructor(
    private readonly context: ControlContext,
    private readonly id: string,
  ) {}

  admit(connection: Connection): 200 | 503 {
    const { conferences } = this.context;
    if (!conferences.has(this.id) && !this.open(connection)) return 503;
    addStream(this.context, connection.id, this.id, {});
    addStream(this.context, this.id, connection.id, {});
    return 200;
  }

  begin(): void {}

  private open(connection: Connection): boolean {
    const { conferences, limits, draining } = this.context;
    if (draining || conferences.size >= limits.conferences) return false;
    openConference(this.context, {
      id: this.id,
      deletewhen: 'nomedia',
      term: false,
      audiomix: {},
      reserved: 0,
      // Who asks by URI speaks no MSML: there is nobody to tell.
      origin: { controller: connection.id, exitResults: 'msml.dialog.exit', send: () => undefined },
    });
    return true;
  }
}
