/** I6, I7, I8, I9 and I11: what a block holds, in the light of who wrote it and who was told. */
import type { StampReading } from '../../codecs/stamp/index.ts';
import { Findings } from '../findings.ts';
import { describeValue, type Finding, type IoLedger, stampValue } from '../ledger/io-ledger.ts';
import type { Applied, Observation, ObservationKind } from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FrameIndex } from '../seen/frame-index.ts';

const blockName = (lu: string, lba: number): string => `LBA ${lba} of ${lu.slice(-8)}`;

function describeFinding({ anomaly, lu, lba }: Finding, verb: string): string {
  const { value, newer, kind } = anomaly;
  const why = kind === 'unwritten' ? 'which was not to be found there any more' : 'after it';
  return `${blockName(lu, lba)} ${verb} ${describeValue(value)}, ${why}; ${describeValue(newer)} had been written`;
}

/** I6: after GOOD, the medium holds the write or something newer. */
export class NoLostWrite implements InvariantObserver {
  readonly invariant = 'I6';
  readonly sentence = 'No acknowledged write is lost';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete', 'final'];
  readonly hears: readonly ObservationKind[] = ['final'];
  readonly findings = new Findings();
  #checked = 0;

  observe(): void {
    this.#checked++;
  }

  conclude() {
    return this.findings.conclude(`${this.#checked} blocks read back from the medium`);
  }
}

/** I8: a read never returns what was overwritten before it was asked for. */
export class NoStaleRead implements InvariantObserver {
  readonly invariant = 'I8';
  readonly sentence = 'No read returns older data than was acknowledged before it began';
  readonly needs: readonly ObservationKind[] = ['submit', 'complete'];
  readonly hears: readonly ObservationKind[] = ['complete'];
  readonly findings = new Findings();
  #blocks = 0;

  observe(one: Observation): void {
    if (one.kind === 'complete') this.#blocks += one.readings?.length ?? 0;
  }

  conclude() {
    return this.findings.concludeOf(
      this.#blocks,
      `${this.#blocks} blocks read, none older than allowed`,
      'no guest read anything',
    );
  }
}

/** Brings what the history of the blocks shows to the invariant that it breaks. */
export function routeFindings(ledger: IoLedger, lost: NoLostWrite, stale: NoStaleRead): void {
  ledger.onFinding = (finding) => {
    const { read, write, newerWrite } = finding.anomaly;
    const frames = ledger.framesOf([newerWrite, write, read]);
    if (finding.final) lost.findings.add(describeFinding(finding, 'holds'), frames);
    else stale.findings.add(describeFinding(finding, 'was read as'), frames);
  };
}

/** I7: nothing reaches the medium after it has been given up, overtaken, or its login has ended. */
export class NoGhostWrite implements InvariantObserver {
  readonly invariant = 'I7';
  readonly sentence =
    'No write reaches the medium after its end was reported, or after its login has ended';
  readonly needs: readonly ObservationKind[] = ['apply', 'complete', 'nexus'];
  readonly hears: readonly ObservationKind[] = ['apply', 'nexus', 'disturbance'];
  readonly #ledger: IoLedger;
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  readonly #nexuses = new Map<string, { epoch: number; live: boolean }>();
  #count = 0;

  constructor(ledger: IoLedger, index: FrameIndex) {
    this.#ledger = ledger;
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind === 'nexus') {
      const { wwpn, port, epoch } = one.nexus;
      this.#nexuses.set(`${wwpn} ${port}`, { epoch, live: one.state === 'began' });
    } else if (one.kind === 'apply') this.#apply(one);
    else if (one.kind === 'disturbance' && one.what === 'crashed' && one.role === 'array') {
      // Its new life counts logins anew.
      this.#nexuses.clear();
    }
  }

  #apply(one: Applied): void {
    this.#count++;
    const { nexus, oxId, fabric } = one;
    const login = this.#nexuses.get(`${nexus.wwpn} ${nexus.port}`);
    if (login !== undefined && (login.epoch > nexus.epoch || !login.live)) {
      this.#add(
        one,
        `a write at LBA ${one.lba} was applied after its login (epoch ${nexus.epoch}) had ended`,
      );
    }
    const carried = this.#ledger.carriedBy(fabric, nexus.sId, oxId);
    let told = 0;
    for (const [i, reading] of one.readings.entries()) {
      if (reading.found !== 'stamp') continue;
      const value = stampValue(reading);
      if (value === told) continue;
      told = value;
      const writing = this.#ledger.writing(value);
      const where = `${blockName(one.lu, one.lba + i)}: ${describeValue(value)}`;
      if (writing === undefined) {
        if (this.#ledger.wasBegun(reading))
          this.#add(one, `${where} was applied after the guest had been told that it had ended`);
      } else if (carried?.record === writing) {
        if (carried.attempt < writing.appliedAttempt) {
          this.#add(one, `${where} was applied by an attempt that a later one had overtaken`);
        }
        writing.appliedAttempt = Math.max(writing.appliedAttempt, carried.attempt);
      }
    }
  }

  #add(one: Applied, text: string): void {
    // The late write, and those that the block held when it came.
    this.#findings.add(text, [
      ...this.#index.framesOf(one.fabric, one.nexus.sId, one.oxId),
      ...this.#ledger.framesOfBlock(one.lu, one.lba),
    ]);
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} writes reached the medium, each in its time`);
  }
}

/** I9: a command's data comes from one exchange, and a block holds the data of one command. */
export class NoTornWrite implements InvariantObserver {
  readonly invariant = 'I9';
  readonly sentence = 'No write is torn or mixed with the data of another';
  readonly needs: readonly ObservationKind[] = ['apply', 'sent'];
  readonly hears: readonly ObservationKind[] = ['apply', 'complete', 'final'];
  readonly #ledger: IoLedger;
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  #count = 0;

  constructor(ledger: IoLedger, index: FrameIndex) {
    this.#ledger = ledger;
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind === 'apply') this.#apply(one);
    else if (one.kind === 'complete' && one.readings !== undefined) {
      for (const reading of one.readings) {
        this.#check(reading, `I/O ${one.io} of ${one.vm} read a block that is`);
      }
    } else if (one.kind === 'final') {
      this.#check(one.reading, `${blockName(one.lu, one.lba)} is`);
    }
  }

  #apply(one: Applied): void {
    this.#count++;
    const { fabric, nexus, oxId } = one;
    const frames = () => this.#index.framesOf(fabric, nexus.sId, oxId);
    const carried = this.#ledger.carriedBy(fabric, nexus.sId, oxId)?.record.io;
    const values = new Set<number>();
    for (const [i, reading] of one.readings.entries()) {
      this.#check(reading, `${blockName(one.lu, one.lba + i)} was written`, frames);
      if (reading.found === 'stamp') values.add(stampValue(reading));
    }
    if (values.size > 1) {
      this.#findings.add(
        `one command at LBA ${one.lba} brought ${[...values].map(describeValue).join(' and ')}`,
        frames(),
      );
    } else if (
      carried !== undefined &&
      (carried.op === 'write' || carried.op === 'compare-and-write')
    ) {
      const [value] = values;
      if (value === undefined || value === stampValue(carried)) return;
      this.#findings.add(
        `the exchange of I/O ${carried.io} of ${carried.vm} brought ${describeValue(value)} to LBA ${one.lba}`,
        frames(),
      );
    }
  }

  #check(reading: StampReading, what: string, frames: () => readonly number[] = () => []): void {
    if (reading.found === 'wrong' && reading.fault === 'torn') {
      this.#findings.add(`${what} ${reading.why}`, frames());
    }
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} writes, each in one piece`);
  }
}

/** I11: what is read is what was written, at the place where it was written. */
export class DataIsIntact implements InvariantObserver {
  readonly invariant = 'I11';
  readonly sentence = 'Every block carries its digest and its address unharmed from end to end';
  readonly needs: readonly ObservationKind[] = ['complete'];
  readonly hears: readonly ObservationKind[] = ['apply', 'complete', 'final'];
  readonly #findings = new Findings();
  #blocks = 0;

  observe(one: Observation): void {
    if (one.kind === 'complete') {
      for (const reading of one.readings ?? []) {
        this.#check(reading, () => `I/O ${one.io} of ${one.vm} read a block that`);
      }
    } else if (one.kind === 'apply') {
      for (const [i, reading] of one.readings.entries()) {
        this.#check(reading, () => `${blockName(one.lu, one.lba + i)} was written:`);
      }
    } else if (one.kind === 'final') {
      this.#check(one.reading, () => `${blockName(one.lu, one.lba)}:`);
    }
  }

  #check(reading: StampReading, what: () => string): void {
    if (reading.found === 'stamp') this.#blocks++;
    else if (reading.found === 'wrong' && reading.fault !== 'torn') {
      this.#findings.add(`${what()} ${reading.why}`);
    }
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#blocks,
      `${this.#blocks} stamped blocks, all unharmed and in their place`,
      'no block carried a digest',
    );
  }
}
