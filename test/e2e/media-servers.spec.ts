import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane, MediaServer } from './support/apps';
import { startControlPlane, startMediaServer } from './support/apps';
import type { Child } from './support/child';
import { eventually } from './support/eventually';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import { tonePcap } from './support/tone-pcap';

interface Shown {
  id: string;
  state: string;
  connections: number;
  control: boolean;
}

/** Two reference media servers behind one control plane, as processes; calls by SIPp. */
describe('a pool of media servers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'legato-pool-'));
  let media: MediaServer[] = [];
  let control: ControlPlane;
  let callee: { child: Child; port: number };
  let rest: Rest;
  /** Calls so far. */
  const known: string[] = [];

  const shown = (id: string): Promise<Shown> => rest.get<Shown>(`/v1/media-servers/${id}`);
  const until = (id: string, expected: Partial<Shown>): Promise<Shown> =>
    eventually(
      `${id} is ${JSON.stringify(expected)}`,
      async () => {
        const now = await shown(id);
        const isSo = Object.entries(expected).every(([name, value]) => now[name as keyof Shown] === value);
        if (!isSo) throw new Error(JSON.stringify(now));
        return now;
      },
      40_000,
    );

  beforeAll(async () => {
    media = await Promise.all([startMediaServer({}), startMediaServer({})]);
    writeFileSync(join(folder, 'tone.pcap'), tonePcap(440, 10_000));
    const file = join(folder, 'media-servers.json');
    writeFileSync(
      file,
      JSON.stringify([
        { id: 'one', uri: `sip:${media[0]?.sip}`, weight: 3 },
        { id: 'two', uri: `sip:${media[1]?.sip}` },
      ]),
    );
    callee = await sipp({
      scenario: 'callee-rings-then-answers-then-takes-bye',
      cwd: folder,
      calls: 20,
    });
    const routes = join(folder, 'routes.json');
    const to = `sip:callee@127.0.0.1:${callee.port}`;
    writeFileSync(routes, JSON.stringify({ routes: [{ number: '2000', to, mode: 'anchored' }] }));
    control = await startControlPlane({ LEGATO_MEDIA_SERVERS_FILE: file, LEGATO_ROUTES: routes });
    rest = new Rest(control.http);
    await until('one', { state: 'up', control: true });
    await until('two', { state: 'up', control: true });
  }, 120_000);

  afterAll(async () => {
    callee?.child.kill();
    await control?.child.stop();
    await Promise.all(media.map(({ child }) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function call() {
    const caller = await sipp({
      scenario: 'caller-invites-then-waits-for-bye',
      remote: control.sip,
      cwd: folder,
      service: '2000',
    });
    const id = await eventually('a new call is in progress', async () => {
      const { data } = await rest.get<{ data: { id: string; state: string }[] }>('/v1/calls');
      return data.find((each) => each.state === 'in_progress' && !known.includes(each.id))?.id;
    });
    known.push(id);
    const end = async (): Promise<void> => {
      await rest.post(`/v1/calls/${id}/hangup`);
      await rest.until(`/v1/calls/${id}`, ['ended']);
      expect(await caller.child.exitWithin(30_000)).toBe(0);
    };
    return { id, end };
  }

  it('keeps the parties of a call together, shows them, and drains', async () => {
    const first = await call();
    const both = await Promise.all(['one', 'two'].map(shown));
    const [busy, idle] = both[0]?.connections === 2 ? ['one', 'two'] : ['two', 'one'];
    await until(busy, { connections: 2 });
    await until(idle, { connections: 0 });
    const audit = await rest.get<{ connections: { id: string; streams: unknown[] }[] }>(
      `/v1/media-servers/${busy}/audit`,
    );
    expect(audit.connections.filter(({ streams }) => streams.length > 0)).toHaveLength(2);
    expect((await rest.post(`/v1/media-servers/${busy}/drain`)).body).toMatchObject({ state: 'draining' });
    expect((await rest.get<{ state: string }>(`/v1/calls/${first.id}`)).state).toBe('in_progress');
    const second = await call();
    await until(idle, { connections: 2 });
    await Promise.all([first.end(), second.end()]);
    await until(busy, { connections: 0 });
    expect((await rest.post(`/v1/media-servers/${busy}/undrain`)).body).toMatchObject({ state: 'up' });
    expect(await rest.metric('legato_media_server_connections')).toBe(0);
  });

  it('gives new work to the others when one dies, and answers 503 when all have', async () => {
    media[0]?.child.kill();
    await until('one', { state: 'down' });
    const alone = await call();
    await until('two', { connections: 2 });
    await alone.end();
    // What is asked of it after its death has no answer: the call ends long before the request runs out.
    const lost = await call();
    media[1]?.child.kill('SIGKILL');
    expect((await rest.post(`/v1/calls/${lost.id}/recordings`)).status).toBe(202);
    await until('two', { state: 'down' });
    const ended = await rest.until(`/v1/calls/${lost.id}`, ['ending', 'ended'], 10_000);
    expect(ended).toMatchObject({ ended_reason: 'media_lost' });
    const refused = await fetch(`${control.http}/v1/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'sip:a@b', to: ['sip:callee@127.0.0.1:9'], mode: 'anchored' }),
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await fetch(`${control.http}/readyz`)).status).toBe(503);
    const events = await rest.get<{ data: { type: string; subject: string }[] }>('/v1/events?limit=200');
    const told = events.data.filter(({ type }) => type.startsWith('media_server.')).map(({ type }) => type);
    expect(told.slice(-2)).toEqual(['media_server.down', 'media_server.down']);
    expect(told).toContain('media_server.draining');
  }, 180_000);
});
