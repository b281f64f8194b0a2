import type { Provider } from '@nestjs/common';
import { transportClassOf, type SessionTransport, type TransportOption } from './http/session-transport.js';
import { Transports } from './http/transports.js';

/** @param options `transports` of `AuthModule.forRoot` */
export function transportProviders(options: readonly TransportOption[]): Provider[] {
  const classes = options.map(transportClassOf);
  const brought = options.flatMap((option) => (typeof option === 'function' ? [] : option.providers));
  return [
    ...classes,
    ...brought,
    {
      provide: Transports,
      inject: classes,
      useFactory: (...transports: SessionTransport[]) => new Transports(transports),
    },
  ];
}
