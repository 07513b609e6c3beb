import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';
import type { PlaySource } from '@legato/media';
import type { MediaFolders } from './media-folders';
import type { RemoteAudio } from './remote-audio';
import { isWebUri } from './remote-audio';

/** Where prompts come from. */
export interface PromptPlaces {
  readonly folders: MediaFolders;
  readonly remote: RemoteAudio;
}

/** What a URI of a play means: a file below the folders, or a document of the web that is fetched when it is played. The error is for a response 410. */
export function promptSource(uri: string, { folders, remote }: PromptPlaces): Result<PlaySource, string> {
  if (!isWebUri(uri)) return folders.promptPath(uri);
  const url = remote.check(uri);
  return url.ok ? ok({ load: () => remote.fetch(url.value) }) : err(url.error);
}
