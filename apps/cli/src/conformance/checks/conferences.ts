import type { Check, Party } from '../check';
import { createconference, destroyconference, join, unjoin } from '../check';
import { accepted, expect, hears, refused } from '../expectation';
import { meet, speakers, TONES } from './parties';

const [A_HZ, B_HZ, C_HZ] = TONES;
const ASN_MS = 5_000;

const hearsOf = async (who: string, party: Party, wanted: readonly number[]): Promise<void> =>
  hears(who, await party.line.hears(TONES), wanted);

/** Points 8 to 12, 16 to 18: conferences. */
export const CONFERENCES: readonly Check[] = [
  {
    point: 8,
    section: '8.3',
    title:
      'deletewhen: nomedia ends a conference after its last participant, nocontrol with its control dialog',
    async run(bench) {
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      const fresh = bench.name('fresh');
      accepted('createconference', await a.request(createconference(fresh, 'deletewhen="nomedia"')));
      accepted('a conference that had nobody yet is there', await a.request(destroyconference(fresh)));
      const name = await meet(bench, a, [b], 'deletewhen="nomedia"');
      accepted('unjoin', await a.request(unjoin(b.id, `conf:${name}`)));
      await a.event('msml.conf.nomedia', `conf:${name}`);
      const owner = await bench.party();
      await meet(bench, owner, [b], 'deletewhen="nocontrol" term="true"');
      owner.usage.bye();
      await bench.waiting.until('a BYE to the participant', () => b.hungUp);
    },
  },
  {
    point: 9,
    section: '8.5',
    title: 'destroying what is gone fails inside of a 200 to the INFO, which a client takes as done',
    async run(bench) {
      const party = await bench.party();
      const outcome = await party.request(destroyconference('nobody'));
      refused('destroying a conference that is not there', outcome, ['430', '500']);
      expect('the INFO is answered 200', outcome.sipStatus === 200);
    },
  },
  {
    point: 10,
    section: '8.5',
    title: 'removing the last mixer deletes the conference',
    async run(bench) {
      const party = await bench.party();
      const name = bench.name('conf');
      accepted('createconference', await party.request(createconference(name, '', '<audiomix id="mix1"/>')));
      const last = `<destroyconference id="conf:${name}"><audiomix id="mix1"/></destroyconference>`;
      accepted('removing the mixer', await party.request(last));
      refused('the conference afterwards', await party.request(destroyconference(name)));
    },
  },
  {
    point: 11,
    section: '8.3',
    title: 'a conference without a mixer child has one audio mixer',
    async run(bench) {
      const parties = await speakers(bench, 2);
      const name = await meet(bench, parties[0]!, parties, '', '');
      await hearsOf('B', parties[1]!, [A_HZ]);
      await parties[0]!.request(destroyconference(name));
    },
  },
  {
    point: 12,
    section: '8.4, 8.9',
    title: 'modifystream leaves what it does not name as it was',
    async run(bench) {
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      const stream = (content: string): string =>
        `<modifystream id1="${a.id}" id2="${b.id}"><stream media="audio" dir="from-id1">${content}</stream></modifystream>`;
      accepted('join', await a.request(join(a.id, b.id)));
      accepted('mute', await a.request(stream('<gain amt="mute"/>')));
      accepted('clamp', await a.request(stream('<clamp dtmf="true"/>')));
      await hearsOf('B', b, []);
    },
  },
  {
    point: 16,
    section: '6.1, 8.2, 8.6.1',
    title:
      'a participant hears all others and not itself; n-loudest excludes all but the loudest and the preferred',
    async run(bench) {
      const parties = await speakers(bench, 3);
      const [a, b, c] = parties;
      const name = await meet(bench, a!, parties);
      await hearsOf('A', a!, [B_HZ, C_HZ]);
      await hearsOf('B', b!, [A_HZ, C_HZ]);
      await hearsOf('C', c!, [A_HZ, B_HZ]);
      await a!.request(destroyconference(name));
    },
  },
  {
    point: 17,
    section: '8.6.2',
    title: 'active speakers are told when they change, as repeated items called speaker',
    async run(bench) {
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      const control = await bench.server.control();
      const name = await meet(bench, control, [a, b], '', '<audiomix><asn ri="1s"/></audiomix>');
      const both = (): boolean =>
        control.events.some(
          ({ name: event, values }) =>
            event === 'msml.conf.asn' && values.filter((item) => item.name === 'speaker').length === 2,
        );
      await bench.waiting.until('msml.conf.asn with two items called speaker', both, ASN_MS);
      accepted('destroyconference', await control.request(destroyconference(name)));
    },
  },
  {
    point: 18,
    section: '6.2',
    title: 'a wildcard stands for the right-most name only, and no object can be called by one',
    async run(bench) {
      const party = await bench.party();
      refused(
        'conf:*/dialog:x',
        await party.document(`<msml version="1.1"><dialogend id="conf:*/dialog:x"/></msml>`),
      );
      refused(
        'a conference named a*',
        await party.document(`<msml version="1.1">${createconference('a*')}</msml>`),
      );
      const [a, b, c] = await speakers(bench, 3);
      if (!a || !b || !c) return;
      accepted('join', await a.request(join(a.id, b.id) + join(a.id, c.id)));
      accepted('unjoin of every connection', await a.request(unjoin(a.id, 'conn:*')));
      await hearsOf('A', a, []);
      refused(
        'a wildcard on both sides',
        await a.document(`<msml version="1.1">${unjoin('conn:*', 'conf:*')}</msml>`),
      );
    },
  },
];
