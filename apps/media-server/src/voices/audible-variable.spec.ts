import { readWav } from '@legato/media';
import { readFileSync } from 'node:fs';
import { AudibleServer } from '../../spec/audible-server';

describe('var as it is heard (§9.7.1.4)', () => {
  let server: AudibleServer;

  beforeEach(() => {
    server = new AudibleServer();
  });

  afterEach(() => server.close());

  const clip = (name: string): number[] => {
    const wav = readWav(readFileSync(server.control.voicePath(name)));
    if (!wav.ok) throw new Error(wav.error);
    return [...wav.value.samples];
  };

  /** Of the difference between two sounds to the first of them. */
  const noiseShare = (wanted: readonly number[], heard: Int16Array): number => {
    const energy = (samples: readonly number[]) => samples.reduce((sum, sample) => sum + sample * sample, 0);
    return energy(wanted.map((sample, at) => sample - (heard[at] ?? 0))) / energy(wanted);
  };

  it.each([
    ['en', '<var type="time" value="1505"/>', ['number-3', 'oh', 'number-5', 'pm']],
    ['zh', '<var type="money" value="2.50"/>', ['two', 'unit-yuan', 'number-5', 'unit-jiao']],
  ])('is its clips one after the other in %s', async (language, content, clips) => {
    const phone = await server.phone('a');
    const play = `<play xml:lang="${language}">${content}<playexit><exit namelist="play.end play.amt"/></playexit></play>`;
    server.control.dialog('conn:a', play);
    await server.settle(() => {
      server.run(20);
      return phone.packets.some(({ payload }) => payload.some((byte) => byte !== 0xff));
    });
    server.run(4000);
    const wanted = clips.flatMap((name) => clip(`${language}/${name}.wav`));
    const all = phone.heard();
    const begin = all.findIndex((sample) => sample !== 0);
    const best = Math.min(
      ...Array.from({ length: 321 }, (_, shift) =>
        noiseShare(wanted, all.subarray(Math.max(0, begin - shift))),
      ),
    );
    expect(best).toBeLessThan(0.01);
    await server.settle(() => server.control.control.lines.length > 0);
    const [line] = server.control.control.lines;
    expect(line).toContain('play.end=play.complete');
    const amount = Number(/play\.amt=(\d+)/.exec(line ?? '')?.[1]);
    expect(Math.abs(amount - wanted.length / 8)).toBeLessThan(3);
  });
});
