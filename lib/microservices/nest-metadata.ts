/** The one place that knows the metadata keys of microservices: they are exported, but not promised. */
export { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
