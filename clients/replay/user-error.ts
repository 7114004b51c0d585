/** An error that the user can correct; it is printed in one line, without a stack. */
export class UserError extends Error {}
