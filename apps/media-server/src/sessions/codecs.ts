/** Encodings that the engine speaks, as session descriptions name them, in the order in which they are chosen. */
export const DEFAULT_CODECS = ['PCMA', 'PCMU', 'G722', 'L16/16000', 'L16/8000', 'L16/48000'] as const;
