/** The use cases of identity, and what they are made of. */
import { ContainerModule } from 'inversify';
import { CreateUser } from '#application/identity/create-user.ts';
import { EnsureFirstAdmin } from '#application/identity/ensure-first-admin.ts';
import { Identify } from '#application/identity/identify.ts';
import { Principals } from '#application/identity/principals.ts';
import { ReadMe } from '#application/identity/read-me.ts';
import { SignIn } from '#application/identity/sign-in.ts';
import { SignOut } from '#application/identity/sign-out.ts';
import { Audit } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, ids, unitOfWork, users, roles, passwordHashes, hasher, secrets, sessions, sessionLimits, cache } =
  tokens;
const audit = Audit;

export const identityModule = new ContainerModule(({ bind }) => {
  wire(bind, Principals, { users, roles, cache });
  wire(bind, Identify, { sessions, secrets, principals: Principals, clock, limits: sessionLimits });
  wire(bind, SignIn, {
    users,
    unitOfWork,
    passwordHashes,
    hasher,
    sessions,
    secrets,
    clock,
    ids,
    limits: sessionLimits,
  });
  wire(bind, SignOut, { sessions, secrets });
  wire(bind, ReadMe, { principals: Principals, sessions, secrets, clock });
  wire(bind, CreateUser, { unitOfWork, hasher, audit, clock, ids });
  wire(bind, EnsureFirstAdmin, { unitOfWork, hasher, secrets, audit, clock, ids });
});
