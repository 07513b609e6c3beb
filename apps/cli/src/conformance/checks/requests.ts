import type { Check } from '../check';
import { createconference, destroyconference, dialogstart, join, playDialog } from '../check';
import { accepted, expect, refused } from '../expectation';

/** A dialog that does nothing but exit. */
const EXIT = '<exit/>';
const QUIET_MS = 400;

/** Points 1 to 7: how requests are read, carried out and answered. */
export const REQUESTS: readonly Check[] = [
  {
    point: 1,
    section: '3.1',
    title: 'a request may concern any object, whichever dialog it comes on',
    async run(bench) {
      const [a, b] = [await bench.party(), await bench.party()];
      accepted('a dialog on another connection', await a.request(dialogstart(b.id, 'd1', EXIT)));
    },
  },
  {
    point: 2,
    section: '3.1',
    title: 'events go on the dialog of the request that caused them',
    async run(bench) {
      const [a, b] = [await bench.party(), await bench.party()];
      accepted('dialogstart', await a.request(dialogstart(b.id, 'd1', EXIT)));
      await a.event('msml.dialog.exit', `${b.id}/dialog:d1`);
      await bench.waiting.never('event on the dialog of the target', () => b.events.length > 0, QUIET_MS);
    },
  },
  {
    point: 3,
    section: '5',
    title: 'an invalid request is not begun; a valid one stops at its first failure, without rollback',
    async run(bench) {
      const party = await bench.party();
      const [never, kept] = [bench.name('never'), bench.name('kept')];
      const invalid = `<msml version="1.1">${createconference(never)}<nonsense/></msml>`;
      refused('a request with an unknown element', await party.document(invalid));
      refused('destroying what an invalid request named', await party.request(destroyconference(never)));
      const failing = createconference(kept) + join('conn:nobody', `conf:${kept}`) + createconference(never);
      refused('joining a connection that is not there', await party.request(failing));
      refused('what stood behind the failure', await party.request(destroyconference(never)));
      accepted('what stood before the failure', await party.request(destroyconference(kept)));
    },
  },
  {
    point: 4,
    section: '5, 7.3',
    title: 'a failure tells the mark of the last operation that was carried out',
    async run(bench) {
      const party = await bench.party();
      const [one, two] = [bench.name('one'), bench.name('two')];
      const outcome = await party.request(
        createconference(one, 'mark="first"') +
          createconference(two, 'mark="second"') +
          '<destroyconference id="conf:nobody" mark="third"/>',
      );
      refused('destroying a conference that is not there', outcome);
      await party.request(destroyconference(one) + destroyconference(two));
      expect(`the mark is "second", not "${outcome.lastMark ?? 'none'}"`, outcome.lastMark === 'second');
    },
  },
  {
    point: 5,
    section: '8.2',
    title: 'a join makes all of its streams or none',
    async run(bench) {
      const [a, b] = [await bench.party(), await bench.party()];
      a.line.say(500);
      const streams = '<stream media="audio"/><stream media="video" dir="from-id1"/>';
      refused('a join with video of a party without video', await a.request(join(a.id, b.id, streams)));
      expect('no audio was joined', (await b.line.hears([500])).length === 0);
    },
  },
  {
    point: 6,
    section: '5, 9.6.1',
    title: 'dialogstart answers when the dialog has started; how it ends comes as an event',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      const dialog = `${party.id}/dialog:d1`;
      accepted('dialogstart', await party.request(playDialog(party.id, 'd1', prompt)));
      expect(
        'the result comes before the dialog has ended',
        !party.events.some(({ id, name }) => id === dialog && name === 'msml.dialog.exit'),
      );
      const values = await party.exit(dialog);
      expect('play.end is play.complete', values['play.end']?.startsWith('play.complete') === true);
    },
  },
  {
    point: 7,
    section: '6.2',
    title: 'a connection is named by the tag of the server, in its own case',
    async run(bench) {
      const party = await bench.party();
      accepted('a dialog on conn:<To tag>', await party.request(dialogstart(party.id, 'd1', EXIT)));
      const upper = party.id.toUpperCase().replace('CONN:', 'conn:');
      const swapped = upper === party.id ? `conn:${party.id.slice(5).toLowerCase()}` : upper;
      if (swapped === party.id) return;
      refused('the name in another case', await party.request(dialogstart(swapped, 'd2', EXIT)));
    },
  },
];
