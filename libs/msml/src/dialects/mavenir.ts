import type { DialectProfile } from './dialect';

/** Mavenir. */
export const mavenir: DialectProfile = {
  dialect: 'mavenir',
  contentType: 'application/msml+xml',
  declaration: { encoding: 'US-ASCII' },
  resultIds: 'inside',
  exitResults: 'moml.exit',
  promptInside: false,
  attributeNames: { record: { dest: 'recordingdest' } },
  namespaces: {},
  unmute: { amt: 'unmute' },
  digitPatterns: 'template',
};
