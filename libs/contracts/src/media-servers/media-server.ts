import { z } from 'zod';
import { pageOf } from '../page';

/** `up`: takes new work; `draining`: keeps what it has; `down`: does not answer. */
export const MEDIA_SERVER_STATES = ['up', 'draining', 'down'] as const;

/** How a media server speaks MSML (RFC 5707). */
export const MSML_DIALECTS = ['rfc', 'xms', 'convedia', 'mavenir'] as const;

export const mediaServerSchema = z
  .strictObject({
    id: z.string(),
    uri: z.string(),
    state: z.enum(MEDIA_SERVER_STATES),
    dialect: z.enum(MSML_DIALECTS),
    weight: z.int().min(1).meta({ description: 'Its share of the work, against that of the others.' }),
    capacity: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: 'Connections of a node there at most; null: no limit.' }),
    connections: z.int().min(0).meta({ description: 'Connections that this node has there.' }),
    control: z.boolean().meta({ description: 'Whether a dialog without media to it is open.' }),
  })
  .meta({ description: 'A media server as this node sees it.' });

export const mediaServerPageSchema = pageOf(mediaServerSchema);

const auditedDialog = z.strictObject({
  name: z.string(),
  primitive: z.string().optional(),
  duration_s: z.int().min(0).optional(),
});
const auditedStream = z.strictObject({
  with: z.string().meta({ description: 'What it is joined with.' }),
  media: z.enum(['audio', 'video']),
  direction: z.enum(['from', 'to']).meta({ description: 'Seen from the object.' }),
});
const audited = {
  id: z.string(),
  dialogs: z.array(auditedDialog),
  streams: z.array(auditedStream),
};

/** GET /v1/media-servers/{id}/audit */
export const mediaServerAuditSchema = z
  .strictObject({
    conferences: z.array(z.strictObject(audited)),
    connections: z.array(
      z.strictObject({
        ...audited,
        sip_call_id: z.string().optional().meta({ description: 'Of its dialog.' }),
      }),
    ),
  })
  .meta({ description: 'What a media server has, in its own words (RFC 5707 §10).' });
export type MediaServerAudit = z.infer<typeof mediaServerAuditSchema>;
