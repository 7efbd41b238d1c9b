/** What a backup asks of a guest on its host: to hold its writes, to go on, and what it has changed. */
import type { HostAnswer, HostCommand } from './control.ts';
import type { VirtualMachine, VmHost } from './virtual-machine.ts';

/** The commands that a backup has for a guest. */
export type ProtectionCommand = Extract<
  HostCommand,
  { command: 'freeze' | 'thaw' | 'track' | 'changes' }
>;

/** Carries one out; `reply` is called once, perhaps later. */
export function protect(
  host: Pick<VmHost, 'emit'>,
  vm: VirtualMachine,
  command: ProtectionCommand,
  reply: (answer: HostAnswer) => void,
): void {
  switch (command.command) {
    case 'freeze':
      vm.freeze(command, (refusal) =>
        reply(
          refusal === undefined ? { ok: true, command: 'freeze' } : { ok: false, reason: refusal },
        ),
      );
      return;
    case 'thaw':
      reply({ ok: true, command: 'thaw', held: vm.thaw() });
      return;
    case 'track':
      vm.guest.maps?.begin(command.reference, vm.guest.workload);
      reply({ ok: true, command: 'track' });
      return;
    case 'changes': {
      const { luName, since, until } = command;
      const changed = vm.guest.maps?.since(luName, since);
      host.emit({ type: 'changed-blocks', keeper: 'host', luName, since, until, changed });
      reply({ ok: true, command: 'changes', changed });
    }
  }
}
