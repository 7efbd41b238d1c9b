/**
 * What something costs in this process: `const took = stopwatch(); …; took().cpuNs`. Plain
 * JavaScript, for the contenders run without a compiler.
 */
export function stopwatch() {
  const cpu = process.cpuUsage();
  const wall = process.hrtime.bigint();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { cpuNs: (user + system) * 1000, wallNs: Number(process.hrtime.bigint() - wall) };
  };
}
