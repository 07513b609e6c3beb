import { listRegistrationsSchema, removeRegistrationSchema } from '@legato/contracts';
import type { ListRegistrations, RemoveRegistration } from '@legato/contracts';
import { parseAddressOfRecord } from '@legato/sip';
import type { Binding } from '@legato/sip';
import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { Registrar } from './registrar';
import { sourceOf } from './registration-events';

/** The canonical form of an address-of-record; what is none names nobody. */
class AorPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    const aor = parseAddressOfRecord(text);
    if (aor === undefined) throw new ProblemException('registration_not_found');
    return aor;
  }
}

const toCursor = (aor: string): string => Buffer.from(aor).toString('base64url');
const fromCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();
const iso = (epochMs: number): string => new Date(epochMs).toISOString();

function bindingDocument(binding: Binding): Record<string, unknown> {
  const { contact, q, registeredAt, expiresAt, reach, path, flow, userAgent, sipCallId } = binding;
  return {
    contact,
    q,
    registered_at: iso(registeredAt),
    expires_at: iso(expiresAt),
    reach,
    path,
    transport: flow?.protocol,
    source: flow && sourceOf(flow),
    user_agent: userAgent,
    sip_call_id: sipCallId,
  };
}

const document = (aor: string, bindings: readonly Binding[]) => ({
  aor,
  bindings: bindings.map(bindingDocument),
});

/** Resource `registrations`. */
@Controller('v1/registrations')
export class RegistrationsController {
  constructor(private readonly registrar: Registrar) {}

  @Get()
  async list(
    @Query(new ZodPipe(listRegistrationsSchema, 'query')) query: ListRegistrations,
  ): Promise<object> {
    const { limit, cursor = '' } = query;
    const page = await this.registrar.list({
      limit,
      ...(cursor === '' ? {} : { after: fromCursor(cursor) }),
    });
    const { registrations, next } = page;
    return {
      data: registrations.map(({ aor, bindings }) => document(aor, bindings)),
      next_cursor: next === undefined ? null : toCursor(next),
      has_more: next !== undefined,
    };
  }

  @Get(':aor')
  async read(@Param('aor', new AorPipe()) aor: string): Promise<object> {
    const bindings = await this.registrar.bindingsOf(aor);
    if (bindings.length === 0) throw new ProblemException('registration_not_found');
    return document(aor, bindings);
  }

  @Delete(':aor')
  @HttpCode(204)
  async remove(
    @Param('aor', new AorPipe()) aor: string,
    @Query(new ZodPipe(removeRegistrationSchema, 'query')) { contact }: RemoveRegistration,
  ): Promise<void> {
    if (!(await this.registrar.remove(aor, contact))) throw new ProblemException('registration_not_found');
  }
}
