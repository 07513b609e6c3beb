import { readFileSync } from 'node:fs';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { headerOf } from './support/wire-message';
import { WirePeer } from './support/wire-peer';
import { WireStream } from './support/wire-stream';

const RATE = 50;
/** What a source may begin at once: twice the rate. */
const BURST = 2 * RATE;
const AT_ONCE = 25;
const REGISTERS = 5_000;
const HOSTS = 20;
const CONNECTIONS_PER_HOST = 100;
const MAX_GROWTH_KB = 50 * 1_024;
/** From the first byte of a message to its last. */
const MESSAGE_DEADLINE_MS = 5_000;

/** Of this machine, but none that is trusted, as 127.0.0.1 is. */
const FLOODER = '127.44.77.1';

const residentKb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

describe('one source that sends too much (reliability, class 9)', () => {
  let control: ControlPlane;
  let rest: Rest;

  beforeAll(async () => {
    control = await startControlPlane({
      LEGATO_SIP_RATE: String(RATE),
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
    });
    rest = new Rest(control.http);
  });

  afterAll(() => control?.child.stop());

  it('gets 503 with Retry-After, then silence, for 5,000 REGISTERs; a phone elsewhere registers meanwhile', async () => {
    const scanner = await WirePeer.open(control.sipPort, FLOODER);
    const phone = await WirePeer.open(control.sipPort);
    const register = (peer: WirePeer, user: string) =>
      peer.compose({
        method: 'REGISTER',
        uri: 'sip:legato.example',
        headers: { To: `<sip:${user}@legato.example>`, Contact: `<${peer.uri}>;expires=60` },
      });
    const began = performance.now();
    for (let i = 0; i < REGISTERS; i += 1) {
      scanner.send(register(scanner, `scan-${i}`).bytes);
      if (i % BURST === 0) await new Promise(setImmediate);
    }
    const sent = register(phone, 'alice');
    phone.send(sent.bytes);
    expect((await phone.finalOf(sent)).status).toBe(200);
    await eventually('what is refused is refused', () => scanner.heard.some(({ status }) => status === 503));
    const seconds = (performance.now() - began) / 1000;
    const answers = (status: number) => scanner.heard.filter((message) => message.status === status);
    const most = BURST + Math.ceil(seconds + 1) * RATE;
    expect(answers(200).length).toBeLessThanOrEqual(most);
    expect(answers(503).length).toBeLessThanOrEqual(most);
    for (const refusal of answers(503)) expect(Number(headerOf(refusal, 'retry-after'))).toBeGreaterThan(0);
    // Most of the flood is not even answered.
    expect(scanner.heard.length).toBeLessThan(REGISTERS / 4);
    await eventually(
      'it may come again',
      async () => (await scanner.ask({ method: 'OPTIONS' })).status === 200,
    );
    await Promise.all([scanner.close(), phone.close()]);
  });

  it('does not slow what belongs to dialogs: they are never counted', async () => {
    const peer = await WirePeer.open(control.sipPort, FLOODER);
    const guessed = { To: '<sip:1000@legato.example>;tag=guessed' };
    // No more at once than a socket holds.
    for (let sent = 0; sent < 3 * BURST; sent += AT_ONCE) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, () => peer.ask({ method: 'BYE', headers: guessed })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([481]));
    }
    await peer.close();
  });

  it('holds 2,000 connections that dribble, in less than 50 MB, while calls come in', async () => {
    const before = residentKb(control.child.pid);
    const hosts = Array.from({ length: HOSTS }, (_, i) => `127.44.76.${i + 1}`);
    const slow: WireStream[] = [];
    for (const host of hosts) {
      slow.push(
        ...(await Promise.all(
          Array.from({ length: CONNECTIONS_PER_HOST }, () => WireStream.open(control.sipPort, host)),
        )),
      );
    }
    for (const each of slow) each.write('INVITE sip:');
    const dribble = setInterval(() => {
      for (const each of slow) if (!each.isClosed) each.write('a');
    }, 1_000);
    const caller = await WirePeer.open(control.sipPort);
    const from = performance.now();
    while (slow.some(({ isClosed }) => !isClosed) && performance.now() - from < 3 * MESSAGE_DEADLINE_MS) {
      expect((await caller.ask({ method: 'INVITE' })).status).toBe(404);
      expect(residentKb(control.child.pid) - before).toBeLessThan(MAX_GROWTH_KB);
    }
    clearInterval(dribble);
    expect(slow.filter(({ isClosed }) => !isClosed)).toEqual([]);
    await caller.close();
  });

  it('leaves nothing behind and no fault in the log', async () => {
    expect(await rest.metric('legato_calls')).toBe(0);
    expect(control.child.lines.filter((line) => /"level":"(error|fatal)"|Unhandled/.test(line))).toEqual([]);
  });
});
