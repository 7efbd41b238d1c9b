/** I5: residual counts of responses. */
import { ScsiStatus } from '../../codecs/scsi/index.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';
import { nameOfExchange } from '../seen/exchange.ts';
import type { FrameRole, SeenFrame } from '../seen/frame.ts';

/** I5: the residual count of a response is what is missing of the data asked for. */
export class ResidualIsTrue implements Rule {
  readonly invariant = 'I5';
  readonly sentence = 'The residual count of a response equals what is missing of the data';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = ['frame'];
  readonly roles: readonly FrameRole[] = ['response'];
  readonly #findings = new Findings();
  #count = 0;

  see(frame: SeenFrame): void {
    const exchange = frame.protocol === 'fc' ? frame.exchange : undefined;
    if (exchange === undefined) return;
    const { dataIn, dataOut, dataBytes, residual, gap, midSequence, disturbed } = exchange;
    // A tap that missed frames, or a fault that took some, says nothing about the target.
    if (exchange.status !== ScsiStatus.GOOD || gap || midSequence || disturbed) return;
    if (exchange.state !== 'answered' || exchange.taskManagement !== 0 || dataIn * dataOut > 0)
      return;
    this.#count++;
    const moved = dataIn + dataOut;
    if (moved === dataBytes - Math.max(0, residual)) return;
    const says = residual === 0 ? 'no residual' : `a residual of ${residual}`;
    this.#findings.add(
      `${nameOfExchange(exchange)}: ${moved} of ${dataBytes} bytes were moved, the response tells of ${says}`,
      [exchange.frame, frame.number],
    );
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#count,
      `${this.#count} responses, all true to the data that moved`,
      'no command was seen with all its data',
    );
  }
}
