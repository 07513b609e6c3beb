import type { OpenMedia } from './open-media';

/** Where recordings are kept when the media server is through with them. Every method rejects when it does not answer. */
export interface RecordingArchive {
  /** Stores the file at `path`; resolves when it is safe. */
  store(object: string, path: string, contentType: string): Promise<void>;
  open(object: string): Promise<OpenMedia | undefined>;
  text(object: string): Promise<string | undefined>;
  remove(object: string): Promise<void>;
}

/** The name of a recording in the archive; its manifest stands beside it. */
export const objectOf = (recordingId: string): string => `${recordingId}.wav`;
export const manifestOf = (object: string): string => `${object}.json`;
