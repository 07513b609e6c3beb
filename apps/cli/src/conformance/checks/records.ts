import type { Check } from '../check';
import { createconference, dialogstart, join, playDialog, recordDialog } from '../check';
import { accepted, expect, hears } from '../expectation';

const SHORT_MS = 600;
const SETTLE_MS = 700;

/** Points 26 and 29 to 33: prompts to conferences, recordings, and the end of dialogs. */
export const RECORDS: readonly Check[] = [
  {
    point: 26,
    section: '9.7.1',
    title: 'a digit of any participant barges into a prompt to the conference',
    async run(bench) {
      const prompt = await bench.prompt();
      const [a, b] = [await bench.party(), await bench.party()];
      const name = bench.name('conf');
      accepted('createconference', await a.request(createconference(name)));
      for (const { id } of [a, b]) accepted('join', await a.request(join(id, `conf:${name}`)));
      accepted(
        'play',
        await a.request(playDialog(`conf:${name}`, 'd1', prompt, 'barge="true" iterate="forever"')),
      );
      await bench.waiting.never('end before a key', () => a.events.length > 0, SETTLE_MS);
      b.line.press('7');
      const values = await a.exit(`conf:${name}/dialog:d1`);
      expect(
        `the play was ended before its time, not ${values['play.end'] ?? 'unknown'}`,
        values['play.end'] !== undefined && !values['play.end'].startsWith('play.complete'),
      );
    },
  },
  {
    point: 29,
    section: '9.7.4',
    title: 'a recording that reached maxtime ends as record.complete.maxlength, with its length',
    async run(bench) {
      const party = await bench.party();
      party.line.say(500);
      const uri = `file://${bench.name('length')}.wav`;
      accepted('record', await party.request(recordDialog(party.id, 'd1', uri, '1s')));
      const values = await party.exit(`${party.id}/dialog:d1`);
      expect('record.end is record.complete.maxlength', values['record.end'] === 'record.complete.maxlength');
      expect('record.len is there', /\d/.test(values['record.len'] ?? ''));
    },
  },
  {
    point: 30,
    section: '9.7.4',
    title: 'terminate.cancelled deletes the file',
    async run(bench) {
      const party = await bench.party();
      party.line.say(500);
      const uri = `file://${bench.name('cancelled')}.wav`;
      const dialog = `${party.id}/dialog:d1`;
      accepted('record', await party.request(recordDialog(party.id, 'd1', uri, '60s')));
      await bench.waiting.never('end of the recording', () => party.events.length > 0, SETTLE_MS);
      accepted('send', await party.request(`<send event="terminate.cancelled" target="${dialog}/record"/>`));
      await party.exit(dialog);
      const played = await party.request(playDialog(party.id, 'd2', uri));
      if (!played.ok) return;
      const values = await party.exit(`${party.id}/dialog:d2`);
      expect('the deleted file can not be played', !values['play.end']?.startsWith('play.complete'));
    },
  },
  {
    point: 31,
    section: '9.7.4.1',
    title: 'a recording begins when the prompt inside of it has ended',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      const uri = `file://${bench.name('after')}.wav`;
      const record =
        `<record dest="${uri}" format="audio/wav" maxtime="${SHORT_MS}ms"><play><audio uri="${prompt}"/></play>` +
        '<recordexit><exit namelist="record.len record.end"/></recordexit></record>';
      accepted('record', await party.request(dialogstart(party.id, 'd1', record)));
      hears('the party meanwhile', await party.line.hears([bench.promptHz]), [bench.promptHz]);
      const values = await party.exit(`${party.id}/dialog:d1`);
      expect('it was recorded to its limit', values['record.end'] === 'record.complete.maxlength');
    },
  },
  {
    point: 32,
    section: '9.6.2',
    title: 'dialogend is graceful: exit handlers act, results and msml.dialog.exit follow',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      const dialog = `${party.id}/dialog:d1`;
      accepted('play', await party.request(playDialog(party.id, 'd1', prompt, 'iterate="forever"')));
      accepted('dialogend', await party.request(`<dialogend id="${dialog}"/>`));
      const values = await party.exit(dialog);
      expect('play.end is told', values['play.end'] !== undefined);
    },
  },
  {
    point: 33,
    section: '9.10',
    title: 'disconnect hangs the connection up',
    async run(bench) {
      const party = await bench.party();
      accepted('disconnect', await party.request(dialogstart(party.id, 'd1', '<disconnect/>')));
      await bench.waiting.until('a BYE', () => party.hungUp);
    },
  },
];
