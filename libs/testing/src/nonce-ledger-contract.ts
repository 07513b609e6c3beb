import type { NonceLedger } from '@legato/sip';

/** What two nodes see of one ledger; a ledger in memory is the same one twice. */
export interface NonceLedgerHarness {
  readonly here: NonceLedger;
  readonly elsewhere: NonceLedger;
}

let serial = 0;
const freshId = (): string => `${process.pid}-${Date.now()}-${++serial}`;
const LIFETIME_MS = 60_000;

/** The behaviour of every ledger of nonces (RFC 7616 §3.4, §5.12). */
export function describeNonceLedger(name: string, open: () => Promise<NonceLedgerHarness>): void {
  describe(`the nonce ledger ${name}`, () => {
    let ledgers: NonceLedgerHarness;
    beforeAll(async () => {
      ledgers = await open();
    });

    it('takes each count of a nonce once, here and on another node', async () => {
      const { here, elsewhere } = ledgers;
      const id = freshId();
      expect(await here.use(id, 1, LIFETIME_MS)).toBe(true);
      expect(await here.use(id, 1, LIFETIME_MS)).toBe(false);
      expect(await elsewhere.use(id, 1, LIFETIME_MS)).toBe(false);
      expect(await elsewhere.use(id, 2, LIFETIME_MS)).toBe(true);
      expect(await here.use(id, 2, LIFETIME_MS)).toBe(false);
    });

    it('takes counts in rising order, with gaps', async () => {
      const id = freshId();
      expect(await ledgers.here.use(id, 7, LIFETIME_MS)).toBe(true);
      expect(await ledgers.elsewhere.use(id, 6, LIFETIME_MS)).toBe(false);
      expect(await ledgers.elsewhere.use(id, 0xffffffff, LIFETIME_MS)).toBe(true);
    });

    it('takes nothing of a nonce that was used up without a count', async () => {
      const id = freshId();
      expect(await ledgers.here.use(id, 2 ** 32, LIFETIME_MS)).toBe(true);
      expect(await ledgers.elsewhere.use(id, 2 ** 32, LIFETIME_MS)).toBe(false);
      expect(await ledgers.elsewhere.use(id, 0xffffffff, LIFETIME_MS)).toBe(false);
    });

    it('keeps nonces apart', async () => {
      const [one, other] = [freshId(), freshId()];
      expect(await ledgers.here.use(one, 3, LIFETIME_MS)).toBe(true);
      expect(await ledgers.elsewhere.use(other, 1, LIFETIME_MS)).toBe(true);
    });

    it('lets one of many win that use a count at the same time', async () => {
      const id = freshId();
      const { here, elsewhere } = ledgers;
      const tries = Array.from({ length: 20 }, (_, i) => (i % 2 ? here : elsewhere).use(id, 1, LIFETIME_MS));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });
  });
}
