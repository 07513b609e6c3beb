import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlane } from './support/apps';
import { startControlPlane } from './support/apps';
import type { Child } from './support/child';
import { eventually } from './support/eventually';
import { msmlBodiesSentTo, schemaFaults } from './support/msml-bodies';
import { Rest } from './support/rest';
import { sipp } from './support/sipp';
import { tonePcap } from './support/tone-pcap';

interface Work {
  id: string;
  state: string;
  digits?: string;
  duration_ms?: number;
  error?: { code: string; detail: string };
}

/** What the reconciled schema does not know of a dialect; all else that is sent is valid. */
const EXCEPTIONS: Readonly<Record<string, RegExp | undefined>> = {
  mavenir: /Element 'record', attribute 'recordingdest': The attribute 'recordingdest' is not allowed/,
};

/** Whole calls against SIPp as a media server that does what those of each kind were seen to do. */
describe.each(['rfc', 'xms', 'convedia', 'mavenir'] as const)(
  'a media server of the dialect %s',
  (dialect) => {
    const folder = mkdtempSync(join(tmpdir(), `legato-${dialect}-`));
    const scenario = `media-server-${dialect}-serves-calls`;
    let media: { child: Child; port: number };
    let caller: { child: Child };
    let callee: { child: Child; port: number };
    let control: ControlPlane;
    let rest: Rest;
    let call: { id: string };

    beforeAll(async () => {
      media = await sipp({ scenario, cwd: folder, calls: 10_000, timeoutS: 300 });
      callee = await sipp({
        scenario: 'callee-rings-then-answers-then-takes-bye',
        cwd: folder,
        calls: 10,
      });
      writeFileSync(join(folder, 'tone.pcap'), tonePcap(440, 1_000));
      const servers = join(folder, 'media-servers.json');
      writeFileSync(servers, JSON.stringify([{ id: dialect, uri: `sip:127.0.0.1:${media.port}`, dialect }]));
      const routes = join(folder, 'routes.json');
      const to = `sip:callee@127.0.0.1:${callee.port}`;
      const numbers = [
        { number: '2000', to, mode: 'anchored' },
        { number: '3000', conference: 'team' },
      ];
      writeFileSync(routes, JSON.stringify({ routes: numbers }));
      control = await startControlPlane({ LEGATO_MEDIA_SERVERS_FILE: servers, LEGATO_ROUTES: routes });
      rest = new Rest(control.http);
      await eventually('the media server is up', async () => {
        const { state } = await rest.get<{ state: string }>(`/v1/media-servers/${dialect}`);
        return state === 'up';
      });
      caller = await sipp({
        scenario: 'caller-invites-then-waits-for-bye',
        remote: control.sip,
        cwd: folder,
        service: '2000',
        timeoutS: 120,
      });
      call = await rest.call(['in_progress']);
    }, 120_000);

    afterAll(async () => {
      for (const peer of [caller, callee]) peer?.child.kill();
      await control?.child.stop();
      media?.child.kill();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    const path = (work: string) => `/v1/calls/${call.id}/${work}`;

    it('collects digits: the events of one exit are one result', async () => {
      const prompt = [{ file: 'enter-your-number.wav' }];
      const begun = await rest.post<Work>(path('collects'), { prompt, min: 1, max: 5, term: '#' });
      expect(begun.status).toBe(202);
      const done = await rest.until<Work>(path(`collects/${begun.body.id}`), ['matched']);
      expect(done.digits).toBe('1234');
    });

    it('plays', async () => {
      const begun = await rest.post<Work>(path('plays'), {
        leg: 'caller',
        sources: [{ file: 'welcome.wav' }],
      });
      expect(begun.status).toBe(202);
      await rest.until<Work>(path(`plays/${begun.body.id}`), ['completed']);
    });

    it('records, and tells how long', async () => {
      const begun = await rest.post<Work>(path('recordings'), { channels: 'dual' });
      const at = `/v1/recordings/${begun.body.id}`;
      await rest.until<Work>(at, ['recording']);
      expect((await rest.post(`${at}/stop`)).status).toBe(202);
      expect((await rest.until<Work>(at, ['completed'])).duration_ms).toBe(10_020);
    });

    it('fails inside a SIP 200, and the parties hear each other again', async () => {
      const begun = await rest.post<Work>(path('recordings'), { channels: 'mono' });
      const failed = await rest.until<Work>(`/v1/recordings/${begun.body.id}`, ['failed']);
      expect(failed.error).toEqual({ code: 'media_server_refused', detail: 'MSML 520: No resource' });
      expect((await rest.get<{ state: string }>(`/v1/calls/${call.id}`)).state).toBe('in_progress');
    });

    it('mixes a conference, which is over when it says that it can not destroy it any more', async () => {
      const guest = await sipp({
        scenario: 'caller-invites-then-waits-for-bye',
        remote: control.sip,
        cwd: folder,
        service: '3000',
      });
      const conference = await eventually('a conference is active', async () => {
        const { data } = await rest.get<{ data: Work[] }>('/v1/conferences');
        return data.find(({ state }) => state === 'active');
      });
      const at = `/v1/conferences/${conference.id}`;
      const participant = await eventually('the guest has joined', async () => {
        const { data } = await rest.get<{ data: (Work & { call_id: string })[] }>(`${at}/participants`);
        return data.find(({ state }) => state === 'connected');
      });
      await rest.post(`/v1/calls/${participant.call_id}/hangup`);
      await rest.until(at, ['ended']);
      expect(await guest.child.exitWithin(30_000)).toBe(0);
    });

    it('is audited, or says that it knows no audit and works all the same', async () => {
      const response = await fetch(`${control.http}/v1/media-servers/${dialect}/audit`);
      const body = (await response.json()) as Record<string, unknown>;
      if (dialect === 'rfc')
        expect(body.conferences).toContainEqual({ id: 'conf:audited', dialogs: [], streams: [] });
      else
        expect([response.status, body.msml]).toEqual([
          502,
          { result: '402', description: 'Unsupported element' },
        ]);
      expect((await rest.get<{ state: string }>(`/v1/media-servers/${dialect}`)).state).toBe('up');
    });

    it('is let go with the call, and was sent nothing but what the schema knows', async () => {
      await rest.post(`/v1/calls/${call.id}/hangup`);
      await rest.until(`/v1/calls/${call.id}`, ['ended']);
      await eventually('no connection is left', async () => {
        const { connections } = await rest.get<{ connections: number }>(`/v1/media-servers/${dialect}`);
        return connections === 0;
      });
      expect(await rest.metric('legato_msml_unknown_events_total')).toBe(0);
      const bodies = msmlBodiesSentTo(folder, scenario);
      for (const element of [
        '<audit ',
        '<join ',
        '<collect ',
        '<play',
        '<record ',
        '<createconference ',
        '<dialogend ',
      ])
        expect(bodies.some((body) => body.includes(element))).toBe(true);
      const exception = EXCEPTIONS[dialect];
      const faults = schemaFaults(bodies).flat();
      expect(faults.filter((fault) => !exception?.test(fault))).toEqual([]);
      if (exception) expect(faults.length).toBeGreaterThan(0);
    });
  },
);
