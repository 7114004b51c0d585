/** What requests about roles hold. */
import { z } from 'zod';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS, type Permission } from '#domain/identity/permissions.ts';
import type { PathParameter } from '../declaration/route.ts';

/** The form of every role's name. */
export const newRoleName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, "_" and "-", a letter first');

export const roleName: PathParameter<string> = {
  schema: newRoleName,
  missing: identityErrors.roleNotFound,
  description: 'Name of a role.',
};

export const permission = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]]);

export const permissionName: PathParameter<Permission> = {
  schema: permission,
  missing: identityErrors.permissionNotFound,
  description: 'Name of a permission.',
};
