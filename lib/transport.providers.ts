import type { Provider } from '@nestjs/common';
import { transportClassOf, type SessionTransport, type TransportOption } from './http/session-transport.js';
import { Transports } from './http/transports.js';

const REGISTERED_TRANSPORTS = Symbol('latchkey.transports');

/** @param options `transports` of `AuthModule.forRoot` */
export function transportProviders(options: readonly TransportOption[]): Provider[] {
  const classes = options.map(transportClassOf);
  const brought = options.flatMap((option) => (typeof option === 'function' ? [] : option.providers));
  return [
    ...classes,
    ...brought,
    Transports,
    {
      provide: REGISTERED_TRANSPORTS,
      inject: [Transports, ...classes],
      useFactory: (registry: Transports, ...transports: SessionTransport[]) => {
        registry.register(transports);
        return transports;
      },
    },
  ];
}
