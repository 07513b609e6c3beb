import type { Clock } from '@legato/kernel';
import { silentLog } from '@legato/kernel';
import { deserialize, serialize } from 'node:v8';
import type { MediaSide } from '../src/media-process/media-side';
import type { FromMedia, MediaLink, ToMedia } from '../src/media-process/messages';
import { serveMedia } from '../src/media-process/serve-media';

const BEAT_MS = 500;

/** As another process gets it. */
const sent = <T>(message: T): T => deserialize(serialize(message)) as T;

/** Media behind messages, as in a process of their own but without one. */
export function memoryLink(
  media: Pick<MediaSide, 'sessions' | 'report' | 'drain' | 'endDialogs'>,
  clock: Clock,
): MediaLink {
  const tell = (message: FromMedia): void => {
    const copy = sent(message);
    queueMicrotask(() => link.onMessage(copy));
  };
  const receive = serveMedia({
    media,
    send: tell,
    sharedNowMs: () => clock.now(),
    onStop: () => link.onExit('stopped'),
    log: silentLog,
  });
  const link: MediaLink = {
    pid: undefined,
    onMessage: () => undefined,
    onExit: () => undefined,
    send(message: ToMedia) {
      const copy = sent(message);
      queueMicrotask(() => receive(copy));
    },
    kill: () => link.onExit('killed'),
  };
  const beat = (): void => {
    tell({ kind: 'beat', kept: clock.now(), late: 0 });
    clock.schedule(BEAT_MS, beat);
  };
  tell({ kind: 'ready' });
  beat();
  return link;
}
