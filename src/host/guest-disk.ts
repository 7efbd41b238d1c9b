/** What a mover asks of a host for a guest's disk that goes along: to copy it, to copy the rest, or to leave it. */
import type { HostAnswer, HostCommand } from './control.ts';
import type { VirtualMachine } from './virtual-machine.ts';
import { VolumeWork } from './volume-work.ts';

/** The commands that a move has for a guest's disk. */
export type DiskCommand = Extract<
  HostCommand,
  { command: 'copy-disk' | 'finish-copy' | 'drop-copy' }
>;

/** Carries one out; `reply` is called once, perhaps much later. */
export function moveDisk(
  vm: VirtualMachine,
  command: DiskCommand,
  reply: (answer: HostAnswer) => void,
): void {
  const { workload } = vm.guest;
  if (!(workload instanceof VolumeWork)) {
    reply({ ok: false, reason: `${vm.name} has no volume that could be copied` });
    return;
  }
  const answer = (refusal: string | undefined): void =>
    reply(
      refusal === undefined
        ? { ok: true, command: command.command }
        : { ok: false, reason: `the disk of ${vm.name}: ${refusal}` },
    );
  switch (command.command) {
    case 'copy-disk':
      workload.movedDisk.copy(command.disk, answer);
      return;
    case 'finish-copy':
      workload.movedDisk.finish((refusal) => {
        vm.finished();
        answer(refusal);
      });
      vm.finish();
      return;
    case 'drop-copy':
      workload.movedDisk.drop();
      answer(undefined);
  }
}
