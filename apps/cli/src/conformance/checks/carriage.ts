import type { Check } from '../check';
import { expect } from '../expectation';

/** Points 34 and 35: what carries MSML, and what is beside it. */
export const CARRIAGE: readonly Check[] = [
  {
    point: 34,
    section: '9.4, RFC 4240',
    title: 'announcements by Request-URI: a file that is not there is 404, none at all 400',
    async run(bench) {
      const { server } = bench;
      const missing = await server.inviteTo((at) => `sip:annc@${at};play=file://no-such-prompt.wav`);
      expect(`a missing file is 404, not ${missing.status}`, missing.status === 404);
      const none = await server.inviteTo((at) => `sip:annc@${at}`);
      expect(`no file is 400, not ${none.status}`, none.status === 400);
    },
  },
  {
    point: 35,
    section: 'RFC 6086 2, RFC 2976 2.2',
    title: 'INFO without a body is answered 200, one of an unknown type 415',
    async run(bench) {
      const party = await bench.party();
      const empty = await party.info();
      expect(`INFO without a body is 200, not ${empty.status}`, empty.status === 200);
      const unknown = await party.info(Buffer.from('?'), 'application/x-unknown');
      expect(`INFO of an unknown type is 415, not ${unknown.status}`, unknown.status === 415);
    },
  },
];
