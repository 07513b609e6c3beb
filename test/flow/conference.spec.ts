import type {
  CommandRefused,
  ConferenceOptions,
  ConferenceView,
  ParticipantCommands as Participants,
} from '@legato/b2bua';
import { DEFAULT_CONFERENCE, isRefused } from '@legato/b2bua';
import type { MsmlOperation } from '@legato/msml';
import { encodeMsml } from '@legato/msml';
import { FlowMediaServer } from './support/flow-media-server';
import type { FlowPeer, PeerDialog } from './support/flow-peer';
import { FlowWorld, LEGATO, NOTHING_HELD, audio } from './support/flow-world';

const at = (number: string) => `sip:${number}@${LEGATO.host}:${LEGATO.port}`;
const QUIET: ConferenceOptions = { ...DEFAULT_CONFERENCE, music: [], speakersMs: 0 };
const CONTROL_TAG = 'control';

interface Guest {
  readonly peer: FlowPeer;
  readonly dialog: PeerDialog;
  readonly connection: string;
  /** Its dialog at the media server. */
  readonly media: PeerDialog;
}

describe('a conference', () => {
  let world: FlowWorld;
  let media: FlowMediaServer;
  let guests: number;
  let callers: FlowPeer[];
  let control: PeerDialog;

  beforeEach(async () => {
    world = await start();
  });

  afterEach(() => {
    expect(world.errors).toEqual([]);
  });

  async function start(table?: FlowWorld['table'], documents?: FlowWorld['documents']): Promise<FlowWorld> {
    guests = 0;
    callers = [];
    const started = await FlowWorld.start({
      routes: { '8000': { target: { kind: 'conference', name: 'room' } } },
      conferences: true,
      ...(table && { table }),
      ...(documents && { documents }),
    });
    media = new FlowMediaServer(started.peer('ms', '192.0.2.9', 5080));
    return started;
  }

  const conferences = () => {
    if (!world.conferences) throw new Error('no conferences');
    return world.conferences;
  };

  function done<View extends object>(answer: View | CommandRefused): View {
    if (isRefused(answer)) throw new Error(`${answer.code}: ${answer.detail}`);
    return answer;
  }

  async function create(options: Partial<ConferenceOptions> = {}): Promise<ConferenceView> {
    const made = await conferences().commands.createOrGet('room', { ...QUIET, ...options });
    return done(made).conference;
  }

  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const snapshot = () => {
    const [only] = [...conferences().registry.all()];
    if (!only) throw new Error('no live conference');
    return only.snapshot;
  };
  const guest = (index: number) => snapshot().participants[index]!;

  /** Dials the number of the room and is answered. */
  async function call(): Promise<Guest> {
    guests += 1;
    const peer = world.peer(`guest${guests}`, `192.0.2.${20 + guests}`, 5060);
    callers.push(peer);
    const dialog = peer.invite(at('8000'), { text: audio(peer.address.host, 4000) });
    const ofCaller = media.accept();
    media.peer.request('ACK');
    const ok = peer.response(200);
    peer.follow(dialog, ok);
    peer.within(dialog, 'ACK');
    await settled();
    return { peer, dialog, connection: ofCaller.connection, media: ofCaller.dialog };
  }

  /** The media server takes the control dialog: an INVITE whose description has no media. */
  function acceptControl(): void {
    const invite = media.peer.request('INVITE');
    expect(invite.body.toString()).not.toContain('m=');
    media.peer.respond(invite, 200, { text: invite.body.toString() }, CONTROL_TAG);
    control = media.peer.accepted(invite, CONTROL_TAG);
    media.peer.request('ACK');
  }

  /** Answers the next request, which has to have these operations. */
  function answers(elements: readonly string[], response = '200'): MsmlOperation[] {
    const { info, operations } = media.msml();
    expect(operations.map(({ element }) => element)).toEqual(elements);
    expect(info.to.tag).toBe(control.localTag);
    media.result(info, response);
    return operations;
  }

  /** The control dialog, the conference and the first who is joined. */
  function open(): void {
    acceptControl();
    answers(['audit']);
    answers(['createconference']);
  }

  const conferenceId = () => `conf:${snapshot().id}`;

  const eventsOfRoom = async () =>
    (await world.events.read('', 1000)).events
      .filter(({ subject }) => subject.startsWith('conf_'))
      .map(({ type, data }) => ({ type, data }));
  const typesOfRoom = async () => (await eventsOfRoom()).map(({ type }) => type);
  const lastOfRoom = async () => (await eventsOfRoom()).at(-1);
  const change = async (index: number, wanted: Parameters<Participants['update']>[2]) =>
    done(await conferences().participants.update(snapshot().id, guest(index).id, wanted));

  /** `count` guests who hear each other. */
  async function meet(count: number, options: Partial<ConferenceOptions> = {}): Promise<Guest[]> {
    await create(options);
    const met: Guest[] = [];
    for (let left = count; left > 0; left -= 1) {
      met.push(await call());
      if (met.length === 1) open();
      answers(['join']);
    }
    return met;
  }

  /** The media server is told to let go of a guest that has hung up, or was. */
  const endMedia = () => media.peer.respond(media.peer.request('BYE'), 200);

  function hangUp({ peer, dialog }: Guest): void {
    peer.within(dialog, 'BYE');
    peer.response(200);
  }

  /** All that is due when the conference ends. */
  function releaseControl(response = '200'): void {
    answers(['destroyconference'], response);
    const bye = media.peer.inbox.find(
      (message) => message.kind === 'request' && message.method === 'BYE' && message.to.tag === CONTROL_TAG,
    );
    if (bye?.kind !== 'request') throw new Error(`no BYE of the control dialog: ${media.peer.summary()}`);
    media.peer.respond(bye, 200);
  }

  /** Another process of the node goes on. */
  async function takeOver(): Promise<void> {
    world = await start(world.table, world.documents);
    const others = world.conferences ? [world.conferences.registry] : [];
    await world.registry.restore('node-1', others);
    control.cseq = 50;
  }

  describe('and its media server', () => {
    it('is made there with the first who calls its number, by a dialog without media', async () => {
      const { connection } = await call();
      acceptControl();
      expect(answers(['audit'])).toMatchObject([{ queryid: conferenceId() }]);
      expect(answers(['createconference'])).toMatchObject([
        { name: snapshot().id, deletewhen: 'nomedia', term: false },
      ]);
      expect(answers(['join'])).toEqual([{ element: 'join', id1: connection, id2: conferenceId() }]);
      expect(guest(0)).toMatchObject({ state: 'connected', connection });
      expect(await typesOfRoom()).toEqual(['conference.created', 'conference.started', 'participant.joined']);
    });

    it('ends when the last has left, and leaves nothing', async () => {
      const [only] = await meet(1);
      hangUp(only!);
      answers(['destroyconference'], '430');
      endMedia();
      const bye = media.peer.request('BYE');
      expect(bye.to.tag).toBe(CONTROL_TAG);
      media.peer.respond(bye, 200);
      expect((await typesOfRoom()).slice(3)).toEqual(['participant.left', 'conference.ended']);
      expect((await lastOfRoom())?.data).toMatchObject({
        ended_reason: 'empty',
        name: 'room',
        generation: 1,
      });
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('takes a name that is in use there for this very conference', async () => {
      await call();
      acceptControl();
      answers(['audit'], '402');
      answers(['createconference'], '432');
      answers(['join']);
      expect(guest(0).state).toBe('connected');
    });

    it('fails when it is refused there, and hangs up who has come', async () => {
      const { peer, dialog } = await call();
      acceptControl();
      answers(['audit']);
      answers(['createconference'], '520');
      peer.respond(peer.request('BYE'), 200);
      const byes = [media.peer.request('BYE'), media.peer.request('BYE')];
      for (const bye of byes) media.peer.respond(bye, 200);
      expect(dialog.callId).toBeDefined();
      expect((await lastOfRoom())?.data).toMatchObject({
        ended_reason: 'failed',
        error: { code: 'media_server_refused' },
      });
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('asks again for a control dialog that is refused, then gives up and hangs up', async () => {
      const { peer } = await call();
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const invite = media.peer.request('INVITE');
        media.peer.respond(invite, 503);
        world.clock.advance(20_000);
      }
      peer.respond(peer.request('BYE'), 200);
      endMedia();
      expect((await lastOfRoom())?.data).toMatchObject({
        ended_reason: 'media_lost',
        error: { code: 'media_server_lost' },
      });
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('gives up a control dialog that is never answered', async () => {
      const { peer } = await call();
      world.clock.advance(120_000);
      peer.respond(peer.request('BYE'), 200);
      world.clock.advance(120_000);
      expect((await lastOfRoom())?.data).toMatchObject({ ended_reason: 'media_lost' });
      expect(conferences().registry.size).toBe(0);
    });

    it('opens a new control dialog when the old one is lost, and asks again for what is not done', async () => {
      const [first] = await meet(2);
      media.peer.within(control, 'BYE');
      media.peer.response(200);
      await change(0, { muted: true });
      world.clock.advance(1_000);
      acceptControl();
      const { info } = media.msml();
      media.audited(info, conferenceId(), [
        { joinwith: first!.connection, dir: 'from' },
        { joinwith: first!.connection, dir: 'to' },
        { joinwith: 'conn:stranger', dir: 'to' },
      ]);
      expect(answers(['unjoin'])).toMatchObject([{ id1: 'conn:stranger', id2: conferenceId() }]);
      expect(answers(['modifystream'])).toMatchObject([{ id1: first!.connection }]);
      expect(answers(['join'])).toMatchObject([{ id1: guest(1).connection }]);
      expect(guest(0)).toMatchObject({ applied: { speak: 'mute', hear: 0 } });
      expect((await lastOfRoom())?.type).toBe('participant.updated');
    });

    it('is made again when the media server has forgotten it', async () => {
      const met = await meet(2);
      media.event(control, 'msml.conf.nomedia', conferenceId());
      answers(['audit']);
      answers(['createconference']);
      for (const { connection } of met) expect(answers(['join'])).toMatchObject([{ id1: connection }]);
    });

    it('looks every minute whether all is done that is wanted', async () => {
      const [only] = await meet(1);
      world.clock.advance(60_000);
      const { info } = media.msml();
      media.audited(info, conferenceId(), [{ joinwith: only!.connection, dir: 'to' }]);
      expect(answers(['join'])).toMatchObject([{ streams: [{ media: 'audio', dir: 'to-id1' }] }]);
    });

    it('gives somebody up whom the media server does not know, and hangs up', async () => {
      await meet(1);
      const { peer } = await call();
      answers(['join'], '430');
      const { info } = media.msml();
      media.audited(info, conferenceId(), [
        { joinwith: guest(0).connection!, dir: 'from' },
        { joinwith: guest(0).connection!, dir: 'to' },
      ]);
      answers(['join'], '430');
      peer.respond(peer.request('BYE'), 200);
      expect(guest(1)).toMatchObject({ state: 'left', leftReason: 'media_lost' });
      expect((await lastOfRoom())?.data).toMatchObject({ error: { code: 'media_server_refused' } });
    });
  });

  describe('and a media server that falls silent', () => {
    const steps: Readonly<Record<string, () => Promise<void>>> = {
      'before it takes the control dialog': async () => void (await call()),
      'when it is audited': async () => {
        await call();
        acceptControl();
      },
      'when it is to make the conference': async () => {
        await call();
        acceptControl();
        answers(['audit']);
      },
      'when it is to join somebody': async () => {
        await call();
        open();
      },
      'when it is to change somebody': async () => {
        await meet(1);
        await change(0, { muted: true });
      },
      'when it is to play': async () => {
        await meet(1);
        await conferences().commands.play(snapshot().id, { sources: [{ file: 'x.wav' }], loop: 1 });
      },
      'when it is to record': async () => {
        await meet(1);
        await conferences().commands.record(snapshot().id, {});
      },
      'when it is to play to one': async () => {
        await meet(1);
        const sources = [{ file: 'x.wav' }];
        const participant = guest(0).id;
        await conferences().commands.play(snapshot().id, { sources, loop: 1, participant });
      },
      'when it is to stop what it plays': async () => {
        await meet(1);
        const sources = [{ file: 'x.wav' }];
        const play = done(await conferences().commands.play(snapshot().id, { sources, loop: 1 }));
        answers(['dialogstart']);
        await conferences().commands.stopPlay(snapshot().id, play.id);
      },
      'when it is to record each participant': async () => {
        await meet(1);
        await conferences().commands.record(snapshot().id, { channels: 'per_participant' });
      },
      'when it is to pause a recording': async () => {
        await meet(1);
        const { id } = done(await conferences().commands.record(snapshot().id, {}));
        answers(['dialogstart']);
        await conferences().recordings.pauseRecording(id, { mode: 'silence' });
      },
      'when it is to stop a recording': async () => {
        await meet(1);
        const { id } = done(await conferences().commands.record(snapshot().id, {}));
        answers(['dialogstart']);
        await conferences().recordings.stopRecording(id);
      },
      'when it is to hold somebody': async () => {
        await meet(1, { music: [{ file: 'please-hold.wav' }] });
        await change(0, { hold: true });
      },
      'when it is to silence somebody': async () => {
        await meet(1);
        const secret = { prompt: [], barge: true, digits: { min: 1, max: 1 }, retries: 0, sensitive: true };
        const request = { ...secret, firstDigitMs: 1, interDigitMs: 1, leg: 'caller' as const };
        await world.collects.startCollect(guest(0).callId, request);
      },
      'when it is to let go': async () => {
        await meet(1);
        await conferences().commands.end(snapshot().id, { hangUp: true });
      },
    };

    it.each(Object.entries(steps))('%s: everybody is hung up, and nothing is left', async (_when, get) => {
      await get();
      const peer = callers[0]!;
      world.clock.advance(32_000);
      for (let attempt = 0; attempt < 5; attempt += 1) world.clock.advance(32_000);
      peer.respond(peer.request('BYE'), 200);
      world.clock.advance(120_000);
      const ended = (await lastOfRoom())?.data;
      expect(['media_lost', 'requested']).toContain(ended?.['ended_reason']);
      if (ended?.['ended_reason'] === 'media_lost')
        expect(ended).toMatchObject({ error: { code: 'media_server_lost' } });
      expect(world.settle()).toEqual(NOTHING_HELD);
      const isOver = /^(play\.(failed|stopped|completed)|recording\.(failed|absent|completed))$/;
      const outcomes = (await eventsOfRoom()).filter(({ type }) => isOver.test(type));
      for (const { data } of outcomes) expect(data['error']).toMatchObject({ code: 'media_server_lost' });
      const { commands } = conferences();
      const id = String(ended?.['conference_id']);
      const work = [
        ...((await commands.listPlays(id)) ?? []),
        ...((await commands.listRecordings(id)) ?? []),
      ];
      for (const { state } of work) expect(state).toMatch(/^(failed|absent|stopped)$/);
      expect(outcomes).toHaveLength(work.length);
    });
  });

  it('asks again when its watch says that the media server is silent for long, and only then', async () => {
    await meet(1);
    conferences().registry.loseMediaServer('sip:192.0.2.9:5080');
    expect(snapshot().mixer).toBe('Mixing');
    const recording = done(await conferences().commands.record(snapshot().id, {}));
    conferences().registry.loseMediaServer('sip:192.0.2.9:5080');
    expect(snapshot().mixer).toBe('Waiting to retry');
    expect(await conferences().recordings.getRecording(recording.id)).toMatchObject({
      state: 'failed',
      error: { code: 'media_server_lost' },
    });
    world.clock.advance(1_000);
    acceptControl();
    answers(['audit']);
    answers(['createconference']);
    answers(['join']);
  });

  describe('and several media servers', () => {
    it('is at one of them: those who come later go there, too', async () => {
      world = await FlowWorld.start({
        routes: { '8000': { target: { kind: 'conference', name: 'room' } } },
        conferences: true,
        mediaServers: ['sip:192.0.2.9:5080', 'sip:192.0.2.10:5080'],
      });
      media = new FlowMediaServer(world.peer('ms', '192.0.2.9', 5080));
      const other = new FlowMediaServer(world.peer('other', '192.0.2.10', 5080));
      guests = 0;
      for (let index = 0; index < 4; index += 1) {
        await call();
        if (index > 0) answers(['join']);
        else {
          open();
          answers(['join']);
        }
      }
      expect(other.peer.inbox).toEqual([]);
    });

    it('refuses a call whose media are elsewhere, and leaves it free', async () => {
      await meet(2);
      await conferences().participants.remove(snapshot().id, guest(1).id, { hangUp: false });
      answers(['unjoin']);
      const { callId } = guest(1);
      const other = done(await conferences().commands.createOrGet('other', QUIET)).conference;
      Object.assign(conferences().registry.snapshot(other.id)!, { mediaServer: 'sip:192.0.2.77:5080' });
      const add = (to: string) => conferences().participants.add(to, callId, {});
      expect(await add(other.id)).toMatchObject({ code: 'media_server_differs' });
      expect(await add(snapshot().id)).toMatchObject({ state: 'joining' });
    });
  });

  describe('and who takes part', () => {
    it('mutes by the gain of the stream into the mix, and unmutes', async () => {
      const [only] = await meet(1);
      await change(0, { muted: true });
      expect(answers(['modifystream'])).toEqual([
        {
          element: 'modifystream',
          id1: only!.connection,
          id2: conferenceId(),
          streams: [{ media: 'audio', dir: 'from-id1', gain: { amt: 'mute' } }],
        },
      ]);
      await change(0, { muted: false, gainDb: -6, deaf: true });
      expect(answers(['modifystream'])).toMatchObject([
        {
          streams: [
            { dir: 'from-id1', gain: { amt: '-6' } },
            { dir: 'to-id1', gain: { amt: 'mute' } },
          ],
        },
      ]);
      expect((await lastOfRoom())?.data).toMatchObject({ muted: false, gain_db: -6, deaf: true });
    });

    it('tells of a change that the media server refuses, and does not ask on', async () => {
      await meet(1);
      await change(0, { muted: true });
      answers(['modifystream'], '500');
      const { info } = media.msml();
      media.audited(info, conferenceId(), [
        { joinwith: guest(0).connection!, dir: 'from' },
        { joinwith: guest(0).connection!, dir: 'to' },
      ]);
      answers(['modifystream'], '500');
      expect(media.peer.inbox).toEqual([]);
      expect(await lastOfRoom()).toMatchObject({
        type: 'participant.updated',
        data: { error: { code: 'media_server_refused' } },
      });
    });

    it('holds with music, and back: the last one leaves the mix for it, which is made again', async () => {
      const [only] = await meet(1, { music: [{ file: 'please-hold.wav' }] });
      await change(0, { hold: true });
      const [unjoin, music] = answers(['unjoin', 'dialogstart']);
      expect(unjoin).toEqual({ element: 'unjoin', id1: only!.connection, id2: conferenceId() });
      expect(music).toMatchObject({ target: only!.connection, content: [{ iterate: 'forever' }] });
      await change(0, { hold: false });
      answers(['createconference']);
      answers(['dialogend', 'join']);
      expect(guest(0).applied).toEqual({ speak: 0, hear: 0 });
    });

    it('holds in silence when there is no such music', async () => {
      const [only] = await meet(1, { music: [{ file: 'missing.wav' }] });
      await change(0, { hold: true });
      const [, music] = answers(['unjoin', 'dialogstart']);
      if (music?.element !== 'dialogstart') throw new Error('no music');
      const dialog = `${only!.connection}/dialog:${music.name}`;
      media.event(control, 'msml.dialog.exit', dialog, { 'dialog.exit.status': '410' });
      await change(0, { hold: false });
      answers(['createconference']);
      answers(['join']);
    });

    it('lets a coach be heard by the one it coaches, and by everybody when it barges in', async () => {
      const [agent, , supervisor] = await meet(3);
      await change(2, { coachOf: guest(0).id });
      expect(answers(['unjoin', 'join'])).toMatchObject([
        { id1: supervisor!.connection, id2: conferenceId(), streams: [{ dir: 'from-id1' }] },
        { id1: supervisor!.connection, id2: agent!.connection, streams: [{ dir: 'from-id1' }] },
      ]);
      await change(2, { coachOf: null });
      expect(answers(['join', 'unjoin'])).toMatchObject([
        { id2: conferenceId(), streams: [{ dir: 'from-id1' }] },
        { id2: agent!.connection },
      ]);
    });

    it('silences a coach whose coached has left: nobody hears it by accident', async () => {
      const [agent] = await meet(2);
      await change(1, { coachOf: guest(0).id });
      answers(['unjoin', 'join']);
      hangUp(agent!);
      expect(answers(['unjoin'])).toMatchObject([{ id2: agent!.connection }]);
      expect(guest(1).applied).toEqual({ hear: 0 });
    });

    it('kicks: hangs up, or lets the call go on alone', async () => {
      const met = await meet(3);
      const { participants } = conferences();
      await participants.remove(snapshot().id, guest(0).id, { hangUp: true });
      const { peer } = met[0]!;
      peer.respond(peer.request('BYE'), 200);
      endMedia();
      await participants.remove(snapshot().id, guest(1).id, { hangUp: false });
      expect(answers(['unjoin'])).toMatchObject([{ id1: met[1]!.connection, id2: conferenceId() }]);
      expect(snapshot().participants.map(({ leftReason }) => leftReason)).toEqual([
        'kicked',
        'kicked',
        undefined,
      ]);
      const alone = [...world.registry.snapshots()].find(({ id }) => id === guest(1).callId);
      expect(alone).toMatchObject({ state: 'in_progress' });
      expect(alone?.conferenceMembership).toBeUndefined();
    });

    it('takes a call that is there once, and not into two conferences', async () => {
      await meet(1);
      const other = done(await conferences().commands.createOrGet('other', QUIET)).conference;
      expect(await conferences().participants.add(other.id, guest(0).callId, {})).toMatchObject({
        code: 'media_in_use',
      });
      await conferences().participants.remove(snapshot().id, guest(0).id, { hangUp: false });
      const again = await conferences().participants.add(other.id, guest(0).callId, { muted: true });
      expect(again).toMatchObject({ state: 'joining', conference_id: other.id });
    });

    it('rings somebody for it, who is joined when answering', async () => {
      await meet(1);
      const bob = world.peer('bob', '192.0.2.3', 5060);
      const rung = done(
        await conferences().participants.dial(
          snapshot().id,
          { from: 'sip:room@example.com', to: 'sip:bob@192.0.2.3:5060' },
          { muted: true },
        ),
      );
      expect(rung).toMatchObject({ state: 'joining', uri: 'sip:bob@192.0.2.3:5060' });
      await settled();
      const { description } = media.accept();
      const invite = bob.request('INVITE');
      expect(invite.body.toString()).toBe(description);
      bob.respond(invite, 200, { text: audio('192.0.2.3', 5000) });
      expect(answers(['join'])).toMatchObject([
        { streams: [{ dir: 'from-id1', gain: { amt: 'mute' } }, { dir: 'to-id1' }] },
      ]);
      expect(guest(1)).toMatchObject({ id: rung.id, state: 'connected', muted: true });
      await conferences().commands.end(snapshot().id, { hangUp: true });
      bob.respond(bob.request('BYE'), 200);
    });

    it('tells why somebody did not come', async () => {
      await meet(1);
      const bob = world.peer('bob', '192.0.2.3', 5060);
      const to = { from: 'sip:room@example.com', to: 'sip:bob@192.0.2.3:5060' };
      await conferences().participants.dial(snapshot().id, to, {});
      await settled();
      media.accept();
      bob.respond(bob.request('INVITE'), 486);
      expect(guest(1)).toMatchObject({ state: 'left', leftReason: 'busy' });
      expect(snapshot().state).toBe('active');
    });

    it('tells who speaks, once for each change', async () => {
      const met = await meet(2, { speakersMs: 500 });
      media.event(control, 'msml.conf.asn', conferenceId(), { speaker: met[1]!.connection });
      media.event(control, 'msml.conf.asn', conferenceId(), { speaker: met[1]!.connection });
      media.event(control, 'msml.conf.asn', conferenceId());
      const speaking = (await eventsOfRoom()).filter(({ type }) => type === 'participant.speaking');
      expect(speaking.map(({ data }) => [data['participant_id'], data['speaking']])).toEqual([
        [guest(1).id, true],
        [guest(1).id, false],
      ]);
    });

    it('plays a tone for who comes, and one for who goes', async () => {
      const tones = { enter: true, leave: true };
      const met = await meet(1, { tones });
      await call();
      answers(['join']);
      expect(answers(['dialogstart'])).toMatchObject([
        { target: conferenceId(), content: [{ element: 'tonegen' }] },
      ]);
      hangUp(met[0]!);
      answers(['dialogstart']);
    });
  });

  describe('and its rules', () => {
    it('starts with its host: who comes before hears music and nobody', async () => {
      const room = await create({ startOn: 'host', endOn: 'host', music: [{ file: 'please-hold.wav' }] });
      const early = await call();
      acceptControl();
      answers(['audit']);
      expect(answers(['dialogstart'])).toMatchObject([{ target: early.connection }]);
      expect((await lastOfRoom())?.data).toMatchObject({ waiting: true });
      expect(snapshot().state).toBe('created');
      const bob = world.peer('bob', '192.0.2.3', 5060);
      const to = { from: 'sip:room@example.com', to: 'sip:bob@192.0.2.3:5060' };
      await conferences().participants.dial(room.id, to, { role: 'host' });
      await settled();
      media.accept();
      bob.respond(bob.request('INVITE'), 200, { text: audio('192.0.2.3', 5000) });
      const ofBob = bob.request('ACK');
      answers(['createconference']);
      expect(answers(['dialogend', 'join'])).toMatchObject([{}, { id1: early.connection }]);
      answers(['join']);
      expect(snapshot().state).toBe('active');
      expect(ofBob.method).toBe('ACK');
      await conferences().participants.remove(room.id, guest(1).id, { hangUp: true });
      early.peer.respond(early.peer.request('BYE'), 200);
      expect((await conferences().commands.getConference(room.id))?.ended_reason).toBe('host_left');
    });

    it('lets nobody in who comes when it is locked, or full', async () => {
      await meet(1, { maxParticipants: 2 });
      const { id } = snapshot();
      done(await conferences().commands.lock(id));
      const late = await call();
      late.peer.respond(late.peer.request('BYE'), 200);
      endMedia();
      done(await conferences().commands.unlock(id));
      await call();
      answers(['join']);
      const third = await call();
      third.peer.respond(third.peer.request('BYE'), 200);
      expect((await typesOfRoom()).filter((type) => type.includes('lock'))).toEqual([
        'conference.locked',
        'conference.unlocked',
      ]);
      expect(snapshot().participants).toHaveLength(2);
    });

    it('can not be locked before its start, nor changed after its end', async () => {
      const { id } = await create();
      expect(await conferences().commands.lock(id)).toMatchObject({ code: 'conference_not_active' });
      await conferences().commands.end(id, { hangUp: true });
      expect(await conferences().commands.lock(id)).toMatchObject({ code: 'conference_ended' });
      expect(await conferences().commands.lock('conf_x')).toMatchObject({ code: 'conference_not_found' });
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('is got by its name while it is open, and made anew as the next generation afterwards', async () => {
      const first = done(await conferences().commands.createOrGet('room', QUIET));
      const same = done(await conferences().commands.createOrGet('room', QUIET));
      expect([first.isNew, same.isNew, same.conference.id]).toEqual([true, false, first.conference.id]);
      await conferences().commands.end(first.conference.id, { hangUp: true });
      const next = done(await conferences().commands.createOrGet('room', QUIET));
      expect(next).toMatchObject({ isNew: true, conference: { generation: 2 } });
    });

    it('is made once by two commands at the same moment', async () => {
      const both = await Promise.all([1, 2].map(() => conferences().commands.createOrGet('room', QUIET)));
      const ids = both.map((answer) => done(answer).conference.id);
      expect(new Set(ids).size).toBe(1);
    });

    it('mutes everybody but the hosts', async () => {
      await meet(2);
      Object.assign(guest(0), { role: 'host' });
      await conferences().commands.muteAll(snapshot().id, true);
      expect(answers(['modifystream'])).toMatchObject([{ id1: guest(1).connection }]);
      expect(media.peer.inbox).toEqual([]);
    });

    it('stays for a while without anybody when it is to linger', async () => {
      const [only] = await meet(1, { lingerMs: 30_000 });
      hangUp(only!);
      endMedia();
      media.event(control, 'msml.conf.nomedia', conferenceId());
      answers(['audit']);
      expect(snapshot().state).toBe('active');
      world.clock.advance(30_000);
      media.peer.respond(media.peer.request('BYE'), 200);
      expect((await lastOfRoom())?.data).toMatchObject({ ended_reason: 'empty' });
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends when nobody comes', async () => {
      await create();
      world.clock.advance(600_000);
      expect(await typesOfRoom()).toEqual(['conference.created', 'conference.ended']);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('ends by command, and lets the calls go on when that is wanted', async () => {
      const met = await meet(2);
      await conferences().commands.end(snapshot().id, { hangUp: false });
      answers(['unjoin']);
      answers(['unjoin']);
      releaseControl('430');
      expect(conferences().registry.size).toBe(0);
      expect([...world.registry.snapshots()].map(({ state }) => state)).toEqual([
        'in_progress',
        'in_progress',
      ]);
      for (const guestOfOld of met) hangUp(guestOfOld);
    });
  });

  describe('and what is heard in it', () => {
    it('announces to everybody, and to one', async () => {
      const [only] = await meet(1);
      const { commands } = conferences();
      const sources = [{ file: 'welcome.wav' }];
      const play = done(await commands.play(snapshot().id, { sources, loop: 1 }));
      expect(answers(['dialogstart'])).toMatchObject([{ target: conferenceId(), name: play.id }]);
      media.event(control, 'msml.dialog.exit', `${conferenceId()}/dialog:${play.id}`, {
        'play.end': 'complete',
      });
      expect(await commands.listPlays(snapshot().id)).toMatchObject([{ state: 'completed' }]);
      const participant = guest(0).id;
      const whispered = done(await commands.play(snapshot().id, { sources, loop: 1, participant }));
      expect(answers(['dialogstart'])).toMatchObject([{ target: only!.connection }]);
      await commands.stopPlay(snapshot().id, whispered.id);
      answers(['dialogend']);
      media.event(control, 'msml.dialog.exit', `${only!.connection}/dialog:${whispered.id}`);
      expect((await typesOfRoom()).slice(3)).toEqual([
        'play.started',
        'play.completed',
        'play.started',
        'play.stopped',
      ]);
    });

    it('tells of an announcement that can not be played', async () => {
      await meet(1);
      const sources = [{ file: 'missing.wav' }];
      const play = done(await conferences().commands.play(snapshot().id, { sources, loop: 1 }));
      answers(['dialogstart']);
      const failure = { 'dialog.exit.status': '410', 'dialog.exit.description': 'no file' };
      media.event(control, 'msml.dialog.exit', `${conferenceId()}/dialog:${play.id}`, failure);
      expect(await lastOfRoom()).toMatchObject({
        type: 'play.failed',
        data: { play_id: play.id, error: { code: 'media_server_failed', detail: 'MSML 410: no file' } },
      });
    });

    it('records the mix from the first on, and waits for the file before it lets the media server go', async () => {
      const made = await conferences().commands.createOrGet('room', QUIET, { record: true });
      const { id } = done(made).conference;
      const guestOne = await call();
      open();
      answers(['join']);
      const [start] = answers(['dialogstart']);
      if (start?.element !== 'dialogstart') throw new Error('no recording');
      expect(start).toMatchObject({ target: conferenceId(), content: [{ element: 'record' }] });
      hangUp(guestOne);
      answers(['dialogend'], '430');
      endMedia();
      media.event(control, 'msml.dialog.exit', `${conferenceId()}/dialog:${start.name}`, {
        'record.len': '2000',
        'record.recordid': `file:///recordings/${start.name}.wav`,
      });
      answers(['destroyconference'], '430');
      media.peer.respond(media.peer.request('BYE'), 200);
      expect(await conferences().recordings.getRecording(start.name ?? '')).toMatchObject({
        state: 'completed',
        conference_id: id,
        duration_ms: 2000,
      });
      expect((await typesOfRoom()).slice(3)).toEqual([
        'recording.started',
        'participant.left',
        'recording.stopped',
        'recording.completed',
        'conference.ended',
      ]);
      expect(world.settle()).toEqual(NOTHING_HELD);
    });

    it('pauses and resumes a recording, and tells when that is refused', async () => {
      await meet(1);
      const { recordings, commands } = conferences();
      const { id } = done(await commands.record(snapshot().id, {}));
      answers(['dialogstart']);
      await recordings.pauseRecording(id, { mode: 'silence', reason: 'card' });
      expect(answers(['send'])).toMatchObject([{ event: 'pause.silence.card' }]);
      expect(await recordings.getRecording(id)).toMatchObject({
        state: 'paused',
        pause: { mode: 'silence' },
      });
      await recordings.resumeRecording(id);
      answers(['send'], '500');
      expect(await recordings.getRecording(id)).toMatchObject({ state: 'paused' });
      await recordings.resumeRecording(id);
      answers(['send']);
      expect((await typesOfRoom()).slice(3)).toEqual([
        'recording.started',
        'recording.paused',
        'recording.refused',
        'recording.resumed',
      ]);
    });

    describe('of each participant', () => {
      const record = async (maxMs = 60_000) =>
        done(await conferences().commands.record(snapshot().id, { channels: 'per_participant', maxMs }));
      const read = (id: string) => conferences().recordings.getRecording(id);
      /** A track that the media server is asked for. */
      function begins({ connection }: Guest): string {
        const [start] = answers(['dialogstart']);
        expect(start).toMatchObject({ target: connection, content: [{ element: 'record' }] });
        return start?.element === 'dialogstart' ? (start.name ?? '') : '';
      }
      const reports = ({ connection }: Guest, track: string) =>
        media.event(control, 'msml.dialog.exit', `${connection}/dialog:${track}`, {
          'record.len': '2000',
          'record.recordid': `file:///recordings/${track}.wav`,
        });

      it('makes a track for each, for those who come later, and completes with the last of them', async () => {
        const [first] = await meet(1);
        const { id } = await record();
        const ofFirst = begins(first!);
        const second = await call();
        answers(['join']);
        const ofSecond = begins(second);
        expect(await read(id)).toMatchObject({
          state: 'recording',
          channels: 'per_participant',
          tracks: [ofFirst, ofSecond],
        });
        expect(await read(ofSecond)).toMatchObject({ parent_id: id, participant_id: guest(1).id });
        hangUp(second);
        answers(['dialogend'], '430');
        reports(second, ofSecond);
        expect(await read(ofSecond)).toMatchObject({ state: 'completed', duration_ms: 2000 });
        expect(await read(id)).toMatchObject({ state: 'recording' });
        await conferences().recordings.stopRecording(id);
        answers(['dialogend']);
        expect(await read(id)).toMatchObject({ state: 'stopping' });
        reports(first!, ofFirst);
        expect(await read(id)).toMatchObject({ state: 'completed' });
        const told = (await eventsOfRoom()).filter(({ data }) => data['recording_id'] === id);
        expect(told.map(({ type }) => type)).toEqual([
          'recording.started',
          'recording.stopped',
          'recording.completed',
        ]);
      });

      it('leaves the others when one fails, and fails when all do', async () => {
        const met = await meet(2);
        const { id } = await record();
        const failed = (guestOf: Guest, track: string) =>
          media.event(control, 'msml.dialog.exit', `${guestOf.connection}/dialog:${track}`, {
            'dialog.exit.status': '520',
            'dialog.exit.description': 'disk full',
          });
        const tracks = met.map((each) => begins(each));
        failed(met[0]!, tracks[0]!);
        expect(await read(tracks[0]!)).toMatchObject({
          state: 'failed',
          error: { code: 'media_server_failed' },
        });
        expect(await read(tracks[1]!)).toMatchObject({ state: 'recording' });
        expect(await read(id)).toMatchObject({ state: 'recording' });
        failed(met[1]!, tracks[1]!);
        await conferences().recordings.stopRecording(id);
        expect(await read(id)).toMatchObject({ state: 'failed', error: { code: 'media_server_failed' } });
        expect((await lastOfRoom())?.type).toBe('recording.failed');
      });

      it('has nothing of somebody whom nobody is to hear', async () => {
        const [only] = await meet(1);
        await change(0, { muted: true });
        answers(['modifystream']);
        await record();
        await change(0, { muted: false });
        answers(['modifystream']);
        const track = begins(only!);
        await change(0, { hold: true });
        answers(['unjoin']);
        expect(answers(['send'])).toMatchObject([{ event: 'pause.silence.muted' }]);
        await change(0, { hold: false });
        answers(['createconference']);
        answers(['join']);
        expect(answers(['send'])).toMatchObject([{ event: 'resume' }]);
        expect(await read(track)).toMatchObject({ state: 'recording' });
      });

      it('is silent before digits are collected that are sensitive', async () => {
        const [only] = await meet(1);
        await record();
        begins(only!);
        const request = { prompt: [], barge: true, digits: { min: 1, max: 1 }, retries: 0 };
        const secret = {
          ...request,
          firstDigitMs: 1,
          interDigitMs: 1,
          leg: 'caller' as const,
          sensitive: true,
        };
        done(await world.collects.startCollect(guest(0).callId, secret));
        answers(['modifystream']);
        expect(answers(['send'])).toMatchObject([{ event: 'pause.silence.sensitive' }]);
        expect(media.msml().operations).toMatchObject([{ element: 'dialogstart' }]);
      });

      it('is paused as a whole, and goes on', async () => {
        const [only] = await meet(1);
        const { id } = await record();
        begins(only!);
        await conferences().recordings.pauseRecording(id, { mode: 'skip' });
        expect(answers(['send'])).toMatchObject([{ event: 'pause' }]);
        expect(await read(id)).toMatchObject({ state: 'paused', pause: { mode: 'skip' } });
        const late = await call();
        answers(['join']);
        await conferences().recordings.resumeRecording(id);
        answers(['send']);
        begins(late);
        expect(await read(id)).toMatchObject({ state: 'recording' });
      });

      it('ends by itself, and with the conference', async () => {
        const [only] = await meet(1);
        const { id } = await record(30_000);
        begins(only!);
        world.clock.advance(30_000);
        answers(['dialogend']);
        expect(await read(id)).toMatchObject({ state: 'stopping' });
        const other = await record();
        const track = begins(only!);
        await conferences().commands.end(snapshot().id, { hangUp: true });
        answers(['dialogend']);
        for (const each of (await conferences().commands.listRecordings(snapshot().id)) ?? [])
          if (each.parent_id !== undefined) reports(only!, each.id);
        expect(await read(other.id)).toMatchObject({ state: 'completed', tracks: [track] });
        expect(await read(id)).toMatchObject({ state: 'completed' });
      });

      it('is lost with the control dialog', async () => {
        const [only] = await meet(1);
        const { id } = await record();
        const track = begins(only!);
        media.peer.within(control, 'BYE');
        media.peer.response(200);
        const error = { code: 'media_server_lost' };
        expect(await read(track)).toMatchObject({ state: 'absent', error });
        expect(await read(id)).toMatchObject({ state: 'failed', error });
      });
    });

    it('loses a recording when the control dialog is lost: what it reports reaches nobody', async () => {
      await meet(1);
      const recording = done(await conferences().commands.record(snapshot().id, {}));
      answers(['dialogstart']);
      media.peer.within(control, 'BYE');
      media.peer.response(200);
      expect(await conferences().recordings.getRecording(recording.id)).toMatchObject({
        state: 'absent',
        error: { code: 'media_server_lost' },
      });
    });
  });

  describe('and what is keyed in secret', () => {
    const PIN = {
      prompt: [],
      barge: true,
      digits: { min: 4, max: 4 },
      firstDigitMs: 5000,
      interDigitMs: 3000,
    };
    const MUTE = [{ dir: 'from-id1', gain: { amt: 'mute' } }];
    const UNMUTE = [{ dir: 'from-id1', gain: { amt: '0' } }];

    const nothingAsked = () =>
      expect(media.peer.inbox.filter((message) => message.kind === 'request')).toEqual([]);

    async function collect(
      index: number,
      wanted: { sensitive: boolean } = { sensitive: true },
    ): Promise<string> {
      const request = { ...PIN, ...wanted, leg: 'caller' as const, retries: 0 };
      return done(await world.collects.startCollect(guest(index).callId, request)).id;
    }
    /** The collection begins on the media dialog of the guest's own call. */
    function begins({ media: ofGuest }: Guest): void {
      const { info, operations } = media.msml();
      expect([info.to.tag, operations.map(({ element }) => element)]).toEqual([
        ofGuest.localTag,
        ['dialogstart'],
      ]);
      media.result(info);
    }
    const keyed = ({ media: ofGuest, connection }: Guest, id: string) =>
      media.event(ofGuest, 'msml.dialog.exit', `${connection}/dialog:${id}.1`, {
        'dtmf.digits': '4711',
        'dtmf.end': 'dtmf.match',
      });

    it('is heard by nobody: the collection begins when the party is muted, and it is heard again after it', async () => {
      const [, second] = await meet(2);
      const id = await collect(1);
      const before = await typesOfRoom();
      expect(answers(['modifystream'])).toMatchObject([
        { id1: second!.connection, id2: conferenceId(), streams: MUTE },
      ]);
      begins(second!);
      expect(guest(1)).toMatchObject({ muted: false, silencedBy: [id] });
      await change(1, { gainDb: 3 });
      nothingAsked();
      await change(1, { gainDb: 0 });
      keyed(second!, id);
      expect(answers(['modifystream'])).toMatchObject([{ id1: second!.connection, streams: UNMUTE }]);
      expect(guest(1).silencedBy).toBeUndefined();
      expect((await typesOfRoom()).slice(before.length)).toEqual([
        'participant.updated',
        'participant.updated',
      ]);
    });

    it('needs nothing when nobody hears the party anyway, nor when it is not sensitive', async () => {
      const [, second] = await meet(2);
      const harmless = await collect(1, { sensitive: false });
      begins(second!);
      keyed(second!, harmless);
      await change(1, { muted: true });
      answers(['modifystream']);
      const id = await collect(1);
      begins(second!);
      keyed(second!, id);
      nothingAsked();
    });

    it('is not asked for when the media server does not mute the party', async () => {
      const [only] = await meet(1);
      const id = await collect(0);
      answers(['modifystream'], '500');
      const { info } = media.msml();
      const joinwith = only!.connection;
      media.audited(info, conferenceId(), [
        { joinwith, dir: 'from' },
        { joinwith, dir: 'to' },
      ]);
      answers(['modifystream'], '500');
      expect(await world.collects.readCollect(guest(0).callId, id)).toMatchObject({
        state: 'failed',
        error: { code: 'media_server_refused' },
      });
      nothingAsked();
      expect(guest(0).silencedBy).toBeUndefined();
    });

    it('is asked for when the conference ends meanwhile', async () => {
      const [only] = await meet(1);
      await collect(0);
      expect(media.msml().operations).toMatchObject([{ element: 'modifystream' }]);
      await conferences().commands.end(snapshot().id, { hangUp: false });
      begins(only!);
    });

    it('keeps a party silent that is taken in while it keys', async () => {
      const [, second] = await meet(2);
      const { callId } = guest(1);
      await conferences().participants.remove(snapshot().id, guest(1).id, { hangUp: false });
      answers(['unjoin']);
      const request = { ...PIN, sensitive: true, leg: 'caller' as const, retries: 0 };
      const { id } = done(await world.collects.startCollect(callId, request));
      begins(second!);
      done(await conferences().participants.add(snapshot().id, callId, {}));
      expect(answers(['join'])).toMatchObject([
        { id1: second!.connection, streams: [MUTE[0], { dir: 'to-id1' }] },
      ]);
      keyed(second!, id);
      expect(answers(['modifystream'])).toMatchObject([{ streams: UNMUTE }]);
    });

    it('mutes nobody for longer than the collection: not when the party hangs up, nor when the process dies', async () => {
      const [first, second] = await meet(2);
      const id = await collect(1);
      answers(['modifystream']);
      begins(second!);
      expect(guest(1).silencedBy).toEqual([id]);
      // The process dies between the end of the collection and what the conference hears of it.
      const call = world.registry.snapshot(guest(1).callId)!;
      Object.assign(call.collects![0]!, { state: 'terminated' });
      await conferences().commands.lock(snapshot().id);
      await world.commands.sendInfo(call.id, { leg: 'caller', contentType: 'text/plain', body: 'stored' });
      await takeOver();
      const { info } = media.msml();
      media.audited(info, conferenceId(), [
        { joinwith: first!.connection, dir: 'from' },
        { joinwith: first!.connection, dir: 'to' },
        { joinwith: second!.connection, dir: 'from' },
        { joinwith: second!.connection, dir: 'to', amt: 'mute' },
      ]);
      expect(answers(['modifystream'])).toMatchObject([{ id1: second!.connection, streams: UNMUTE }]);
    });
  });

  describe('in a process that takes it over', () => {
    it('goes on: an audit tells what is done, the rest is asked again', async () => {
      const [first, second] = await meet(2);
      await change(1, { muted: true });
      await takeOver();
      const { info } = media.msml();
      expect(info.to.tag).toBe(CONTROL_TAG);
      media.audited(info, conferenceId(), [
        { joinwith: first!.connection, dir: 'from' },
        { joinwith: first!.connection, dir: 'to' },
        { joinwith: second!.connection, dir: 'from' },
        { joinwith: second!.connection, dir: 'to' },
      ]);
      expect(answers(['modifystream'])).toMatchObject([
        { id1: second!.connection, streams: [{ gain: { amt: 'mute' } }] },
      ]);
      expect(await typesOfRoom()).toContain('conference.recovered');
      expect(await conferences().commands.createOrGet('room', QUIET)).toMatchObject({ isNew: false });
      media.event(control, 'msml.conf.nomedia', conferenceId());
      expect(media.msml().operations).toMatchObject([{ element: 'audit' }]);
    });

    it('hangs up who was to be hung up when the process died', async () => {
      const [, second] = await meet(2);
      const { callId, id } = guest(1);
      // The conference has stored that its participant is kicked, and dies before the call hears of it.
      Object.assign(guest(1), { state: 'left', leftReason: 'kicked', hungUp: true });
      await conferences().commands.lock(snapshot().id);
      await takeOver();
      second!.peer.inbox.length = 0;
      expect(world.registry.snapshot(callId)).toMatchObject({ state: 'ending' });
      expect(guest(1).id).toBe(id);
    });

    it('goes on calling a participant, and drops who refuses', async () => {
      await meet(1);
      const bob = world.peer('bob', '192.0.2.3', 5060);
      const to = { from: 'sip:room@example.com', to: 'sip:bob@192.0.2.3:5060' };
      await conferences().participants.dial(snapshot().id, to, {});
      await settled();
      media.accept();
      const { via } = bob.request('INVITE');
      await takeOver();
      expect(guest(1)).toMatchObject({ state: 'joining' });
      const again = world.peer('bob', '192.0.2.3', 5060);
      world.clock.advance(500);
      const copy = again.request('INVITE');
      expect(copy.via.branch).toBe(via.branch);
      again.respond(copy, 486);
      await settled();
      expect(guest(1)).toMatchObject({ state: 'left' });
      expect(snapshot().state).toBe('active');
    });
  });

  describe('with a media server that tells of something else', () => {
    it('reads the event that comes with its BYE (RFC 5707 §3.1)', async () => {
      await meet(1);
      media.peer.within(control, 'BYE', {
        type: 'application/msml+xml',
        text: encodeMsml({
          kind: 'event',
          event: { name: 'msml.dialog.exit', id: `${conferenceId()}/dialog:nobody`, values: [] },
        }).toString(),
      });
      expect(conferences().registry.counts().unknownEvents).toBe(1);
    });

    it('counts and logs what nobody waits for, and acknowledges it', async () => {
      await meet(1);
      media.event(control, 'msml.dialog.exit', `${conferenceId()}/dialog:nobody`);
      media.event(control, 'something.new', conferenceId());
      expect(conferences().registry.counts().unknownEvents).toBe(2);
      expect(snapshot().state).toBe('active');
    });
  });
});
