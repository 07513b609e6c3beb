import type { DialectProfile } from './dialect';

/** Dialogic XMS. */
export const xms: DialectProfile = {
  dialect: 'xms',
  contentType: 'application/xml',
  declaration: { encoding: 'UTF-8', standalone: true },
  resultIds: 'after',
  exitResults: 'moml.exit',
  promptInside: false,
  attributeNames: {},
  namespaces: {},
  unmute: { amt: 'unmute' },
  digitPatterns: 'template',
};
