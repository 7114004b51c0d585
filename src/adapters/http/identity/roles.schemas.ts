/** How roles and permissions are named in requests, and how roles look to clients. */
import { z } from 'zod';
import { identityErrors } from '#domain/identity/errors.ts';
import { PERMISSIONS, type Permission, type Role } from '#domain/identity/permissions.ts';
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

export const roleSchema = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    builtin: z.boolean(),
    permissions: z.array(z.string()),
  })
  .meta({ id: 'Role' });

export function toRoleJson({ name, description, builtin, permissions }: Role): z.input<typeof roleSchema> {
  return { name, description, builtin, permissions: [...permissions] };
}
