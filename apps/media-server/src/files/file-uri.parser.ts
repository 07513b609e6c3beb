import type { Result } from '@legato/kernel';
import { err, ok } from '@legato/kernel';

const MAX_URI_LENGTH = 2048;
/** What file systems take, with room for the suffixes of unfinished recordings and of manifests. */
const MAX_SEGMENT_BYTES = 240;
const SCHEME = /^file:\/\//i;
/** Characters that must stand for themselves: encoded, they only ever hide a path in a name. */
const HIDDEN = /[/\\.%\u0000-\u001f\u007f]/;
const FORBIDDEN = /[\\?#\u0000-\u001f\u007f]/;

/** A file: URI in the way MSML uses it: `file://name.wav` is relative, `file:///folder/name.wav` absolute (RFC 5707 §9.7.1.1). */
export interface FileUri {
  readonly absolute: boolean;
  /** Decoded; never empty, never `.` or `..`, without separators. */
  readonly segments: readonly string[];
}

/** Reads a file: URI. Never throws; the error says what is wrong with it. */
export function parseFileUri(text: string): Result<FileUri, string> {
  if (text.length > MAX_URI_LENGTH) return err('the URI is too long');
  if (!SCHEME.test(text)) return err('only file: URIs are served');
  const path = text.replace(SCHEME, '');
  if (FORBIDDEN.test(path)) return err('the URI has characters that no file name here has');
  const absolute = path.startsWith('/');
  const segments = (absolute ? path.slice(1) : path).split('/').map(decodeSegment);
  const wrong = segments.some((segment) => segment === undefined);
  if (wrong) return err('the URI does not name a file below the folder');
  return ok({ absolute, segments: segments as string[] });
}

function decodeSegment(segment: string): string | undefined {
  const decoded = percentDecoded(segment);
  if (decoded === undefined || decoded === '' || decoded === '.' || decoded === '..') return undefined;
  return Buffer.byteLength(decoded) > MAX_SEGMENT_BYTES ? undefined : decoded;
}

function percentDecoded(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  const hidden = [...segment.matchAll(/%([0-9a-fA-F]{2})/g)].some(([, hex]) =>
    HIDDEN.test(String.fromCharCode(Number.parseInt(hex ?? '0', 16))),
  );
  if (hidden) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
