import { Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { Session, UserRolesFunctions } from 'latchkey';

@Controller('staff/:role')
@Session({ permissions: ['staff:manage'], checkDatabase: true })
export class StaffController {
  constructor(private readonly userRoles: UserRolesFunctions) {}

  @Get()
  list(@Param('role') role: string, @Session('tenantId') tenantId: string, @Query('page') paginationToken?: string) {
    return this.userRoles.getUsersThatHaveRole({ role, tenantId, limit: 50, paginationToken });
  }

  @Put(':userId')
  give(@Param('role') role: string, @Param('userId') userId: string, @Session('tenantId') tenantId: string) {
    return this.userRoles.addRoleToUser({ userId, role, tenantId });
  }

  @Delete(':userId')
  take(@Param('role') role: string, @Param('userId') userId: string, @Session('tenantId') tenantId: string) {
    return this.userRoles.removeUserRole({ userId, role, tenantId });
  }
}
