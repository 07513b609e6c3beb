import type { RecordingView } from '@legato/b2bua';
import type { RecordingManifest } from '@legato/contracts';
import { z } from 'zod';

const place = { atMs: z.number().min(0), durationMs: z.number().min(0) };

/** What the media server writes beside a file, see docs/media-server.md; what we do not know of is left out. */
const manifestFile = z.object({
  state: z.string().max(64),
  startedAt: z.string().max(64),
  endedAt: z.string().max(64).optional(),
  sampleRate: z.int().min(1),
  channels: z.int().min(1),
  samples: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  gaps: z.array(z.object(place)),
  pauses: z.array(
    z.object({ ...place, mode: z.enum(['silence', 'skip']), note: z.string().max(256).optional() }),
  ),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The manifest as clients see it; undefined for a text that is none. */
export function manifestDocument(recording: RecordingView, text: string): RecordingManifest | undefined {
  const read = manifestFile.safeParse(parsed(text));
  if (!read.success) return undefined;
  const { state, startedAt, endedAt, sampleRate, channels, samples, sha256, gaps, pauses } = read.data;
  return {
    recording_id: recording.id,
    ...(recording.call_id === undefined ? {} : { call_id: recording.call_id }),
    ...(recording.conference_id === undefined ? {} : { conference_id: recording.conference_id }),
    state,
    started_at: startedAt,
    ...(endedAt === undefined ? {} : { ended_at: endedAt }),
    sample_rate_hz: sampleRate,
    channels,
    samples,
    sha256,
    gaps: gaps.map(({ atMs, durationMs }) => ({ at_ms: atMs, duration_ms: durationMs })),
    pauses: pauses.map(({ atMs, durationMs, mode, note }) => ({
      at_ms: atMs,
      duration_ms: durationMs,
      mode,
      ...(note === undefined ? {} : { note }),
    })),
  };
}
