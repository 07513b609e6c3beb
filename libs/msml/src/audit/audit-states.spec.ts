import { AUDIT_STATES, auditStates } from './audit-states';

describe('auditStates (§10.1.1)', () => {
  it('knows 16 states of a conference and 17 of a connection', () => {
    expect(AUDIT_STATES.conf).toHaveLength(16);
    expect(AUDIT_STATES.conn).toHaveLength(17);
  });

  it.each([
    [undefined, []],
    ['', []],
    ['audit.conf.confconfig', ['audit.conf.confconfig']],
    ['audit.conf.dialog.*', ['audit.conf.dialog', 'duration', 'primitive', 'controller']],
    [' audit.conf.stream\n  audit.conf.stream ', ['audit.conf.stream']],
    ['audit.conf.confconfig.audiomix.*', ['audit.conf.confconfig.audiomix', 'asn', 'n-loudest']],
  ])('resolves %j', (statelist, expected) => {
    const [first, ...below] = expected;
    expect([...(auditStates('conf', statelist) ?? [])]).toEqual(
      first === undefined ? [] : [first, ...below.map((name) => `${first}.${name}`)],
    );
  });

  it('resolves all states at once', () => {
    expect([...(auditStates('conf', 'audit.conf.*') ?? [])]).toEqual(AUDIT_STATES.conf);
    expect([...(auditStates('conn', 'audit.conn.*') ?? [])]).toEqual(AUDIT_STATES.conn);
  });

  it('takes localURI in any case', () => {
    expect(auditStates('conn', 'audit.conn.sipdialog.localuri')).toEqual(
      new Set(['audit.conn.sipdialog.localURI']),
    );
  });

  it.each([
    'audit.conn.localsdp',
    'audit.conf.*.a',
    'audit.conf.nothing',
    'audit.*',
    '*',
    'conf.dialog',
    'audit.conf.confconfi*',
  ])('refuses %s of a conference', (statelist) => {
    expect(auditStates('conf', statelist)).toBeUndefined();
  });
});
