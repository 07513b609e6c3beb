import type { DialectProfile } from './dialect';

/** Convedia and Radisys. */
export const convedia: DialectProfile = {
  dialect: 'convedia',
  contentType: 'application/msml+xml',
  declaration: { encoding: 'US-ASCII' },
  resultIds: 'inside',
  exitResults: 'msml.dialog.exit',
  promptInside: true,
  attributeNames: { play: { barge: 'cvd:barge', cleardb: 'cvd:cleardb' } },
  namespaces: { cvd: 'http://convedia.com/ext' },
  unmute: { agc: 'true', tgtlvl: '0', maxgain: '10' },
  digitPatterns: 'settings',
};
