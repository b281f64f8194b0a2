import type { InjectionToken } from '@nestjs/common';
import { OPTIONAL_PROPERTY_DEPS_METADATA, PROPERTY_DEPS_METADATA } from '../http/nest-metadata.js';

interface InjectedProperty {
  key: string | symbol;
  type: InjectionToken;
}

/** The properties of a class that `@Inject` fills, those it inherits included and `@Optional` ones left out. */
export function injectedProperties(target: Function): InjectedProperty[] {
  const properties = (Reflect.getMetadata(PROPERTY_DEPS_METADATA, target) ?? []) as InjectedProperty[];
  const optional = (Reflect.getMetadata(OPTIONAL_PROPERTY_DEPS_METADATA, target) ?? []) as (string | symbol)[];
  return properties.filter(({ key }) => !optional.includes(key));
}
