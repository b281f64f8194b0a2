import { Inject, Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { BadInputError } from '../../../core/auth.error.js';
import { PUBLIC_TENANT_ID } from '../../../core/core.js';
import type { ThirdPartyConfig } from '../../../core/third-party.core.js';
import { type ThirdPartyRecipeConfig, THIRD_PARTY_CONFIG } from '../third-party.options.js';
import { builtInProvider } from './built-in-providers.js';
import { Provider } from './provider.js';
import type { ProviderConfig, ProviderConfigForClientType, TypeProvider } from './provider.types.js';
import { builtInRedirect, mergeConfigs, resolveConfig, selectClient } from './resolve-config.js';
import { TypeProviderAdapter } from './type-provider.adapter.js';

interface ProviderSelection {
  tenantId: string;
  clientType?: string;
  /** What the core keeps for the tenant. */
  fromCore: ThirdPartyConfig[];
}

/** What a tenant offers, before one of its clients is chosen. */
interface OfferedProvider {
  config: ProviderConfig;
  useClass?: Type<Provider>;
  typeProvider?: TypeProvider;
}

/** Makes providers of what the application and the core have configured. */
@Injectable()
export class Providers {
  @Inject(THIRD_PARTY_CONFIG) private readonly configuration!: ThirdPartyRecipeConfig;
  @Inject(ModuleRef) private readonly moduleRef!: ModuleRef;

  /**
   * @returns undefined where the tenant has no provider of that id
   * @throws {BadInputError} it has none for that `clientType`
   */
  async find({
    thirdPartyId,
    ...selection
  }: ProviderSelection & { thirdPartyId: string }): Promise<Provider | undefined> {
    const offered = this.offered(selection).find(({ config }) => config.thirdPartyId === thirdPartyId);
    if (offered === undefined) return undefined;
    const provider = await this.create(offered, selection.clientType);
    if (provider !== undefined) return provider;
    throw new BadInputError(
      selection.clientType === undefined
        ? `The provider ${thirdPartyId} has several clients. Send clientType`
        : `The provider ${thirdPartyId} has no client of the type ${selection.clientType}`,
    );
  }

  /** Those that have a client of that type. */
  async list(selection: ProviderSelection): Promise<Provider[]> {
    const providers = await Promise.all(this.offered(selection).map((each) => this.create(each, selection.clientType)));
    return providers.filter((provider) => provider !== undefined);
  }

  /** A tenant with providers of its own has those; the application's are for the public tenant unless they say more. */
  private offered({ tenantId, fromCore }: ProviderSelection): OfferedProvider[] {
    const { providers } = this.configuration;
    if (fromCore.length === 0) {
      return providers
        .filter((input) => tenantId === PUBLIC_TENANT_ID || input.includeInNonPublicTenantsByDefault === true)
        .map(({ config, useClass, typeProvider }) => ({ config, useClass, typeProvider }));
    }
    return fromCore.map((config) => {
      const input = providers.find((each) => each.config.thirdPartyId === config.thirdPartyId);
      if (input === undefined) return { config };
      return { ...input, config: mergeConfigs(input.config, config) };
    });
  }

  /** @returns undefined where it has no client of that type */
  private async create(
    { config, useClass, typeProvider }: OfferedProvider,
    clientType: string | undefined,
  ): Promise<Provider | undefined> {
    if (typeProvider !== undefined) {
      const adapter = await this.moduleRef.create(TypeProviderAdapter);
      adapter.source = typeProvider;
      return Object.assign(adapter, { config: config as ProviderConfigForClientType });
    }
    const client = selectClient(config.clients, clientType);
    if (client === undefined) return undefined;
    const provider = await this.moduleRef.create(
      useClass ?? builtInProvider(config.thirdPartyId)?.useClass ?? Provider,
    );
    provider.config = resolveConfig(config, client);
    provider.builtInRedirect = builtInRedirect(provider.config);
    return provider;
  }
}
