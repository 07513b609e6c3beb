import type { Operation } from '../openapi/operation';
import { page, READ } from '../openapi/operation';
import { listCdrsSchema } from './cdr';

export const CDR_OPERATIONS: readonly Operation[] = [
  {
    id: 'listCdrs',
    method: 'get',
    path: '/v1/cdrs',
    tag: 'cdrs',
    summary: 'Reads the call detail records on from a cursor, in the order in which calls ended',
    query: listCdrsSchema,
    responses: page('CdrPage'),
    problems: [...READ, 'invalid_fields'],
  },
];
