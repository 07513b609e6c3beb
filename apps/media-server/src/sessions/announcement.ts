import type { PlayOptions, PlaySource } from '@legato/media';
import type { Connection } from '../objects/connection';
import type { MediaPort } from '../objects/media-port';
import type { SessionService } from './session-service';

/** Plays one file and hangs up (RFC 4240 §3). */
export class Announcement implements SessionService {
  private begun = false;

  constructor(
    private readonly media: Pick<MediaPort, 'play'>,
    private readonly source: PlaySource,
    private readonly options: PlayOptions,
    private readonly hangUp: () => void,
  ) {}

  admit(): 200 {
    return 200;
  }

  begin(connection: Connection): void {
    if (this.begun) return;
    this.begun = true;
    void this.media.play(connection.id, [this.source], this.options).done.then(this.hangUp);
  }
}
