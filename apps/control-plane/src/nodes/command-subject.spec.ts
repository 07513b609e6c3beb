import { callId } from '../../test/fake-call-control';
import { conferenceId } from '../../test/fake-conference-commands';
import { commandSubject } from './command-subject';

const CALL = callId(1);
const ROOM = conferenceId(1);
const RECORDING = `rec_${CALL.slice('call_'.length)}`;

describe('what a request is for that one node has', () => {
  it.each([
    ['POST', `/v1/calls/${CALL}/hangup`, { kind: 'owned', id: CALL }],
    ['DELETE', `/v1/calls/${CALL}/plays/x`, { kind: 'owned', id: CALL }],
    ['POST', `/v1/conferences/${ROOM}/participants`, { kind: 'owned', id: ROOM }],
    ['PATCH', `/v1/conferences/${ROOM}/participants/x`, { kind: 'owned', id: ROOM }],
    ['POST', `/v1/recordings/${RECORDING}/stop`, { kind: 'recording', id: RECORDING }],
    ['GET', `/v1/calls/${CALL}/collects/x`, { kind: 'owned', id: CALL }],
  ])('%s %s is for its call, conference or recording', (method, path, subject) => {
    expect(commandSubject({ method, path })).toEqual(subject);
  });

  it('a name is one of a conference', () => {
    const named = { method: 'POST', path: '/v1/conferences', body: { name: 'room' } };
    expect(commandSubject(named)).toEqual({ kind: 'conference name', name: 'room' });
    for (const body of [undefined, [], {}, { name: 7 }])
      expect(commandSubject({ ...named, body })).toBeUndefined();
  });

  it.each([
    ['GET', `/v1/calls/${CALL}`],
    ['GET', `/v1/calls/${CALL}/collects`],
    ['GET', '/v1/conferences'],
    ['POST', '/v1/calls'],
    ['POST', '/v1/calls/call_1/hangup'],
    ['POST', `//evil.example/v1/calls/${CALL}/hangup`],
    ['DELETE', `/v1/recordings/${RECORDING}`],
    ['GET', `/v1/recordings/${RECORDING}/media`],
    ['POST', '/v1/webhooks'],
  ])('%s %s can be answered by any node', (method, path) => {
    expect(commandSubject({ method, path })).toBeUndefined();
  });
});
