import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import type { S3mini } from 's3mini';
import type { ByteSpan, OpenMedia } from './open-media';
import type { RecordingArchive } from './recording-archive';

export interface S3Settings {
  /** `https://host/bucket` */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Before every name. */
  readonly prefix: string;
}

const REQUEST_MS = 60_000;
const NOT_FOUND = 404;

/** Recordings in a bucket that speaks S3. */
export class S3Archive implements RecordingArchive {
  private constructor(
    private readonly s3: S3mini,
    private readonly prefix: string,
  ) {}

  static async connect({ prefix, ...settings }: S3Settings): Promise<S3Archive> {
    const { S3mini } = await import('s3mini');
    return new S3Archive(new S3mini({ ...settings, requestAbortTimeout: REQUEST_MS }), prefix);
  }

  async store(object: string, path: string, contentType: string): Promise<void> {
    const answer = await this.s3.putAnyObject(this.prefix + object, await openAsBlob(path), contentType);
    if (!answer.ok) throw new Error(`the archive answered ${answer.status}`);
  }

  async open(object: string): Promise<OpenMedia | undefined> {
    const key = this.prefix + object;
    const etag = await this.s3.getEtag(key);
    if (etag === null) return undefined;
    return {
      etag: `"${etag}"`,
      sizeBytes: await this.s3.getContentLength(key),
      read: (span) => this.read(key, span),
      close: () => Promise.resolve(),
    };
  }

  async text(object: string): Promise<string | undefined> {
    return (await this.s3.getObject(this.prefix + object)) ?? undefined;
  }

  async remove(object: string): Promise<void> {
    await this.s3.deleteObject(this.prefix + object);
  }

  private async read(key: string, { first, last }: ByteSpan): Promise<Readable> {
    const answer = await this.s3.getObjectRaw(key, false, first, last + 1);
    if (answer.status === NOT_FOUND || !answer.ok || !answer.body)
      throw new Error(`the archive answered ${answer.status}`);
    return Readable.fromWeb(answer.body);
  }
}
