/**
 * One scenario twice: a Linux host on `serve`, and our host in the simulator. Adapter, fabric and
 * array say the same to each other, message by message, but for the differences listed here.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';
import { loginsOf } from '../support/messages.ts';

const VPORT = '20:01:52:54:00:aa:00:01';
const SCENARIO = {
  name: 'login',
  fabrics: [{ name: 'A', vlan: 0, zoning: 'none' }],
  hosts: [
    { name: 'h1', ports: ['A'] },
    { name: 'h2', ports: ['A'] },
  ],
  array: { ports: ['A'], luns: [{ name: 'data' }], masks: [{ for: VPORT, luns: { 0: 'data' } }] },
  vms: [{ name: 'vm1', host: 'h1', luns: ['data'], wwpns: { A: [VPORT] } }],
  move: { vm: 'vm1', to: 'h2', strategy: 'same-wwpn' },
};

/**
 * What is left out on both sides: every physical port of Linux is an initiator that looks for
 * targets and logs in with each port it hears of; those of our hypervisors are not, and there is a
 * second one in the scenario. RSCNs come when others log in, between any two messages.
 */
const isOfOthers = (message: string): boolean => / port$/.test(message) || message.includes('RSCN');

guestTest('a Linux login and a simulated one say the same', 240, async (lab) => {
  const scenario = `${lab.dir}/login.yaml`;
  const simulated = `${lab.dir}/simulated.pcapng`;
  writeFileSync(scenario, JSON.stringify(SCENARIO));
  const command = ['--import', 'tsx', 'src/cli/main.ts', 'move', scenario, '--pcap', simulated];
  execFileSync(process.execPath, command, { stdio: 'ignore' });

  const serve = await lab.serve({ scenario });
  const host = await lab.boot({ name: 'h1', cables: [{ connect: serve.socketPath }] });
  await host.ok('wait_online');
  await host.ok('vport_add 2001525400aa0001 && vport_disk 2001525400aa0001');
  await host.stop();
  await serve.stop();

  const linux = await loginsOf(serve.tapPath!, 'A.1', 'A.0');
  const ours = await loginsOf(simulated, 'h1.0-A', 'array.0-A');
  expect(linux.discovery).toEqual(['> solicitation', '< advertisement']);
  expect(ours.discovery).toEqual(linux.discovery);
  const spoken = (messages: readonly string[]) => messages.filter((one) => !isOfOthers(one));

  const [linuxPort, ourPort] = [linux.logins[0]!, ours.logins[0]!];
  const upToScr = spoken(ourPort.messages);
  expect(spoken(linuxPort.messages).slice(0, upToScr.length)).toEqual(upToScr);
  // What the physical port of Linux says as an initiator.
  expect(spoken(linuxPort.messages).slice(upToScr.length)).toEqual([
    '> GPN_FT to fffffc',
    '< CT_ACC GPN_FT from fffffc',
    '> PLOGI to array',
    '< LS_ACC PLOGI from array',
    '> PRLI to array',
    '< LS_ACC PRLI from array',
    '> RTV to array',
    '< LS_ACC RTV from array',
  ]);

  const [linuxVport, ourVport] = [linux.logins[1]!, ours.logins[1]!];
  // RTV is of Linux alone: our initiator takes the time-outs of its FLOGI for those of the target.
  const withoutRtv = spoken(linuxVport.messages).filter((one) => !one.includes('RTV'));
  expect(withoutRtv).toEqual(spoken(ourVport.messages));
  expect(withoutRtv).toHaveLength(22);
});
