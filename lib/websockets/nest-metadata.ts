/** The one place that knows the metadata keys of gateways: they are exported, but not promised. */
export { GATEWAY_METADATA, GATEWAY_OPTIONS, MESSAGE_METADATA, PORT_METADATA } from '@nestjs/websockets/constants.js';
