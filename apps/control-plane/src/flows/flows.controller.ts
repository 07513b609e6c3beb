import { simulateFlow } from '@legato/b2bua';
import type { FlowSimulation } from '@legato/b2bua';
import {
  activateFlowSchema,
  isFlowId,
  listFlowsSchema,
  readFlowSchema,
  simulateFlowSchema,
} from '@legato/contracts';
import type {
  ActivateFlow,
  ErrorCode,
  Flow,
  FlowCheck,
  ListFlows,
  ReadFlow,
  SimulateFlow,
} from '@legato/contracts';
import { answerJsonSchema, checkFlow, flowJsonSchema } from '@legato/flows';
import type { FlowDocument } from '@legato/flows';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import type { PipeTransform } from '@nestjs/common';
import type { Response } from 'express';
import { ProblemException } from '../http/problem.exception';
import { ZodPipe } from '../http/zod.pipe';
import { FLOW_LIBRARY } from '../tokens';
import { FlowDocumentPipe } from './flow-document.pipe';
import type { FlowLibrary, FlowRefusal } from './flow-library';

const CODES = {
  not_found: 'flow_not_found',
  version: 'flow_version_conflict',
  full: 'too_many_flows',
} as const satisfies Readonly<Record<FlowRefusal, ErrorCode>>;

/** Another name can be of no flow, so no store is asked. */
class FlowIdPipe implements PipeTransform<string, string> {
  constructor(private readonly code: ErrorCode) {}

  transform(id: string): string {
    if (isFlowId(id)) return id;
    throw new ProblemException(this.code);
  }
}

const flowId = new FlowIdPipe('flow_not_found');
const newFlowId = new FlowIdPipe('not_found');

/** Resource `flows`. */
@Controller('v1/flows')
export class FlowsController {
  constructor(@Inject(FLOW_LIBRARY) private readonly flows: FlowLibrary) {}

  @Get()
  async list(@Query(new ZodPipe(listFlowsSchema, 'query')) { limit, cursor }: ListFlows): Promise<object> {
    const all = await this.flows.list();
    const rest = cursor === undefined ? all : all.filter(({ id }) => id > cursor);
    const data = rest.slice(0, limit);
    const more = rest.length > limit;
    return { data, next_cursor: more ? (data.at(-1)?.id ?? null) : null, has_more: more };
  }

  @Get('schema.json')
  schema(): object {
    return flowJsonSchema();
  }

  @Get('answer-schema.json')
  answerSchema(): object {
    return answerJsonSchema();
  }

  @Get(':id')
  async read(
    @Param('id', flowId) id: string,
    @Query(new ZodPipe(readFlowSchema, 'query')) { version }: ReadFlow,
  ): Promise<Flow> {
    return this.found(await this.flows.read(id, version));
  }

  @Put(':id')
  async put(
    @Param('id', newFlowId) id: string,
    @Body(new FlowDocumentPipe()) document: FlowDocument,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Flow> {
    const refusals = this.flows.refusals(document);
    if (refusals.length > 0) throw ProblemException.invalidFields(refusals);
    const outcome = await this.flows.put(id, document);
    if (typeof outcome === 'string') throw new ProblemException(CODES[outcome]);
    if (outcome.isNew) response.status(HttpStatus.CREATED).setHeader('Location', `/v1/flows/${id}`);
    return this.found(await this.flows.read(id));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  async remove(@Param('id', flowId) id: string): Promise<void> {
    if (!(await this.flows.remove(id))) throw new ProblemException('flow_not_found');
  }

  @Post(':id/activate')
  @HttpCode(HttpStatus.OK)
  async activate(
    @Param('id', flowId) id: string,
    @Body(new ZodPipe(activateFlowSchema, 'body')) { version }: ActivateFlow,
  ): Promise<Flow> {
    const refusal = await this.flows.activate(id, version);
    if (refusal !== undefined) throw new ProblemException(CODES[refusal]);
    return this.found(await this.flows.read(id));
  }

  @Post(':id/validate')
  @HttpCode(HttpStatus.OK)
  validate(@Param('id', flowId) _id: string, @Body() body: unknown): FlowCheck {
    const checked = checkFlow(body);
    const errors = checked.ok ? this.flows.refusals(checked.value) : [...checked.error];
    return { valid: errors.length === 0, errors };
  }

  @Post(':id/simulate')
  @HttpCode(HttpStatus.OK)
  async simulate(
    @Param('id', flowId) id: string,
    @Body(new ZodPipe(simulateFlowSchema, 'body')) { version, ...script }: SimulateFlow,
  ): Promise<FlowSimulation> {
    const { document } = this.found(await this.flows.read(id, version));
    return simulateFlow(document, script);
  }

  private found(flow: Flow | undefined): Flow {
    if (flow === undefined) throw new ProblemException('flow_not_found');
    return flow;
  }
}
