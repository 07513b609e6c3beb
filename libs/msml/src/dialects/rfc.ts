import type { DialectProfile } from './dialect';

export const rfc: DialectProfile = {
  dialect: 'rfc',
  contentType: 'application/msml+xml',
  declaration: { encoding: 'UTF-8' },
  resultIds: 'inside',
  exitResults: 'either',
  promptInside: true,
  attributeNames: {},
  namespaces: {},
  unmute: { amt: '0' },
  digitPatterns: 'template',
};
