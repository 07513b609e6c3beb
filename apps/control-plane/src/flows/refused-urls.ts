import type { FlowDocument, FlowError } from '@legato/flows';

/** What is wrong with a URL that applications are to be asked at, or undefined. */
export type JudgeUrl = (url: string) => string | undefined;

/** The steps that ask applications, whose addresses are refused as they are written; names are checked when they are resolved. */
export const refusedUrls = ({ steps }: FlowDocument, judge: JudgeUrl): FlowError[] =>
  Object.entries(steps).flatMap(([name, step]) => {
    const asks = step.type === 'webhook' || step.type === 'redirect';
    const detail = asks ? judge(step.url) : undefined;
    return detail === undefined ? [] : [{ pointer: `/steps/${name}/url`, detail }];
  });
