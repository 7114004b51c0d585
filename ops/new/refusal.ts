/** An error that the user can correct. It is printed without a stack; nothing has been written. */
export class Refusal extends Error {}
