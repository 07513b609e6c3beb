/** A message body and its type; nearly always a session description. */
export interface SdpBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Extra header fields in the order to be sent. */
export type HeaderList = readonly (readonly [string, string])[];
