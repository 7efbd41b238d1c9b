/** Test kit: generators of messages from their field tables, and the machine contract as checks. */
export * from './arbitrary.ts';
export * from './machine-contract.ts';
