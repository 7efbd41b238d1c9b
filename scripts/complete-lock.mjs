// Enters into package-lock.json the optional packages of other platforms that npm left out.
//
// npm leaves a package out of the lock file when the registry it asked does not hold it, and `npm ci`
// then refuses the lock file on every platform. What such an entry needs (version, operating system,
// processor, C library) follows from the package that asks for it and from the name.
// Run it after a change of the dependencies; a test looks whether it was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);

const SYSTEMS = /^(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)$/;
const PROCESSORS = /^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)$/;
const C_LIBRARIES = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/** The platform that the end of a name stands for: `…-linux-arm64-musl`. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.test(word));
  const cpu = words.find((word) => PROCESSORS.test(word));
  if (os === undefined || cpu === undefined)
    throw new Error(`${name}: its name does not say for which platform it is`);
  const libc = os === 'linux' ? C_LIBRARIES[words.at(-1)] : undefined;
  return { os: [os], cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }) };
}

/** Whether a package in `folder` finds another one, there or in a folder further up. */
function finds(packages, folder, name) {
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf('/node_modules/'))) {
    if (packages[`${at}/node_modules/${name}`] !== undefined) return true;
    if (!at.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}

const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = { ...lock.packages };
for (const [folder, owner] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    if (finds(packages, folder, name)) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version))
      throw new Error(`${name}: ${version} is a range, so its version cannot be told`);
    const { os, cpu, libc } = platformOf(name);
    const beside = folder.slice(0, folder.lastIndexOf('node_modules/'));
    packages[`${beside}node_modules/${name}`] = {
      version,
      cpu,
      ...(owner.dev === true ? { dev: true } : {}),
      ...(libc === undefined ? {} : { libc }),
      license: owner.license,
      optional: true,
      os,
    };
    process.stdout.write(`${name}@${version}\n`);
  }
}
const byPath = ([a], [b]) => (a < b ? -1 : 1);
lock.packages = Object.fromEntries(Object.entries(packages).sort(byPath));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
