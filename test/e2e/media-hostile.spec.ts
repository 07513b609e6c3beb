import { readWav, sineWave, writeWav } from '@legato/media';
import { seededRandom } from '@legato/testing';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaServer } from './support/apps';
import { startMediaServer } from './support/apps';
import { eventually } from './support/eventually';
import { MediaLeg } from './support/media-leg';
import { levelDb, RtpVoice } from './support/rtp-voice';
import { description, NOT_BY_CALL_ID, SDP } from './support/wire-call';
import { headerOf } from './support/wire-message';
import { WirePeer } from './support/wire-peer';

const [ONE_HZ, OTHER_HZ, STRANGER_HZ, NEW_HZ] = [440, 1000, 1700, 2300];
/** A level is that of 200 ms. */
const WINDOW_PACKETS = 10;
const HEARD_DB = -20;
const UNHEARD_DB = -45;
const MALFORMED = 1_000;
const BURST = 1_500;
/** In packets of 20 ms: how much later than before anybody may be heard after a burst. */
const DELAY_PACKETS = 75;
const INFOS = 1_000;
const AT_ONCE = 50;
const GIB = 2 ** 30;
const WAV = { sampleRate: 8000, channels: 1 } as const;

/** One to 200 bytes of any version but 2 (RFC 3550 §5.1). */
function notRtp(random: () => number): Buffer {
  const length = 1 + Math.floor(random() * 200);
  const bytes = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  bytes[0] = (bytes[0] as number) & 0x3f;
  return bytes;
}

/** What a media server gets that means it harm, while two talk over it who must not notice. */
describe('a media server that gets what it should not', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'legato-e2e-')));
  const [prompts, recordings] = [join(folder, 'prompts'), join(folder, 'recordings')];
  let media: MediaServer;
  let one: MediaLeg;
  let other: MediaLeg;

  beforeAll(async () => {
    for (const path of [prompts, recordings, `${prompts}10`]) mkdirSync(path);
    const tone = writeWav(WAV, sineWave(1500, 500));
    for (const path of [prompts, `${prompts}10`, folder]) writeFileSync(join(path, 'tone.wav'), tone);
    media = await startMediaServer({
      LEGATO_MS_RTP_PORTS: '0',
      LEGATO_MS_HTTP_PORT: '0',
      LEGATO_MS_RECORDINGS_DIR: recordings,
      LEGATO_MS_PROMPTS_DIR: prompts,
    });
    [one, other] = [await MediaLeg.open(media.sipPort), await MediaLeg.open(media.sipPort)];
    one.say(ONE_HZ);
    other.say(OTHER_HZ);
    await one.tell(`<join id1="${one.id}" id2="${other.id}"/>`);
    await talking();
  });

  afterEach(() => talking());

  afterAll(async () => {
    await one?.hangUp();
    await other?.hangUp();
    await eventually('nothing is left', async () => (await total('legato_ms_objects')) === 0);
    await media?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Each hears the other again, after what went before. */
  async function talking(): Promise<void> {
    const heard = [one.voice.heardPackets, other.voice.heardPackets] as const;
    await eventually(
      'each hears the other',
      () =>
        one.voice.heardPackets > heard[0] + WINDOW_PACKETS &&
        other.voice.heardPackets > heard[1] + WINDOW_PACKETS &&
        one.voice.levelDb(OTHER_HZ) > HEARD_DB &&
        other.voice.levelDb(ONE_HZ) > HEARD_DB,
    );
  }

  /** The sum of all values of a metric whose line begins so; transactions last longer than what made them. */
  async function total(begin: string): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${media.httpPort}/metrics`);
    return (await answer.text())
      .split('\n')
      .filter((line) => line.startsWith(begin) && !line.includes('transactions'))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }
  const dropped = () => total('legato_ms_rtp_packets_total{outcome="dropped"}');

  describe('as RTP', () => {
    it('from somebody else: it is not heard, is in no recording, and gets no answer', async () => {
      const before = await dropped();
      await one.startDialog('rec', '<record dest="file://one.wav" format="audio/wav" maxtime="60s"/>');
      const stranger = await RtpVoice.open();
      stranger.say(STRANGER_HZ, 16_000, one.remoteRtpPort);
      await eventually('the stranger spoke', async () => (await dropped()) > before + 50);
      expect(other.voice.levelDb(STRANGER_HZ)).toBeLessThan(UNHEARD_DB);
      expect(stranger.heardPackets).toBe(0);
      stranger.close();
      await one.tell(`<dialogend id="${one.id}/dialog:rec"/>`);
      await one.exitOf('rec');
      const wav = readWav(readFileSync(join(recordings, 'one.wav')));
      if (!wav.ok) throw new Error(wav.error);
      expect(levelDb(wav.value.samples, 8000, ONE_HZ)).toBeGreaterThan(HEARD_DB);
      expect(levelDb(wav.value.samples, 8000, STRANGER_HZ)).toBeLessThan(UNHEARD_DB);
    });

    it('is asked for towards a third party: nothing goes there before the ACK, which only who is there can send', async () => {
      const peer = await WirePeer.open(media.sipPort);
      const victim = await RtpVoice.open();
      const uri = `sip:msml@127.0.0.1:${media.sipPort}`;
      const invite = peer.compose({
        method: 'INVITE',
        uri,
        headers: SDP,
        body: description('127.0.0.1', victim.media),
      });
      peer.send(invite.bytes);
      const accepted = await peer.finalOf(invite);
      await talking();
      expect(victim.heardPackets).toBe(0);
      const confirmed = {
        To: headerOf(accepted, 'to'),
        From: headerOf(accepted, 'from'),
        'Call-ID': invite.callId,
      };
      peer.send(peer.compose({ method: 'ACK', uri, headers: { ...confirmed, CSeq: '1 ACK' } }).bytes);
      await eventually('it is sent to', () => victim.heardPackets > 0);
      const bye = peer.compose({ method: 'BYE', uri, headers: { ...confirmed, CSeq: '2 BYE' } });
      peer.send(bye.bytes);
      expect((await peer.finalOf({ ...bye, callId: NOT_BY_CALL_ID })).status).toBe(200);
      victim.close();
      await peer.close();
    });

    it('that is malformed, of any length: it is dropped and counted', async () => {
      const random = seededRandom(3550);
      for (let sent = 0; sent < MALFORMED; sent += AT_ONCE) {
        const before = await dropped();
        for (let i = 0; i < AT_ONCE; i += 1) one.voice.sendRaw(notRtp(random));
        await eventually('all of it is dropped', async () => (await dropped()) >= before + AT_ONCE);
      }
    });

    it('that comes thirty seconds of it at once: no more than a moment of it is kept', async () => {
      one.voice.burst(BURST);
      await talking();
      const from = other.voice.heardPackets;
      one.say(NEW_HZ);
      await eventually('what is said now is heard', () => other.voice.levelDb(NEW_HZ) > HEARD_DB);
      expect(other.voice.heardPackets - from).toBeLessThan(DELAY_PACKETS);
      one.say(ONE_HZ);
    });
  });

  describe('as the name of a file to play', () => {
    beforeAll(() => {
      writeFileSync(join(prompts, 'text.wav'), 'This is no audio.');
      writeFileSync(join(prompts, 'nothing.wav'), '');
      mkdirSync(join(prompts, 'folder.wav'));
      execFileSync('mkfifo', [join(prompts, 'pipe.wav')]);
      writeFileSync(join(prompts, 'endless.wav'), readFileSync(join(prompts, 'tone.wav')));
      truncateSync(join(prompts, 'endless.wav'), 100 * GIB);
      symlinkSync('/dev/zero', join(prompts, 'zero.wav'));
      symlinkSync(join(folder, 'tone.wav'), join(prompts, 'link.wav'));
      symlinkSync(folder, join(prompts, 'up'));
    });

    const playOf = (uri: string) =>
      `<dialogstart target="${one.id}" type="application/moml+xml" name="d"><play><audio uri="${uri}"/></play></dialogstart>`;

    it.each([
      ['a file that is missing', 'none.wav', 'ENOENT'],
      ['a text', 'text.wav', 'RIFF'],
      ['an empty file', 'nothing.wav', 'RIFF'],
      ['a folder', 'folder.wav', 'not a file'],
      ['a pipe that nobody writes to', 'pipe.wav', 'not a file'],
      ['a file without end', 'endless.wav', 'larger than'],
    ])('%s fails the dialog with its event', async (_what, name, reason) => {
      one.events.length = 0;
      await one.tell(playOf(`file://${name}`));
      const exit = await one.exitOf('d');
      expect(exit.get('dialog.exit.status')).toBe('423');
      expect(exit.get('dialog.exit.description')).toContain(reason);
    });

    it.each([
      ['parent', 'file://../tone.wav'],
      ['parent, further down', 'file://a/../../tone.wav'],
      ['parent, encoded', 'file://%2e%2e/tone.wav'],
      ['parent with an encoded separator', 'file://..%2ftone.wav'],
      ['parent, encoded twice', 'file://%252e%252e/tone.wav'],
      ['absolute', 'file:///etc/passwd'],
      ['absolute, beside the folder', 'file://FOLDER/tone.wav'],
      ['a sibling whose name begins alike', 'file://FOLDER/prompts10/tone.wav'],
      ['a symbolic link to a file', 'file://link.wav'],
      ['a symbolic link to a device', 'file://zero.wav'],
      ['behind a symbolic link', 'file://up/tone.wav'],
      ['a NUL', 'file://tone.wav%00.txt'],
      ['300 bytes', `file://${'a'.repeat(300)}.wav`],
      ['another host', 'file://example.com/tone.wav/../../../etc/passwd'],
      ['another scheme', 'ftp://127.0.0.1/tone.wav'],
    ])('outside of the folder (%s) it is refused with 410', async (_what, uri) => {
      const result = await one.ask(playOf(uri.replace('FOLDER', folder)));
      expect(result.response).toBe('410');
    });
  });

  it('as a flood of INFOs, within a dialog and without: each is answered, and another leg is, too', async () => {
    const peer = await WirePeer.open(media.sipPort);
    const guessed = { To: `<sip:msml@127.0.0.1:${media.sipPort}>;tag=guessed` };
    const ask = async (count: number) => {
      const audits = Array.from({ length: AT_ONCE }, () => one.ask(`<audit queryid="${one.id}"/>`));
      const strangers = Array.from({ length: AT_ONCE }, () => peer.ask({ method: 'INFO', headers: guessed }));
      expect((await other.ask('<audit queryid="conn:*"/>')).response).toBe('200');
      expect(new Set((await Promise.all(audits)).map(({ response }) => response))).toEqual(new Set(['200']));
      expect(new Set((await Promise.all(strangers)).map(({ status }) => status))).toEqual(new Set([481]));
      return count + 2 * AT_ONCE;
    };
    for (let count = 0; count < INFOS;) count = await ask(count);
    await peer.close();
  });
});
