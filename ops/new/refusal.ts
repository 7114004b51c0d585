/** What whoever asked can mend: it is said without a stack, and nothing has been written. */
export class Refusal extends Error {}
