/** Something that the person at the terminal can mend: it is said in one line, without a stack. */
export class UserError extends Error {}
