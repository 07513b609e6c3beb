import type { PlayOptions } from '@legato/media';
import type { Connection } from '../objects/connection';
import type { MediaPort } from '../objects/media-port';
import type { SessionService } from './session-service';

/** Plays one file and hangs up (RFC 4240 §3). */
export class Announcement implements SessionService {
  private begun = false;

  constructor(
    private readonly media: Pick<MediaPort, 'play'>,
    private readonly path: string,
    private readonly options: PlayOptions,
    private readonly hangUp: () => void,
  ) {}

  admit(): 200 {
    return 200;
  }

  begin(connection: Connection): void {
    if (this.begun) return;
    this.begun = true;
    void this.media.play(connection.id, [this.path], this.options).done.then(this.hangUp);
  }
}
