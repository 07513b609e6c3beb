import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { ProblemException } from '../http/problem.exception';
import { readRange } from './byte-range';
import type { ByteRange } from './byte-range';
import type { OpenMedia } from '../recordings-storage/open-media';

/** A range of an older file must not be glued to this one (RFC 9110 §13.1.5). */
function rangeOf(request: Request, file: OpenMedia): ByteRange | 'whole' | 'unsatisfiable' {
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== file.etag) return 'whole';
  return readRange(request.headers.range, file.sizeBytes);
}

function writeHead(response: Response, file: OpenMedia, range: ByteRange | 'whole', name: string): number {
  const length = range === 'whole' ? file.sizeBytes : range.last - range.first + 1;
  response.status(range === 'whole' ? 200 : 206);
  response.setHeader('Content-Type', 'audio/wav');
  response.setHeader('Content-Length', String(length));
  response.setHeader('Content-Disposition', `inline; filename="${name}"`);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', file.etag);
  if (range !== 'whole') {
    response.setHeader('Content-Range', `bytes ${range.first}-${range.last}/${file.sizeBytes}`);
  }
  return length;
}

/** Sends a WAV file or the range of it that was asked for, and closes it. */
export async function sendFile(
  request: Request,
  response: Response,
  file: OpenMedia,
  name: string,
): Promise<void> {
  try {
    const range = rangeOf(request, file);
    if (range === 'unsatisfiable') {
      throw new ProblemException(
        'range_not_satisfiable',
        {},
        { 'Content-Range': `bytes */${file.sizeBytes}` },
      );
    }
    const length = writeHead(response, file, range, name);
    if (request.method === 'HEAD' || length === 0) {
      response.end();
      return;
    }
    const span = range === 'whole' ? { first: 0, last: file.sizeBytes - 1 } : range;
    await pipeline(await file.read(span), response);
  } catch (error) {
    // A client that went away is no fault of ours.
    if (!response.headersSent) throw error;
    response.destroy();
  } finally {
    await file.close();
  }
}
