import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROTOS_CASES } from '../conformance/protos/cases';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { WirePeer, ackOf, answerTo } from './support/wire-peer';

/** A prime, so that a sample meets each element with other anomalies. */
const EACH = 19;
/** What IPv4 can carry in one datagram of UDP. */
const MAX_DATAGRAM_BYTES = 65_507;
const BUSY = 486;

/** A sample of test/conformance/protos against the real process. */
describe('cases in the manner of PROTOS c07-sip, in datagrams', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-protos-'));
  let control: ControlPlane;
  let rest: Rest;
  let caller: WirePeer;
  let callee: WirePeer;

  beforeAll(async () => {
    callee = await WirePeer.open(0);
    callee.onRequest = (request) =>
      request.method === 'ACK' ? undefined : answerTo(request, request.method === 'INVITE' ? BUSY : 200);
    const routes = join(folder, 'routes.json');
    writeFileSync(routes, JSON.stringify({ routes: [{ number: '*', to: callee.uri, mode: 'direct' }] }));
    control = await startControlPlane({ LEGATO_ROUTES: routes });
    rest = new Rest(control.http);
    caller = await WirePeer.open(control.sipPort);
  }, 60_000);

  afterAll(async () => {
    await caller?.close();
    await callee?.close();
    await control?.child.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('leave a server that answers OPTIONS after each', async () => {
    const server = `127.0.0.1:${control.sipPort}`;
    const parties = { host: caller.host, port: caller.port, number: '1000', server };
    const sample = PROTOS_CASES.filter((_case, index) => index % EACH === 0);
    expect(sample.length).toBeGreaterThan(300);
    for (const [serial, each] of sample.entries()) {
      const bytes = each.bytes(parties, serial);
      if (bytes.length > MAX_DATAGRAM_BYTES) continue;
      const before = caller.heard.length;
      caller.send(bytes);
      await caller.isAlive().catch((error: unknown) => {
        throw new Error(`after the ${each.element}: ${each.anomaly}`, { cause: error });
      });
      for (const refusal of caller.heard.slice(before))
        if (refusal.status >= 300) caller.send(ackOf(bytes, refusal));
    }
    expect(callee.heard.some(({ method }) => method === 'INVITE')).toBe(true);
    await eventually('every call has ended', async () => (await rest.metric('legato_calls{')) === 0);
    expect(control.child.running).toBe(true);
    expect(
      control.child.lines.filter((line) => /"level":"(error|fatal)"|Unhandled|Uncaught/.test(line)),
    ).toEqual([]);
  }, 60_000);
});
