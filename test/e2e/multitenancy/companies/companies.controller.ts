import { Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { MultitenancyFunctions, Session } from 'latchkey';

/** For those who run the application: nobody else is given the role. */
@Controller('public/companies')
@Session({ roles: ['operator'], checkDatabase: true })
export class CompaniesController {
  constructor(private readonly tenants: MultitenancyFunctions) {}

  @Get()
  async list() {
    const { tenants } = await this.tenants.listAllTenants();
    return tenants.map(({ tenantId, firstFactors }) => ({ tenantId, firstFactors }));
  }

  @Put(':company')
  add(@Param('company') tenantId: string) {
    return this.tenants.createOrUpdateTenant({ tenantId, config: { firstFactors: ['emailpassword'] } });
  }

  @Delete(':company')
  remove(@Param('company') tenantId: string) {
    return this.tenants.deleteTenant({ tenantId });
  }

  @Put(':company/members/:recipeUserId')
  addMember(@Param('company') tenantId: string, @Param('recipeUserId') recipeUserId: string) {
    return this.tenants.associateUserToTenant({ tenantId, recipeUserId });
  }
}
