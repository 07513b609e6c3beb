/** A whole message, head and body: no datagram carries more (RFC 3261 §18.1.1). */
export const MAX_MESSAGE_BYTES = 65_535;
/** Start line, and each header field with its folded lines, in bytes. */
export const MAX_LINE_BYTES = 8_192;
/** Header fields of one message. */
export const MAX_HEADER_FIELDS = 256;
/** Via values of one message: Max-Forwards starts at 70 (RFC 3261 §8.1.1.6), so that no honest message has more. */
export const MAX_VIAS = 70;
