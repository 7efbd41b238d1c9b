/** A logical unit as a scan of one path found it. */
import type { ScannedLun } from '../../src/scsi/initiator/lun-scan.ts';

/** LUN 0, 64 blocks; `relativePort` and `group` are those of the target port. */
export const scannedUnit = (
  { luId, luName }: Pick<ScannedLun, 'luId' | 'luName'>,
  relativePort: number,
  group?: number,
): ScannedLun => ({
  lun: 0n,
  lunNumber: 0,
  luId,
  luName,
  blocks: 64,
  vendor: '',
  product: '',
  relativePort,
  group,
  access: undefined,
});
