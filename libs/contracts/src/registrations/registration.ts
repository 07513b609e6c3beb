import { z } from 'zod';
import { pageLimit, pageOf } from '../page';

const time = z.iso.datetime({ precision: 3 });

/** How requests reach a client: along the flow of its REGISTER, through its Path, or as its Contact says. */
export const BINDING_REACHES = ['flow', 'path', 'contact'] as const;

export const bindingSchema = z
  .strictObject({
    contact: z.string().meta({ description: 'The URI of the Contact as registered.' }),
    q: z.number().min(0).max(1).optional().meta({ description: 'Preference; 1 without it.' }),
    registered_at: time,
    expires_at: time,
    reach: z.enum(BINDING_REACHES).meta({ description: 'How calls reach it.' }),
    path: z.array(z.string()).meta({ description: 'Proxies that calls go through, in order (RFC 3327).' }),
    transport: z.string().optional().meta({ description: 'Of the REGISTER.' }),
    source: z.string().optional().meta({ description: 'Where the REGISTER came from, host:port.' }),
    user_agent: z.string().optional(),
    sip_call_id: z.string().meta({ description: 'The Call-ID of the client’s registrations.' }),
  })
  .meta({ description: 'One contact address of a registered user.' });

export const registrationSchema = z
  .strictObject({
    aor: z.string().meta({ description: 'The address-of-record, sip:user@host.' }),
    bindings: z.array(bindingSchema).meta({ description: 'In the order in which a call rings them.' }),
  })
  .meta({ description: 'A registered user (RFC 3261 §10).' });

export const registrationPageSchema = pageOf(registrationSchema);

/** The query of GET /v1/registrations. */
export const listRegistrationsSchema = z.strictObject({
  limit: pageLimit(100, 20),
  cursor: z
    .string()
    .max(512)
    .regex(/^[A-Za-z0-9_-]*$/, 'expected a cursor as an earlier page gave it')
    .optional(),
});
export type ListRegistrations = z.infer<typeof listRegistrationsSchema>;

/** The query of DELETE /v1/registrations/{aor}. */
export const removeRegistrationSchema = z.strictObject({
  contact: z
    .string()
    .max(1024)
    .optional()
    .meta({ description: 'Only the binding of this URI; all of them without it.' }),
});
export type RemoveRegistration = z.infer<typeof removeRegistrationSchema>;

/** What an event of a binding tells. */
export const registrationEventData = {
  aor: z.string(),
  contact: z.string(),
  expires_at: time,
  q: z.number().min(0).max(1).optional(),
  source: z.string().optional(),
  user_agent: z.string().optional(),
};
