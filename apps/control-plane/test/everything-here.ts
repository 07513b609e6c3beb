import type { Whereabouts } from '../src/calls/call-engine';

/** Of a node that is alone. */
export const EVERYTHING_HERE: Whereabouts = {
  isHere: () => true,
  ownerOfRecording: () => Promise.resolve(undefined),
  conferenceNamed: () => Promise.resolve(undefined),
};
