import type { Operation } from '../openapi/operation';
import { IDEMPOTENCY, ok, one, page, READ, WRITE } from '../openapi/operation';
import { listFlowsSchema, readFlowSchema } from './flow';

/** A PUT says what is to be: there is nothing to be told apart by a key. */
const PUT = WRITE.filter((code) => !code.startsWith('idempotency'));

/** Resource `flows`. */
export const FLOW_OPERATIONS: readonly Operation[] = [
  {
    id: 'listFlows',
    method: 'get',
    path: '/v1/flows',
    tag: 'flows',
    summary: 'Lists flows, in the order of their ids',
    query: listFlowsSchema,
    responses: page('FlowPage'),
    problems: [...READ, 'invalid_fields'],
  },
  {
    id: 'getFlowSchema',
    method: 'get',
    path: '/v1/flows/schema.json',
    tag: 'flows',
    summary: 'The JSON Schema of flow documents',
    responses: { 200: { description: 'JSON Schema 2020-12.', media: 'application/json' } },
    problems: ['unauthorized'],
  },
  {
    id: 'getFlow',
    method: 'get',
    path: '/v1/flows/{id}',
    tag: 'flows',
    summary: 'Reads a flow with the document of one version',
    query: readFlowSchema,
    responses: one('Flow'),
    problems: [...READ, 'invalid_fields', 'flow_not_found'],
  },
  {
    id: 'putFlow',
    method: 'put',
    path: '/v1/flows/{id}',
    tag: 'flows',
    summary: 'Stores a document as the next version of a flow; calls get it when it is activated',
    body: 'FlowDocument',
    responses: {
      ...ok('Flow', 'The flow; a document that is the latest already makes no version.'),
      201: { schema: 'Flow', description: 'The flow is new.' },
    },
    problems: [...PUT, 'not_found', 'flow_version_conflict', 'too_many_flows'],
  },
  {
    id: 'removeFlow',
    method: 'delete',
    path: '/v1/flows/{id}',
    tag: 'flows',
    summary: 'Removes a flow; calls that are in it go on while their node lives',
    responses: { 204: { description: 'There is no such flow any more.' } },
    problems: [...READ, 'flow_not_found'],
  },
  {
    id: 'activateFlow',
    method: 'post',
    path: '/v1/flows/{id}/activate',
    tag: 'flows',
    summary: 'Gives new calls a version of the flow',
    body: 'ActivateFlow',
    bodyOptional: true,
    headers: IDEMPOTENCY,
    responses: one('Flow'),
    problems: [...WRITE, 'flow_not_found', 'flow_version_conflict'],
  },
  {
    id: 'simulateFlow',
    method: 'post',
    path: '/v1/flows/{id}/simulate',
    tag: 'flows',
    summary: 'Goes through a flow without a call',
    body: 'SimulateFlow',
    bodyOptional: true,
    headers: IDEMPOTENCY,
    responses: ok('FlowSimulation', 'Each step with its MSML and its outcome.'),
    problems: [...WRITE, 'flow_not_found'],
  },
  {
    id: 'validateFlow',
    method: 'post',
    path: '/v1/flows/{id}/validate',
    tag: 'flows',
    summary: 'Says what is wrong with a document, without storing it',
    body: 'FlowDocument',
    headers: IDEMPOTENCY,
    responses: ok('FlowCheck', 'Whether it is valid, and what is wrong.'),
    problems: [...WRITE, 'flow_not_found'],
  },
];
