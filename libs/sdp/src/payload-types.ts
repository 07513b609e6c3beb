/** An encoding as an rtpmap attribute names it (RFC 4566 §6). */
export interface RtpMap {
  readonly encoding: string;
  /** Hz */
  readonly clockRate: number;
  readonly channels: number;
}

const audio = (encoding: string, clockRate = 8000, channels = 1): RtpMap => ({
  encoding,
  clockRate,
  channels,
});

/** The static payload types of RFC 3551 §6 that are still seen: they need no rtpmap. */
export const STATIC_PAYLOADS: Readonly<Record<string, RtpMap>> = {
  '0': audio('PCMU'),
  '3': audio('GSM'),
  '4': audio('G723'),
  '5': audio('DVI4'),
  '6': audio('DVI4', 16000),
  '7': audio('LPC'),
  '8': audio('PCMA'),
  '9': audio('G722'),
  '10': audio('L16', 44100, 2),
  '11': audio('L16', 44100),
  '12': audio('QCELP'),
  '13': audio('CN'),
  '14': audio('MPA', 90000),
  '15': audio('G728'),
  '18': audio('G729'),
  '26': audio('JPEG', 90000),
  '31': audio('H261', 90000),
  '34': audio('H263', 90000),
};

/** The static number of an encoding, or undefined when it needs a dynamic one. */
export function staticPayload(encoding: string): number | undefined {
  const wanted = encoding.toUpperCase();
  const entry = Object.entries(STATIC_PAYLOADS).find(
    ([, map]) => map.encoding === wanted && map.clockRate === 8000,
  );
  return entry && Number(entry[0]);
}
