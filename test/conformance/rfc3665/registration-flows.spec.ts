import type { SipResponse } from '@legato/sip';
import { FlowPage } from '../../flow/support/flow-page';
import { RegistrarNode } from '../../flow/support/registrar-node';

const PHONE = '<sips:bob@client.biloxi.example.com>';
const MAIL = 'mailto:bob@biloxi.example.com';
const HOUR_S = 3600;

describe('RFC 3665 §2, registration', () => {
  let node: RegistrarNode;
  let page: FlowPage;

  beforeEach(async () => {
    node = await RegistrarNode.start();
    page = new FlowPage({
      participants: { [node.client]: 'Bob', '192.0.2.1:5061': 'Legato' },
      madeBy: 'test/conformance/rfc3665/registration-flows.spec.ts',
    });
  });

  afterEach(() => node.stop());

  async function send(...what: Parameters<RegistrarNode['request']>): Promise<SipResponse> {
    const request = node.request(...what);
    page.record(node.client, '192.0.2.1:5061', request, 0);
    const response = await node.send(request);
    page.record('192.0.2.1:5061', node.client, response, 0);
    return response;
  }

  /** Bob has registered before, and his client knows a nonce: what follows is the flow. */
  async function registered(): Promise<readonly (readonly [string, string])[]> {
    const challenge = await node.send(node.request([PHONE]));
    const first = await node.send(node.request([PHONE], node.answer(challenge)));
    expect(first.status).toBe(200);
    return node.answer(await node.send(node.request([])));
  }

  const contacts = ({ headers }: SipResponse) => headers.getAll('Contact');

  it('2.1 successful new registration: 401 with a challenge, then 200 with the contact for an hour', async () => {
    const challenge = await send([PHONE]);
    expect(challenge.status).toBe(401);
    expect(challenge.headers.get('WWW-Authenticate')).toContain('Digest realm="atlanta.example.com"');
    const answer = await send([PHONE], node.answer(challenge));
    expect(answer.status).toBe(200);
    expect(answer.to.tag).toBeDefined();
    expect(contacts(answer)).toEqual([`${PHONE};expires=${HOUR_S}`]);
    page.check(
      'rfc3665/2.1',
      'RFC 3665 §2.1: a new registration',
      'Bob registers; he is asked who he is first.',
    );
  });

  it('2.2 update of the contact list: the new contact stands beside the old one', async () => {
    const answer = await send([MAIL], await registered());
    expect(answer.status).toBe(200);
    expect(contacts(answer)).toEqual([
      `${PHONE};expires=${HOUR_S}`,
      expect.stringMatching(/^<mailto:bob@biloxi.example.com>;expires=\d+$/),
    ]);
    page.check(
      'rfc3665/2.2',
      'RFC 3665 §2.2: an update of the contact list',
      'Bob adds an address for mail to where his phone is. His client knows a nonce, so that it is not asked.',
    );
  });

  it('2.3 request for the current contact list: a REGISTER without Contact changes nothing', async () => {
    const answer = await send([], await registered());
    expect(answer.status).toBe(200);
    expect(contacts(answer)).toEqual([`${PHONE};expires=${HOUR_S}`]);
    page.check(
      'rfc3665/2.3',
      'RFC 3665 §2.3: a request for the contact list',
      'Bob asks where he is registered: his REGISTER has no Contact.',
    );
  });

  it('2.4 cancellation of the registration: every contact is gone', async () => {
    const answer = await send(['*'], [['Expires', '0'], ...(await registered())]);
    expect(answer.status).toBe(200);
    expect(contacts(answer)).toEqual([]);
    page.check(
      'rfc3665/2.4',
      'RFC 3665 §2.4: a registration is cancelled',
      'Bob takes all of his contacts back at once.',
    );
  });

  it('2.5 unsuccessful registration: 401 again, with a new nonce, after a wrong password', async () => {
    const challenge = await send([PHONE]);
    const refusal = await send([PHONE], node.answer(challenge, 'wrong'));
    expect([challenge.status, refusal.status]).toEqual([401, 401]);
    const nonces = [challenge, refusal].map(({ headers }) => headers.get('WWW-Authenticate'));
    expect(new Set(nonces).size).toBe(2);
    expect(contacts(await node.send(node.request([], await registered())))).toHaveLength(1);
    page.check(
      'rfc3665/2.5',
      'RFC 3665 §2.5: an unsuccessful registration',
      'Bob has forgotten his password: he is asked again, and nothing is registered.',
    );
  });
});
