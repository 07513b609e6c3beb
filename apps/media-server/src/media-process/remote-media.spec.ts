import { silentLog } from '@legato/kernel';
import { FakeClock } from '@legato/testing';
import { ScriptedLink } from '../../spec/scripted-link';
import { GIVEN_UP_MS, STALLED_MS } from './media-health';
import type { SessionAnswer, SessionListener, SessionRequest } from './media-side';
import { MAX_OPENS, MAX_REQUESTS, OPEN_MS, REQUEST_MS } from './question-window';
import { RemoteMedia } from './remote-media';
import { serveMedia } from './serve-media';

const INFO = { contentType: 'application/msml+xml', bytes: Buffer.from('<msml version="1.1"/>') };
const DIALOG = { callid: 'c', localtag: 'l', remotetag: 'r' };
const AT_ONCE = 8;
const AT_BURST = 32;

const request = (id: string): SessionRequest => ({
  id,
  host: '192.0.2.80',
  requestUri: 'sip:msml@192.0.2.80',
  body: undefined,
  parts: { description: undefined, scripts: new Map() },
  dialog: DIALOG,
});

describe('media in a process of their own', () => {
  let clock: FakeClock;
  let links: ScriptedLink[];
  let media: RemoteMedia;
  let answers: [string, number][];
  let told: string[];

  const link = (): ScriptedLink => links[links.length - 1] as ScriptedLink;
  const noteAs =
    (name: string) =>
    ({ status }: SessionAnswer): void =>
      void answers.push([name, status]);
  const open = (name: string): void => media.sessions.open(request(name), noteAs(name));
  const execute = (name: string): void => media.sessions.execute('conn:a', INFO, noteAs(name));
  const answer = (at: number, status = 200): void =>
    link().onMessage({ kind: 'answer', number: link().asked(at), answer: { status } });
  const kinds = (): string[] => link().heard.map(({ kind }) => kind);

  beforeEach(async () => {
    clock = new FakeClock();
    links = [];
    answers = [];
    told = [];
    media = new RemoteMedia({
      clock,
      log: silentLog,
      sharedNowMs: () => clock.now(),
      spawn: () => {
        links.push(new ScriptedLink());
        return link();
      },
    });
    const listener: SessionListener = {
      event: (id) => void told.push(`event ${id}`),
      disconnect: (id) => void told.push(`disconnect ${id}`),
      probe: (id) => void told.push(`probe ${id}`),
      lost: () => void told.push('lost'),
    };
    media.sessions.listener = listener;
    const started = media.start();
    link().onMessage({ kind: 'ready' });
    await started;
  });

  describe('what is asked', () => {
    it('reaches them in order, a few questions at a time, and what comes after a question waits with it', () => {
      for (let count = 0; count < AT_ONCE + 2; count += 1) execute(`info ${count}`);
      media.sessions.end('conn:a');
      expect(kinds()).toEqual(new Array(AT_ONCE).fill('ask'));
      answer(0);
      answer(1);
      expect(answers).toEqual([
        ['info 0', 200],
        ['info 1', 200],
      ]);
      expect(kinds()).toEqual(new Array(AT_ONCE + 2).fill('ask'));
      answer(2);
      expect(kinds().at(-1)).toBe('end');
    });

    it('reaches them at a steady pace when it is INVITEs, and nothing else waits for that', () => {
      for (let count = 0; count < 100; count += 1) open(`conn:${count}`);
      for (let count = 0; count < AT_BURST; count += 1) answer(count);
      expect(link().heard).toHaveLength(AT_BURST);
      execute('info');
      expect(link().heard).toHaveLength(AT_BURST + 1);
      clock.advance(20);
      expect(link().heard).toHaveLength(AT_BURST + 1 + 5);
      clock.advance(20);
      expect(link().heard).toHaveLength(AT_BURST + 1 + AT_ONCE - 1);
    });

    it('does not reach them when it is an INVITE that was cancelled in the meantime', () => {
      for (let count = 0; count < AT_ONCE + 1; count += 1) open(`conn:${count}`);
      media.sessions.end(`conn:${AT_ONCE}`);
      media.sessions.end('conn:0');
      for (let count = 0; count < AT_ONCE; count += 1) answer(count);
      clock.advance(20);
      expect(kinds()).toEqual([...(new Array(AT_ONCE).fill('ask') as string[]), 'end']);
      expect(answers).toHaveLength(AT_ONCE + 1);
    });

    it('is refused at once with 503 when too much waits: a storm of INVITE costs the media nothing', () => {
      for (let count = 0; count < 5000; count += 1) open(`conn:${count}`);
      expect(answers).toHaveLength(5000 - MAX_OPENS);
      expect(new Set(answers.map(([, status]) => status))).toEqual(new Set([503]));
      expect(link().heard).toHaveLength(AT_ONCE);
      execute('info');
      expect(answers).toHaveLength(5000 - MAX_OPENS);
    });

    it('is refused at once when too many requests within dialogs wait, whatever they tell of their dialogs', () => {
      for (let count = 0; count < 3000; count += 1) {
        media.sessions.noteDialog('conn:a', { ...DIALOG, remoteseq: String(count) });
        execute('info');
      }
      expect(answers).toHaveLength(3000 - MAX_REQUESTS);
      for (let count = 0; count < MAX_REQUESTS; count += 1) answer(count);
      // One before each question that went at once; those that had to wait are one.
      expect(kinds().filter((kind) => kind === 'note dialog')).toHaveLength(AT_ONCE + 1);
    });

    it('is answered with 503 when they do not begin with it in time, once, whatever they say later', () => {
      open('late');
      execute('info');
      clock.advance(OPEN_MS + 1000);
      expect(answers).toEqual([['late', 503]]);
      clock.advance(REQUEST_MS - OPEN_MS);
      expect(answers).toEqual([
        ['late', 503],
        ['info', 503],
      ]);
      answer(0);
      answer(1);
      expect(answers).toHaveLength(2);
    });

    it('does not reach them any more when it was given up before its turn', () => {
      for (let count = 0; count < AT_ONCE + 5; count += 1) open(`conn:${count}`);
      clock.advance(OPEN_MS + 1000);
      expect(answers).toHaveLength(AT_ONCE + 5);
      expect(link().heard).toHaveLength(AT_ONCE);
    });
  });

  it('do nothing of what they read too late', () => {
    const executed: string[] = [];
    const sent: unknown[] = [];
    const receive = serveMedia({
      media: {
        sessions: {
          ...media.sessions,
          listener: media.sessions.listener,
          execute: (id, _body, done) => {
            executed.push(id);
            done({ status: 200 });
          },
        } as RemoteMedia['sessions'],
        report: () => media.report(),
        drain: () => undefined,
        endDialogs: () => Promise.resolve(),
      },
      send: (message) => sent.push(message),
      sharedNowMs: () => 1000,
      onStop: () => undefined,
      log: silentLog,
    });
    const question = { kind: 'execute', id: 'conn:a', body: INFO } as const;
    receive({ kind: 'ask', number: 1, expiresAtMs: 1000, question });
    receive({ kind: 'ask', number: 2, expiresAtMs: 1001, question });
    expect(executed).toEqual(['conn:a']);
    expect(sent).toEqual([
      { kind: 'answer', number: 1, answer: { status: 503 } },
      { kind: 'answer', number: 2, answer: { status: 200 } },
    ]);
  });

  it('tell what happens to the dialogs', () => {
    link().onMessage({ kind: 'event', id: 'conn:a', body: INFO });
    link().onMessage({ kind: 'probe', id: 'conn:a' });
    link().onMessage({ kind: 'disconnect', id: 'conn:a' });
    expect(told).toEqual(['event conn:a', 'probe conn:a', 'disconnect conn:a']);
  });

  describe('readiness', () => {
    const beatFor = (ms: number, kept: (at: number) => number, late: (at: number) => number): void => {
      for (let at = 500; at <= ms; at += 500) {
        clock.advance(500);
        link().onMessage({ kind: 'beat', kept: kept(at), late: late(at) });
      }
    };

    it('is lost with the beats of the process, and comes back with them', () => {
      expect(media.readiness).toBe('ready');
      clock.advance(STALLED_MS);
      expect(media.readiness).toBe('stalled');
      link().onMessage({ kind: 'beat', kept: 1, late: 100 });
      expect(media.readiness).toBe('ready');
    });

    it('is lost when half of the ticks of a second fall out', () => {
      beatFor(
        1000,
        (at) => at / 50,
        (at) => at / 40,
      );
      expect(media.readiness).toBe('late');
      link().onMessage({ kind: 'beat', kept: 100, late: 26 });
      expect(media.readiness).toBe('ready');
    });

    it('of a process that hangs does not come back: it is ended', () => {
      clock.advance(GIVEN_UP_MS + 5000);
      expect(links[0]?.killed).toBe(true);
      expect(told).toEqual(['lost']);
      clock.advance(100);
      expect(links).toHaveLength(2);
    });
  });

  describe('that end', () => {
    it('fail what was asked, tell it, and come back after a while that grows', () => {
      open('a');
      for (let count = 0; count < AT_ONCE; count += 1) execute('info');
      link().onExit('SIGSEGV');
      expect(answers).toHaveLength(AT_ONCE + 1);
      expect(new Set(answers.map(([, status]) => status))).toEqual(new Set([503]));
      expect(told).toEqual(['lost']);
      expect(media.readiness).toBe('absent');
      open('b');
      expect(answers.at(-1)).toEqual(['b', 503]);
      clock.advance(100);
      expect(links).toHaveLength(2);
      expect(media.readiness).toBe('absent');
      link().onExit('exit code 1');
      clock.advance(199);
      expect(links).toHaveLength(2);
      clock.advance(1);
      expect(links).toHaveLength(3);
      link().onMessage({ kind: 'ready' });
      expect(media.readiness).toBe('ready');
      open('c');
      answer(0);
      expect(answers.at(-1)).toEqual(['c', 200]);
      expect(told).toEqual(['lost']);
    });

    it('before they ever served are an error of the start', async () => {
      const other = new RemoteMedia({
        clock,
        log: silentLog,
        sharedNowMs: () => clock.now(),
        spawn: () => {
          links.push(new ScriptedLink());
          return link();
        },
      });
      const started = other.start();
      link().onExit('exit code 1');
      await expect(started).rejects.toThrow('exit code 1');
      clock.advance(60_000);
      expect(links).toHaveLength(2);
      await other.stop();
    });

    it('when they are told to are not started again; who does not obey is ended', async () => {
      const stopped = media.stop();
      expect(kinds()).toEqual(['stop']);
      expect(links[0]?.killed).toBe(false);
      clock.advance(5000);
      expect(links[0]?.killed).toBe(true);
      await stopped;
      clock.advance(60_000);
      expect(links).toHaveLength(1);
    });

    it('while they drain drain again', () => {
      media.drain();
      expect(kinds()).toEqual(['drain']);
      link().onExit('SIGKILL');
      clock.advance(100);
      link().onMessage({ kind: 'ready' });
      expect(kinds()).toEqual(['drain']);
    });
  });

  it('report what there is; of those that do not answer, what was known last', async () => {
    const report = {
      objects: { connections: 1, conferences: 0, dialogs: 0, recordings: 0, playbacks: 0, rtpPorts: 1 },
      totals: { received: 1, sent: 2, dropped: 3, lost: 4, ticks: 5, lateTicks: 6 },
      residentBytes: 7,
      cpuSeconds: 8,
    };
    const first = media.report();
    link().onMessage({ kind: 'report', number: 1, report });
    expect(await first).toEqual(report);
    const second = media.report();
    clock.advance(1000);
    expect(await second).toEqual(report);
  });
});
