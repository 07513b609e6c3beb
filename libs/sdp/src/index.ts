export type { Direction, MediaDescription } from './media-description';
export type { AudioEnd, ChosenAudio } from './offer-answer';
export { acceptAnswer, answerAudio, offerAudio } from './offer-answer';
export type { RtpMap } from './payload-types';
export { MAX_SDP_BYTES, MAX_SDP_LINE_BYTES, MAX_SDP_LINES } from './sdp-lines';
export type { Origin } from './session-description';
export { MAX_MEDIA_SECTIONS, SessionDescription } from './session-description';
