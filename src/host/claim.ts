/** A host asks that the target port group of a path become the optimized one. Source: SPC-5, SET TARGET PORT GROUPS. */
import { AccessState, cdb, ScsiStatus, setTargetPortGroupsList } from '../codecs/scsi/index.ts';
import { SECOND } from '../machine/machine.ts';
import type { Path } from '../scsi/initiator/multipath.ts';

const TIMEOUT_NS = 5 * SECOND;
/** Unit attentions that it lives through. */
const TRIES_MAX = 4;

/** Sends the command; `done` is called once, when it was carried out. A target that refuses keeps its states. */
export function claim(path: Path, done: () => void, turn = 1): void {
  const { group, lun, nexus } = path;
  if (group === undefined) return;
  const dataOut = setTargetPortGroupsList.encode({
    groups: [{ asymmetricAccessState: AccessState.ACTIVE_OPTIMIZED, targetPortGroup: group }],
  });
  const command = cdb.encode({
    kind: 'SET TARGET PORT GROUPS',
    parameterListLengthBytes: dataOut.length,
  });
  nexus.execute({
    lun,
    cdb: command,
    dataOut,
    timeoutNs: TIMEOUT_NS,
    onDone: (outcome) => {
      if (outcome.end !== 'answered') return;
      if (outcome.status === ScsiStatus.GOOD) done();
      else if (outcome.status === ScsiStatus.CHECK_CONDITION && turn < TRIES_MAX) {
        claim(path, done, turn + 1);
      }
    },
  });
}
