import { GUARDS_METADATA } from '@nestjs/common/constants';
import type { MessageHandler } from '@nestjs/microservices';
import type { SipHandlerExtras } from './sip.decorators';

type Guard = { readonly name: string } | { readonly constructor: { readonly name: string } };

const guardName = (guard: Guard): string => ('name' in guard ? guard.name : guard.constructor.name);

function guardsOf(target: object | undefined): string[] {
  if (!target) return [];
  const guards = Reflect.getMetadata(GUARDS_METADATA, target) as readonly Guard[] | undefined;
  return (guards ?? []).map(guardName);
}

function describe(method: string, extras: Partial<SipHandlerExtras> | undefined): string {
  const { controller, handler } = extras ?? {};
  if (!controller || handler === undefined) return `${method} -> (unnamed)`;
  const callback = (controller.prototype as Record<string, object | undefined>)[handler];
  const guards = [...guardsOf(controller), ...guardsOf(callback)];
  return `${method} -> ${controller.name}.${handler}${guards.length > 0 ? ` [${guards.join(', ')}]` : ''}`;
}

/** One line per method, `INVITE -> InboundCallController.invite [AclGuard]`, in the order of registration. */
export function routingTable(handlers: ReadonlyMap<string, MessageHandler>): string[] {
  return [...handlers].map(([method, handler]) =>
    describe(method, handler.extras as Partial<SipHandlerExtras> | undefined),
  );
}
