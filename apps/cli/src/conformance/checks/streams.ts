import type { Check } from '../check';
import { join, unjoin } from '../check';
import { accepted, hears, refused } from '../expectation';
import { speakers, TONES } from './parties';

const [A_HZ, B_HZ, C_HZ] = TONES;

/** Points 13 to 15, 37 and 38: what flows between two objects. */
export const STREAMS: readonly Check[] = [
  {
    point: 13,
    section: '8.2',
    title: 'a join without streams is audio both ways, and a third party is mixed in',
    async run(bench) {
      const [a, b, c] = await speakers(bench, 3);
      if (!a || !b || !c) return;
      accepted('join of A and B', await a.request(join(a.id, b.id)));
      hears('A', await a.line.hears(TONES), [B_HZ]);
      hears('B', await b.line.hears(TONES), [A_HZ]);
      accepted('join of A and C', await a.request(join(a.id, c.id)));
      hears('A', await a.line.hears(TONES), [B_HZ, C_HZ]);
    },
  },
  {
    point: 14,
    section: '8.8 to 8.10',
    title: 'a direction is one half: unjoin takes it away, join adds it, modifystream leaves the other alone',
    async run(bench) {
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      const half = '<stream media="audio" dir="from-id1"/>';
      accepted('join', await a.request(join(a.id, b.id)));
      accepted('unjoin of one half', await a.request(unjoin(a.id, b.id, half)));
      hears('B', await b.line.hears(TONES), []);
      hears('A', await a.line.hears(TONES), [B_HZ]);
      accepted('join of one half', await a.request(join(a.id, b.id, half)));
      hears('B', await b.line.hears(TONES), [A_HZ]);
      const mute =
        `<modifystream id1="${b.id}" id2="${a.id}"><stream media="audio" dir="to-id1">` +
        '<gain amt="mute"/></stream></modifystream>';
      accepted('mute of one half', await a.request(mute));
      hears('B', await b.line.hears(TONES), []);
      hears('A', await a.line.hears(TONES), [B_HZ]);
    },
  },
  {
    point: 15,
    section: '8.2',
    title: 'a=inactive keeps the streams of a connection, which go on when it is over',
    async run(bench) {
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      accepted('join', await a.request(join(a.id, b.id)));
      await b.redirect('inactive');
      hears('B on hold', await b.line.hears(TONES), []);
      await b.redirect('sendrecv');
      hears('B', await b.line.hears(TONES), [A_HZ]);
    },
  },
  {
    point: 36,
    section: 'RFC 5168',
    title: 'media_control is not MSML: what a server sends of it goes to the party',
    notRun: 'it asks something of application servers',
  },
  {
    point: 37,
    section: '8.12.2',
    title: 'video into a conference names its display',
    async run(bench) {
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      const streams = '<stream media="video" dir="from-id1"/>';
      refused(
        'video without a display',
        await a.document(`<msml version="1.1">${join(a.id, b.id, streams)}</msml>`),
      );
    },
  },
  {
    point: 38,
    section: '8.12.1, 9.11.6',
    title: 'gain is in dB, below and above zero, within its range',
    async run(bench) {
      const [a, b] = await speakers(bench, 2);
      if (!a || !b) return;
      const gain = (amt: string): string =>
        join(a.id, b.id, `<stream media="audio" dir="from-id1"><gain amt="${amt}"/></stream>`);
      accepted('a gain of -6 dB', await a.request(gain('-6')));
      refused('a gain of 500 dB', await a.document(`<msml version="1.1">${gain('500')}</msml>`));
    },
  },
];
