/** A step that a host, a switch or a LAN refused or did not answer. Caught by the transaction, which rolls back. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}
