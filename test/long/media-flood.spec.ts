import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaServer } from '../e2e/support/apps';
import { startMediaServer } from '../e2e/support/apps';
import { eventually } from '../e2e/support/eventually';
import { MediaLeg } from '../e2e/support/media-leg';
import { AUDIO, SDP, description } from '../e2e/support/wire-call';
import { WirePeer } from '../e2e/support/wire-peer';
import { headerOf } from '../e2e/support/wire-message';
import { residentBytes } from './support/memory-of-processes';

const INVITES = 6_000;
const AT_ONCE = 20;
const RTP_PORTS = { first: 40_000, last: 40_799 };
/** An even port for RTP, the odd one above it for RTCP. */
const CALLS_THAT_FIT = (RTP_PORTS.last + 1 - RTP_PORTS.first) / 2;
const [ONE_HZ, OTHER_HZ] = [440, 1000];
const HEARD_DB = -20;
const MIB = 2 ** 20;
const MOST_GROWTH_MIB = 400;
/** Timer H ends what was never acknowledged, Timer F the BYE that nobody answers (RFC 3261 §17.2.1, §17.1.2.2). */
const RELEASED_MS = 180_000;

/** INVITEs come faster than they can be served, and nobody acknowledges what is answered. */
describe('a flood of INVITEs to the media server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-flood-'));
  let media: MediaServer;

  beforeAll(async () => {
    media = await startMediaServer({
      LEGATO_MS_RTP_PORTS: `${RTP_PORTS.first}-${RTP_PORTS.last}`,
      LEGATO_MS_HTTP_PORT: '0',
      LEGATO_MS_RECORDINGS_DIR: folder,
    });
  });

  afterAll(async () => {
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const resident = () => residentBytes(media.child.pid).reduce((sum, bytes) => sum + bytes, 0) / MIB;

  async function objects(): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${media.httpPort}/metrics`);
    const lines = (await answer.text()).split('\n').filter((line) => line.startsWith('legato_ms_objects'));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  it('is answered 200 as long as there are ports and 503 then; a call goes on, and nothing is left of it', async () => {
    const [one, other] = [await MediaLeg.open(media.sipPort), await MediaLeg.open(media.sipPort)];
    one.say(ONE_HZ);
    other.say(OTHER_HZ);
    await one.tell(`<join id1="${one.id}" id2="${other.id}"/>`);
    await eventually('they hear each other', () => other.voice.levelDb(ONE_HZ) > HEARD_DB);
    const before = resident();
    const flooder = await WirePeer.open(media.sipPort);
    const seen = new Map<number, number>();
    const count = (status: number) => seen.set(status, (seen.get(status) ?? 0) + 1);
    for (let sent = 0; sent < INVITES; sent += 1) {
      const uri = `sip:msml@127.0.0.1:${media.sipPort}`;
      flooder.send(
        flooder.compose({ method: 'INVITE', uri, headers: SDP, body: description('127.0.0.1', AUDIO) }).bytes,
      );
      if (sent % AT_ONCE === 0) await new Promise(setImmediate);
    }
    const refusals = () => flooder.heard.filter(({ status }) => status === 503);
    await eventually('it is refused', () => refusals().length > 0, 60_000);
    for (const refusal of refusals()) expect(Number(headerOf(refusal, 'retry-after'))).toBeGreaterThan(0);
    // In the middle of it: an answer comes, and what is said is heard.
    const heard = other.voice.heardPackets;
    expect((await one.ask(`<audit queryid="${one.id}"/>`)).response).toBe('200');
    await eventually('another second is heard', () => other.voice.heardPackets > heard + 50);
    await eventually('the voice is clear', () => other.voice.levelDb(ONE_HZ) > HEARD_DB);
    for (const { status } of flooder.heard) count(status);
    expect(new Set(seen.keys())).toEqual(new Set([0, 100, 200, 503].filter((status) => seen.has(status))));
    expect(
      new Set(
        flooder.heard.filter(({ status }) => status === 200).map((answer) => headerOf(answer, 'call-id')),
      ).size,
    ).toBeLessThanOrEqual(CALLS_THAT_FIT);
    const growth = resident() - before;
    await flooder.close();
    await one.hangUp();
    await other.hangUp();
    await eventually('nothing is left', async () => (await objects()) === 0, RELEASED_MS);
    process.stdout.write(
      `flood: ${JSON.stringify(Object.fromEntries(seen))}, ${growth.toFixed(0)} MiB more\n`,
    );
    expect(growth).toBeLessThan(MOST_GROWTH_MIB);
    const late = await MediaLeg.open(media.sipPort);
    await late.hangUp();
  }, 300_000);
});
