import { ForbiddenException, NotFoundException } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { PermissionClaim } from 'latchkey';
import { fakeSession } from 'latchkey/testing';
import { ProjectsController } from './projects.controller.js';
import type { ProjectsService } from './projects.service.js';

function controllerWith(owners: Record<string, string>): ProjectsController {
  const projects: Pick<ProjectsService, 'ownerOf' | 'close'> = {
    ownerOf: async (id) => owners[id],
    close: async (id) => void delete owners[id],
  };
  return new ProjectsController(projects as ProjectsService);
}

const sessionOf = (userId: string, permissions: string[]) =>
  fakeSession({ userId, payload: PermissionClaim.addToPayload({}, permissions, {}) });

it('closes the project of somebody else only with the permission', async () => {
  const owners = { engine: 'ann', loom: 'ann' };
  const controller = controllerWith(owners);
  const bob = sessionOf('bob', ['projects:read', 'projects:write']);
  await expect(controller.close(bob, 'engine')).rejects.toThrow(ForbiddenException);

  await controller.close(sessionOf('ann', ['projects:write']), 'engine');
  await controller.close(sessionOf('carol', ['projects:write', 'projects:close']), 'loom');
  expect(owners).toEqual({});
  await expect(controller.close(bob, 'engine')).rejects.toThrow(NotFoundException);
});
