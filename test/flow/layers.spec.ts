import { B2bua, CallRegistry, MemoryCallStore } from '@legato/b2bua';
import { silentLog } from '@legato/kernel';
import { SipServer } from '@legato/sip-nest';
import { TransactionLayer, UdpTransport, UsageRunner, UserAgentCore, serialize } from '@legato/sip';
import { buildRequest } from '@legato/testing';
import { createSocket } from 'node:dgram';
import { createCallEngine } from '../../apps/control-plane/src/calls/create-call-engine';
import { readConfig } from '../../apps/control-plane/src/config/config';
import { createControlPlane } from '../../apps/control-plane/src/control-plane';
import { InboundCallController } from '../../apps/control-plane/src/sip/inbound-call.controller';
import { eventually } from '../e2e/support/eventually';
import { audio } from './support/flow-world';

type Method = (...args: unknown[]) => unknown;

/** Notes the passage of the INVITE through `method`, which works as before. */
function watch(passed: string[], layer: string, owner: object, method: string): void {
  const original = (owner as Record<string, Method>)[method];
  if (!original) throw new Error(`${layer} has no ${method}`);
  const spy = jest.spyOn(owner as Record<string, Method>, method);
  spy.mockImplementation(function (this: unknown, ...args) {
    if (passed.at(-1) !== layer) passed.push(layer);
    return original.apply(this, args);
  });
  // Nest reads a handler's routes and guards off the function itself.
  for (const key of Reflect.getMetadataKeys(original) as string[]) {
    Reflect.defineMetadata(
      key,
      Reflect.getMetadata(key, original),
      (owner as Record<string, Method>)[method] as object,
    );
  }
}

describe('the way of an INVITE (docs/architecture.md)', () => {
  const closing: (() => unknown)[] = [];

  afterEach(async () => {
    jest.restoreAllMocks();
    for (const close of closing) await close();
  }, 30_000);

  it('passes each layer once down and once up, in the order of the figure', async () => {
    const callee = createSocket('udp4');
    closing.push(() => callee.close());
    await new Promise<void>((resolve) => callee.bind(0, '127.0.0.1', resolve));
    const invites: string[] = [];
    callee.on('message', (bytes) => invites.push(bytes.toString()));

    const passed: string[] = [];
    watch(passed, 'sip/transaction', TransactionLayer.prototype, 'receiveMessage');
    watch(passed, 'sip/user-agent', UserAgentCore.prototype, 'receiveRequest');
    watch(passed, 'sip-nest', SipServer.prototype, 'receiveRequest');
    watch(passed, 'control-plane controller', InboundCallController.prototype, 'invite');
    watch(passed, 'b2bua', B2bua.prototype, 'receiveInvite');
    watch(passed, 'b2bua mailbox', CallRegistry.prototype, 'post');
    watch(passed, 'store', MemoryCallStore.prototype, 'write');
    watch(passed, 'signalling', UsageRunner.prototype, 'sendRequest');
    watch(passed, 'sip/transaction out', TransactionLayer.prototype, 'sendRequest');
    watch(passed, 'sip/transport out', UdpTransport.prototype, 'send');

    const config = readConfig({
      LEGATO_SIP_PORT: '0',
      LEGATO_HTTP_PORT: '0',
      LEGATO_MEDIA_SERVERS: 'sip:127.0.0.1:9',
    });
    if (!config.ok) throw new Error(config.error.join());
    const to = `sip:bob@127.0.0.1:${callee.address().port}`;
    const routes = [{ number: '1000', to, mode: 'direct' as const }];
    const controlPlane = await createControlPlane({
      config: { ...config.value, routes },
      log: silentLog,
      engine: createCallEngine,
    });
    closing.push(() => controlPlane.stop());
    await controlPlane.start();
    passed.length = 0;

    const caller = createSocket('udp4');
    closing.push(() => caller.close());
    const invite = buildRequest({
      requestUri: `sip:1000@127.0.0.1:${controlPlane.sip.port}`,
      vias: ['SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-layers;rport'],
      body: audio('127.0.0.1', 4000),
    });
    caller.send(serialize(invite), controlPlane.sip.port, '127.0.0.1');
    await eventually('the callee has the INVITE', () => invites.some((text) => text.startsWith('INVITE')));

    expect(passed.slice(0, 10)).toEqual([
      'sip/transaction',
      'sip/user-agent',
      'sip-nest',
      'control-plane controller',
      'b2bua',
      'b2bua mailbox',
      'store',
      'signalling',
      'sip/transaction out',
      'sip/transport out',
    ]);
  }, 30_000);
});
