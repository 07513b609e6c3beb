import type { Check } from '../check';
import { createconference, destroyconference, dialogstart, join, unjoin } from '../check';
import { accepted, expect, hears } from '../expectation';
import { speakers, TONES } from './parties';

const KEYS_MS = 500;

/** The flows of RFC 5707 §12 and §13, end to end. */
export const FLOWS: readonly Check[] = [
  {
    section: '12.1',
    title: 'a conference to which parties dial in, one after the other, with an announcement to all',
    async run(bench) {
      const prompt = await bench.prompt();
      const control = await bench.server.control();
      const name = bench.name('conf');
      const created = await control.request(createconference(name, 'deletewhen="never"'));
      accepted('createconference', created);
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      for (const { id } of [a, b]) accepted('join', await control.request(join(id, `conf:${name}`)));
      hears('A', await a.line.hears(TONES), [900]);
      hears('B', await b.line.hears(TONES), [500]);
      const play = dialogstart(`conf:${name}`, 'd1', `<play><audio uri="${prompt}"/></play>`);
      accepted('announcement', await control.request(play));
      await control.event('msml.dialog.exit', `conf:${name}/dialog:d1`);
      accepted('destroyconference', await control.request(destroyconference(name)));
    },
  },
  {
    section: '12.2',
    title: 'a sidebar: two leave for a conference of their own and come back, and it is gone',
    async run(bench) {
      const [a, b, c] = await speakers(bench, 3);
      if (!a || !b || !c) return;
      const [main, side] = [bench.name('main'), bench.name('side')];
      accepted('createconference', await a.request(createconference(main) + createconference(side)));
      for (const { id } of [a, b, c]) accepted('join', await a.request(join(id, `conf:${main}`)));
      const leave = [a, b].map(({ id }) => unjoin(id, `conf:${main}`) + join(id, `conf:${side}`)).join('');
      accepted('the way into the sidebar', await a.request(leave));
      hears('A in the sidebar', await a.line.hears(TONES), [900]);
      hears('C alone', await c.line.hears(TONES), []);
      const back = [a, b].map(({ id }) => unjoin(id, `conf:${side}`) + join(id, `conf:${main}`)).join('');
      accepted('the way back', await a.request(back));
      hears('C', await c.line.hears(TONES), [500, 900]);
      accepted('destroyconference', await a.request(destroyconference(main)));
    },
  },
  {
    section: '13.5',
    title: 'a prompt that collects digits, in a group',
    async run(bench) {
      const prompt = await bench.prompt();
      const party = await bench.party();
      const group =
        `<group topology="parallel"><play><audio uri="${prompt}"/><playexit><send target="dtmf" event="starttimer"/></playexit></play>` +
        '<dtmf fdt="10s" idt="16s"><pattern digits="xxxx#"><send target="group" event="terminate"/></pattern>' +
        '<detect><send target="play" event="terminate"/></detect>' +
        '<noinput><send target="group" event="terminate"/></noinput><nomatch><send target="group" event="terminate"/></nomatch></dtmf>' +
        '<groupexit><send target="source" event="done" namelist="dtmf.digits dtmf.end"/></groupexit></group>';
      accepted('dialogstart', await party.request(dialogstart(party.id, 'd1', group)));
      await bench.waiting.never('end before a key', () => party.events.length > 0, KEYS_MS);
      party.line.press('1234#');
      const done = await party.event('done');
      const digits = done.values.find(({ name }) => name === 'dtmf.digits')?.value;
      expect(`the digits are 1234#, not ${digits ?? 'missing'}`, digits?.startsWith('1234') === true);
    },
  },
];
