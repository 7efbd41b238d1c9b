/** I25 of sessions in a capture: the frames of a connection stay in its VLAN. */
import { Findings } from '../findings.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';

/** Which VLAN a storage network should be in, nothing announces: a connection has to stay in its own. */
export class VlansOfSessions implements SessionRule {
  readonly invariant = 'I25';
  readonly sentence = 'The frames of a connection between two MAC addresses are all in one VLAN';
  readonly #findings = new Findings();
  #ways = 0;

  hear(told: SessionEvidence): void {
    if (told.type === 'stray') this.#findings.add(told.what, [told.frame]);
    else if (told.type === 'checked' && told.kind === 'vlan') this.#ways += told.count;
  }

  conclude(): Conclusion | undefined {
    if (this.#ways === 0) return undefined;
    return this.#findings.conclude(
      `${this.#ways} directions of connections whose frames have VLAN tags, each in one VLAN`,
    );
  }
}
