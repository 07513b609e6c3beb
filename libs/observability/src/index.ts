export type { JsonLog, LoggerOptions, LogLevel } from './logger';
export { createLogger, LOG_LEVELS } from './logger';
export type { Counter, Histogram, MetricDescription, Registry } from './metrics';
export { counterIn, createMetricsRegistry, durationsIn, gaugeIn, totalsIn } from './metrics';
export { NestLog } from './nest-log';
export { MAX_VALUE_CHARACTERS, scrubFields, scrubText } from './scrub';
