import { silentLog } from '@legato/kernel';
import { FakeClock, FakeMediaEngine } from '@legato/testing';
import { ControlHarness, RecordedController } from '../../../spec/control-harness';

describe('audit (§10)', () => {
  let clock: FakeClock;
  let server: ControlHarness<FakeMediaEngine>;

  beforeEach(async () => {
    clock = new FakeClock();
    server = new ControlHarness({ media: new FakeMediaEngine(), clock, log: silentLog });
    await server.connect('a');
    await server.connect('b');
    const creator = new RecordedController('conn:a');
    server.request(
      '<createconference name="x" deletewhen="never" term="false"><audiomix id="m"/></createconference>',
      creator,
    );
    server.request(
      '<join id1="conn:a" id2="conf:x"><stream media="audio" dir="from-id1"><gain amt="mute"/></stream></join>',
    );
  });

  afterEach(() => server.close());

  const audit = (queryid: string, statelist = '') =>
    server.request(`<audit queryid="${queryid}"${statelist && ` statelist="${statelist}"`}/>`);

  it('names each object of a wildcard, and no more than it is asked for', () => {
    expect(audit('conn:*').auditResults).toEqual([{ targetid: 'conn:a' }, { targetid: 'conn:b' }]);
    expect(audit('conf:x').auditResults).toEqual([{ targetid: 'conf:x' }]);
  });

  it('has no result for what is not there', () => {
    expect(audit('conn:z')).toMatchObject({ response: '200' });
    expect(audit('conn:z').auditResults).toBeUndefined();
  });

  it('refuses states of the other class of objects (§10.1.1)', () => {
    expect(audit('conn:a', 'audit.conf.confconfig').response).toBe('410');
  });

  it('tells how a conference is set up', () => {
    expect(audit('conf:x', 'audit.conf.confconfig.*').auditResults).toEqual([
      {
        targetid: 'conf:x',
        confconfig: { deletewhen: 'never', term: false, audiomix: { id: 'm' }, controller: 'conn:a' },
      },
    ]);
  });

  it('tells its dialogs: what they do, for how long and for whom', () => {
    server.dialog(
      'conf:x',
      '<record dest="file://r.wav" format="audio/wav" maxtime="60s"/>',
      new RecordedController('conn:b'),
    );
    clock.advance(61_500);
    expect(audit('conf:x', 'audit.conf.dialog.*').auditResults?.[0]?.dialog).toEqual([
      { name: 'd', type: 'application/moml+xml', duration: '61', primitive: 'record', controller: 'conn:b' },
    ]);
  });

  it('tells streams from the point of view of the object', () => {
    expect(audit('conf:x', 'audit.conf.stream audit.conf.stream.gain').auditResults?.[0]?.stream).toEqual([
      { joinwith: 'conn:a', media: 'audio', dir: 'to', gain: { amt: 'mute' } },
    ]);
    expect(audit('conn:a', 'audit.conn.stream').auditResults?.[0]?.stream).toEqual([
      { joinwith: 'conf:x', media: 'audio', dir: 'from' },
    ]);
  });

  it('tells the SIP dialog and the session descriptions of a connection', () => {
    expect(
      audit('conn:a', 'audit.conn.sipdialog audit.conn.sipdialog.localseq audit.conn.localsdp').auditResults,
    ).toEqual([
      {
        targetid: 'conn:a',
        sipdialog: { callid: 'call@as', localtag: 'a', remotetag: 'as', localseq: '1' },
        localsdp: 'v=0',
      },
    ]);
  });
});
