import type { Bench, Party } from '../check';
import { createconference, join } from '../check';
import type { ControlledDialog } from '../controlled-dialog';
import { accepted } from '../expectation';

/** What the first, the second and the third party speak, in Hz; none is a multiple of another. */
export const TONES = [500, 900, 1700] as const;

/** Parties that speak a tone each. */
export async function speakers(bench: Bench, count: number): Promise<Party[]> {
  const parties: Party[] = [];
  for (let index = 0; index < count; index += 1) {
    const party = await bench.party();
    party.line.say(TONES[index] ?? TONES[0]);
    parties.push(party);
  }
  return parties;
}

/** A conference with these parties in it; answers its name. */
export async function meet(
  bench: Bench,
  control: ControlledDialog,
  parties: readonly Party[],
  attributes = '',
  content?: string,
): Promise<string> {
  const name = bench.name('conf');
  accepted('createconference', await control.request(createconference(name, attributes, content)));
  for (const party of parties) accepted('join', await control.request(join(party.id, `conf:${name}`)));
  return name;
}
