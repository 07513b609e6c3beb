import type { Bench, Check, Party } from '../check';
import { dialogstart, playDialog } from '../check';
import { accepted, expect } from '../expectation';

const QUIET_MS = 400;
/** Longer than the first digit timer of these checks. */
const FDT_OVER_MS = 1_800;
const HELD_MS = 2_000;
const KEY_GAP_MS = 600;

const dialogOf = (party: Party, name = 'd1'): string => `${party.id}/dialog:${name}`;

/** Starts a dialog on the party's own connection. */
async function start(party: Party, content: string, name = 'd1'): Promise<void> {
  accepted('dialogstart', await party.request(dialogstart(party.id, name, content)));
}

/** Presses a key and waits until it must have arrived. */
async function press(bench: Bench, party: Party, digits: string, durationMs?: number): Promise<void> {
  party.line.press(digits, durationMs);
  await bench.waiting.never('hang-up', () => party.hungUp, digits.length * KEY_GAP_MS);
}

const collectTwo = (attributes: string): string =>
  `<dtmf ${attributes}><pattern digits="xx" format="moml+digits"><send target="source" event="matched" namelist="dtmf.digits dtmf.end"/></pattern>` +
  '<noinput><send target="source" event="noinput"/></noinput>' +
  '<nomatch><send target="source" event="nomatch" namelist="dtmf.digits"/></nomatch></dtmf>';

/** Points 19 to 28: dialogs, groups and digits. */
export const DIALOGS: readonly Check[] = [
  {
    point: 19,
    section: '9.1, 13.2',
    title: 'nothing is told that was not asked for: a dialog without send or exit has msml.dialog.exit only',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      await start(party, `<play><audio uri="${prompt}"/></play>`);
      await party.event('msml.dialog.exit', dialogOf(party));
      expect('there is one event', party.events.length === 1);
    },
  },
  {
    point: 20,
    section: '9.3',
    title: 'an event acts by its longest known prefix: terminate.frowning is terminate',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      accepted('play', await party.request(playDialog(party.id, 'd1', prompt, 'iterate="forever"')));
      const send = `<send event="terminate.frowning" target="${dialogOf(party)}/play"/>`;
      accepted('send', await party.request(send));
      const values = await party.exit(dialogOf(party));
      expect(
        `play.end names what ended it, not ${values['play.end'] ?? 'nothing'}`,
        /terminate/.test(values['play.end'] ?? ''),
      );
    },
  },
  {
    point: 21,
    section: '9.2',
    title: 'a shadow variable is undefined before its primitive has run',
    async run(bench) {
      const party = await bench.party();
      await start(party, '<exit namelist="dtmf.digits"/>');
      const values = await party.exit(dialogOf(party));
      expect('dtmf.digits is undefined', values['dtmf.digits'] === 'undefined');
    },
  },
  {
    point: 22,
    section: '9.8',
    title: 'a group ends when all of it has ended, or by a terminate to the group; then comes groupexit',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      const group =
        `<group topology="parallel"><play><audio uri="${prompt}"/><playexit><send target="source" event="played"/></playexit></play>` +
        '<dtmf><pattern digits="1"><send target="group" event="terminate"/></pattern></dtmf>' +
        '<groupexit><send target="source" event="done" namelist="dtmf.digits"/></groupexit></group>';
      await start(party, group);
      await party.event('played');
      await bench.waiting.never(
        'end of the group with the play',
        () => party.events.some(({ name }) => name === 'done'),
        QUIET_MS,
      );
      await press(bench, party, '1');
      await party.event('done');
      await party.event('msml.dialog.exit');
    },
  },
  {
    point: 23,
    section: '9.7.5',
    title: 'the first digit timer runs from starttimer on, not before',
    async run(bench) {
      const party = await bench.party();
      await start(party, collectTwo('fdt="1s"'), 'd1');
      await start(party, collectTwo('fdt="1s" starttimer="true"'), 'd2');
      await party.event('noinput', dialogOf(party, 'd2'));
      await bench.waiting.never(
        'noinput without starttimer',
        () => party.events.some(({ name, id }) => name === 'noinput' && id === dialogOf(party)),
        FDT_OVER_MS,
      );
    },
  },
  {
    point: 24,
    section: '9.7.5',
    title: 'a pause between digits with a pattern still open is no match',
    async run(bench) {
      const party = await bench.party();
      await start(party, collectTwo('fdt="5s" idt="1s" starttimer="true"'));
      await press(bench, party, '1');
      await party.event('nomatch');
      await party.event('msml.dialog.exit');
    },
  },
  {
    point: 25,
    section: '9.7.5, 9.7.1',
    title: 'with cleardb="false", digits that were keyed before count at once, the one that barged in too',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      await start(
        party,
        `<play barge="true" cleardb="false" iterate="forever"><audio uri="${prompt}"/></play>`,
      );
      await press(bench, party, '42');
      await party.event('msml.dialog.exit', dialogOf(party));
      await start(party, collectTwo('cleardb="false" fdt="1s" starttimer="true"'), 'd2');
      const values = await party.exit(dialogOf(party, 'd2'));
      expect(`the digits are 42, not ${values['dtmf.digits'] ?? 'missing'}`, values['dtmf.digits'] === '42');
    },
  },
  {
    point: 27,
    section: '9.7.5.3',
    title: 'detect acts on the first digit, once',
    async run(bench) {
      const party = await bench.party();
      const dtmf =
        '<dtmf fdt="5s" starttimer="true"><detect><send target="source" event="detected"/></detect>' +
        '<pattern digits="xx" format="moml+digits"><send target="source" event="matched"/></pattern></dtmf>';
      await start(party, dtmf);
      await press(bench, party, '1');
      await party.event('detected');
      await press(bench, party, '2');
      await party.event('matched');
      await party.event('msml.dialog.exit');
      const detected = party.events.filter(({ name }) => name === 'detected').length;
      expect(`detect acts once, not ${detected} times`, detected === 1);
    },
  },
  {
    point: 28,
    section: '9.7.5',
    title: 'a key that is held is one long digit',
    async run(bench) {
      const party = await bench.party();
      const dtmf =
        '<dtmf fdt="9s" ldd="1s" starttimer="true"><pattern digits="length=1" format="moml+digits">' +
        '<send target="source" event="matched" namelist="dtmf.digits"/></pattern>' +
        '<nomatch><send target="source" event="nomatch"/></nomatch></dtmf>';
      await start(party, dtmf);
      await press(bench, party, '5', HELD_MS);
      const matched = await party.event('matched');
      const digits = matched.values.find(({ name }) => name === 'dtmf.digits')?.value;
      expect(`the digits are 5L, not ${digits ?? 'missing'}`, digits === '5L');
    },
  },
];
